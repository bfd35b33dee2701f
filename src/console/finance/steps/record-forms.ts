import { istanbulDay } from '../../../calendar/istanbul-day.js';
import type { Kurus } from '../../../fees/kurus.js';
import type { QuarterNotice } from '../../../fees/quarter/read-notices.js';
import { type Parsed, parseCount, parseDay, parseLira } from '../../../fees/reconciliation/amounts.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Field, Part } from '../../frame/parts.js';
import { quarterPath } from '../quarter-words.js';
import { typedFault } from './typed-fault.js';
import { clearTextError } from './typed-text.js';

/** Fields of both forms have names of their own: both stand on one page. */
type NoticeField = 'bildirim-hesap' | 'bildirim-no' | 'bildirim-gun' | 'bildirim-sorgu' | 'bildirim-tutar';
type PaymentField = 'odeme-bildirim' | 'odeme-dekont' | 'odeme-gun' | 'odeme-tutar';

/** What was typed, and what is wrong with it. */
export interface TypedForm<Name extends string> {
  readonly values: Readonly<Partial<Record<Name, string>>>;
  readonly errors: Readonly<Partial<Record<Name, BothLanguages>>>;
}

/** Read soundly, or the form as it comes back. */
export type ReadForm<T, Name extends string> =
  | { readonly ok: true; readonly value: T; readonly values: TypedForm<Name>['values'] }
  | { readonly ok: false; readonly typed: TypedForm<Name> };

export interface TypedNotice {
  readonly account: string;
  readonly number: string;
  readonly dated: string;
  readonly queries: number;
  readonly amountKurus: Kurus;
}

export interface TypedPayment {
  readonly account: string;
  readonly noticeNumber: string;
  readonly reference: string;
  readonly paidOn: string;
  readonly amountKurus: Kurus;
}

const NUMBER_LENGTH = 100;
const NOTICE_FIELDS = [
  'bildirim-hesap',
  'bildirim-no',
  'bildirim-gun',
  'bildirim-sorgu',
  'bildirim-tutar',
] as const;
const PAYMENT_FIELDS = ['odeme-bildirim', 'odeme-dekont', 'odeme-gun', 'odeme-tutar'] as const;
const CHOOSE: BothLanguages = { tr: 'Listeden birini seçin.', en: 'Choose one of the list.' };

/** The notice as it was typed. `accounts`: those that it may be about. */
export function readNoticeForm(
  fields: FormFields,
  accounts: readonly string[],
  now: Date,
): ReadForm<TypedNotice, NoticeField> {
  const values = valuesOf(fields, NOTICE_FIELDS);
  const dated = pastDay(values['bildirim-gun'], now);
  const queries = said(parseCount(values['bildirim-sorgu']));
  const amount = said(parseLira(values['bildirim-tutar']));
  const errors = present({
    'bildirim-hesap': accounts.includes(values['bildirim-hesap']) ? null : CHOOSE,
    'bildirim-no': clearTextError(values['bildirim-no'], NUMBER_LENGTH, true),
    'bildirim-gun': dated.error,
    'bildirim-sorgu': queries.error,
    'bildirim-tutar': amount.error,
  });
  if (
    dated.value === null ||
    queries.value === null ||
    amount.value === null ||
    Object.keys(errors).length > 0
  )
    return { ok: false, typed: { values, errors } };
  const [account, number] = [values['bildirim-hesap'], values['bildirim-no']];
  return {
    ok: true,
    values,
    value: { account, number, dated: dated.value, queries: queries.value, amountKurus: amount.value },
  };
}

/** The payment as it was typed. `notices`: of the quarter; the form names one by its id, since numbers are anybody's text. */
export function readPaymentForm(
  fields: FormFields,
  notices: readonly QuarterNotice[],
  now: Date,
): ReadForm<TypedPayment, PaymentField> {
  const values = valuesOf(fields, PAYMENT_FIELDS);
  const notice = notices.find(({ notice: id }) => id === values['odeme-bildirim']);
  const paidOn = pastDay(values['odeme-gun'], now);
  const parsed = said(parseLira(values['odeme-tutar']));
  const amount =
    parsed.value === 0n
      ? { value: null, error: { tr: 'Ödeme sıfırdan büyük olmalı.', en: 'A payment is more than nothing.' } }
      : parsed;
  const errors = present({
    'odeme-bildirim': notice === undefined ? CHOOSE : null,
    'odeme-dekont': clearTextError(values['odeme-dekont'], NUMBER_LENGTH, true),
    'odeme-gun': paidOn.error,
    'odeme-tutar': amount.error,
  });
  if (
    notice === undefined ||
    paidOn.value === null ||
    amount.value === null ||
    Object.keys(errors).length > 0
  )
    return { ok: false, typed: { values, errors } };
  const { account, number: noticeNumber } = notice;
  return {
    ok: true,
    values,
    value: {
      account,
      noticeNumber,
      reference: values['odeme-dekont'],
      paidOn: paidOn.value,
      amountKurus: amount.value,
    },
  };
}

function valuesOf<Name extends string>(fields: FormFields, names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, fields.get(name)])) as Record<Name, string>;
}

interface SaidValue<T> {
  readonly value: T | null;
  readonly error: BothLanguages | null;
}

function said<T>(parsed: Parsed<T>): SaidValue<T> {
  if (parsed.ok) return { value: parsed.value, error: null };
  return { value: null, error: typedFault(parsed) };
}

function pastDay(text: string, now: Date): SaidValue<string> {
  const day = said(parseDay(text));
  if (day.value === null || day.value <= istanbulDay(now)) return day;
  return { value: null, error: { tr: 'Gün gelecekte olamaz.', en: 'The day must not be in the future.' } };
}

function present<Name extends string>(
  errors: Readonly<Record<Name, BothLanguages | null>>,
): Partial<Record<Name, BothLanguages>> {
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== null)) as Partial<
    Record<Name, BothLanguages>
  >;
}

const NOTHING_TYPED = { values: {}, errors: {} };

/** The form of the Interior Ministry’s notice. */
export function noticeForm(
  quarter: string,
  accounts: readonly string[],
  { errors, values }: TypedForm<NoticeField> = NOTHING_TYPED,
): Part {
  const text = fieldsWith(values, errors);
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/bildirim`,
    method: 'post',
    legend: { tr: 'İçişleri Bakanlığının bildirimini kaydet', en: 'Record the Interior Ministry’s notice' },
    fields: [
      {
        kind: 'select',
        name: 'bildirim-hesap',
        label: { tr: 'Hesap', en: 'Account' },
        required: true,
        value: values['bildirim-hesap'] ?? '',
        options: [
          { value: '', text: { tr: 'Seçin', en: 'Choose' } },
          ...accounts.map((account) => ({ value: account, text: account })),
        ],
        error: errors['bildirim-hesap'],
      },
      text(
        'bildirim-no',
        { tr: 'Yazı numarası', en: 'Number of the notice' },
        {
          tr: 'Aynı numarayla yeniden kaydetmek öncekini düzeltir.',
          en: 'Recording the same number again corrects what was recorded.',
        },
      ),
      text('bildirim-gun', { tr: 'Yazının tarihi', en: 'Date of the notice' }, DAY_HINT),
      text(
        'bildirim-sorgu',
        { tr: 'Bildirilen sorgu sayısı', en: 'Queries that it counts' },
        {
          tr: 'Örnek: 1.234',
          en: 'For example 1.234',
        },
      ),
      text('bildirim-tutar', { tr: 'İstenen tutar', en: 'Amount that it asks for' }, AMOUNT_HINT),
    ],
    submit: { tr: 'Bildirimi kaydet', en: 'Record the notice' },
  };
}

/** The form of a payment of one of `notices`. */
export function paymentForm(
  quarter: string,
  notices: readonly QuarterNotice[],
  { errors, values }: TypedForm<PaymentField> = NOTHING_TYPED,
): Part {
  const text = fieldsWith(values, errors);
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/odeme`,
    method: 'post',
    legend: { tr: 'Ödeme kaydet', en: 'Record a payment' },
    fields: [
      {
        kind: 'select',
        name: 'odeme-bildirim',
        label: { tr: 'Hangi bildirimin ödemesi', en: 'Of which notice' },
        required: true,
        value: values['odeme-bildirim'] ?? '',
        options: [
          { value: '', text: { tr: 'Seçin', en: 'Choose' } },
          ...notices.map(({ account, notice, number }) => ({ value: notice, text: `${account}: ${number}` })),
        ],
        error: errors['odeme-bildirim'],
      },
      text('odeme-dekont', { tr: 'Dekont ya da muhasebe numarası', en: 'Reference of the payment' }),
      text('odeme-gun', { tr: 'Ödeme günü', en: 'Paid on' }, DAY_HINT),
      text('odeme-tutar', { tr: 'Ödenen tutar', en: 'Amount paid' }, AMOUNT_HINT),
    ],
    submit: { tr: 'Ödemeyi kaydet', en: 'Record the payment' },
  };
}

const DAY_HINT: BothLanguages = { tr: 'Örnek: 22.11.2026', en: 'For example 22.11.2026' };
const AMOUNT_HINT: BothLanguages = { tr: 'Örnek: 1.234,56 TL', en: 'For example 1.234,56 TL' };

function fieldsWith<Name extends string>(
  values: TypedForm<Name>['values'],
  errors: TypedForm<Name>['errors'],
): (name: Name, label: BothLanguages, hint?: BothLanguages) => Field {
  return (name, label, hint) => ({
    kind: 'text',
    name,
    label,
    required: true,
    maxLength: NUMBER_LENGTH,
    value: values[name] ?? '',
    error: errors[name],
    ...(hint === undefined ? {} : { hint }),
  });
}

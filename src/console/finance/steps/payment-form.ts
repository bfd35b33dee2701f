import { formatTl, type Kurus } from '../../../fees/kurus.js';
import type { QuarterNotice, QuarterPayment } from '../../../fees/quarter/read-notices.js';
import { parseDay, parseLira } from '../../../fees/reconciliation/amounts.js';
import type { PaymentWish } from '../../../fees/reconciliation/record-payment.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Part } from '../../frame/parts.js';
import { quarterPath } from '../quarter-words.js';
import { CHOOSE } from '../settling-words.js';
import {
  AMOUNT_HINT,
  DAY_HINT,
  fieldsWith,
  NOTHING_TYPED,
  NUMBER_LENGTH,
  pastDay,
  present,
  type ReadForm,
  type SaidValue,
  said,
  type TypedForm,
  valuesOf,
} from './typed-form.js';
import { clearTextError } from './typed-text.js';

/** `odeme-duzelt` is hidden: the payment that the officer was told is corrected. */
type PaymentField = (typeof PAYMENT_FIELDS)[number];

const PAYMENT_FIELDS = [
  'odeme-bildirim',
  'odeme-dekont',
  'odeme-gun',
  'odeme-tutar',
  'odeme-duzelt',
] as const;

const CORRECT: BothLanguages = { tr: 'Ödemeyi düzelt', en: 'Correct a payment' };

/** What stands on the page of the form. */
export interface PaymentDesk {
  readonly quarter: string;
  readonly notices: readonly QuarterNotice[];
  readonly payments: readonly QuarterPayment[];
}

/**
 * The payment as it was typed. The form names a notice by its id, since numbers are anybody’s text. One that would correct another comes back
 * once, to say which: a reference is easily typed twice.
 */
export function readPaymentForm(
  fields: FormFields,
  { notices, payments, quarter }: PaymentDesk,
  now: Date,
): ReadForm<Omit<PaymentWish, 'officer'>, PaymentField> {
  const values = valuesOf(fields, PAYMENT_FIELDS);
  const notice = notices.find(({ notice: id }) => id === values['odeme-bildirim']);
  const reference = values['odeme-dekont'];
  const earlier = notice === undefined ? null : earlierOf(notice, reference, { notices, payments });
  const paidOn = pastDay(said(parseDay(values['odeme-gun'])), now);
  const amount = amountOf(said(parseLira(values['odeme-tutar'])), earlier);
  const errors = present({
    'odeme-bildirim': notice === undefined ? CHOOSE : null,
    'odeme-dekont': clearTextError(reference, NUMBER_LENGTH, true),
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
  const content = { paidOn: paidOn.value, amountKurus: amount.value };
  if (earlier !== null && earlier.payment !== values['odeme-duzelt'] && !isSame(earlier, content))
    return { ok: false, typed: correcting(values, earlier) };
  return { ok: true, values, value: { account, quarter, noticeNumber, reference, ...content } };
}

/** The payment that holds under a reference of a notice’s number, whichever row of the notice it was recorded for. */
function earlierOf(
  { account, number }: QuarterNotice,
  reference: string,
  { notices, payments }: Pick<PaymentDesk, 'notices' | 'payments'>,
): QuarterPayment | null {
  const rows = notices.filter((one) => one.account === account && one.number === number);
  const found = payments.find(
    (one) => one.holds && one.reference === reference && rows.some(({ notice }) => notice === one.notice),
  );
  return found ?? null;
}

function amountOf(amount: SaidValue<Kurus>, earlier: QuarterPayment | null): SaidValue<Kurus> {
  if (amount.value !== 0n || earlier !== null) return amount;
  return {
    value: null,
    error: {
      tr: 'Ödeme sıfırdan büyük olmalı. Sıfır yalnızca bu numarayla kayıtlı bir ödemeyi geri alır.',
      en: 'A payment is more than nothing. Nothing only takes back a payment that is recorded under this reference.',
    },
  };
}

type Content = Pick<QuarterPayment, 'paidOn' | 'amountKurus'>;

/** Refused by the rule, which says so. */
function isSame(earlier: Content, { amountKurus, paidOn }: Content): boolean {
  return earlier.amountKurus === amountKurus && (amountKurus === 0n || earlier.paidOn === paidOn);
}

function correcting(
  values: TypedForm<PaymentField>['values'],
  earlier: QuarterPayment,
): TypedForm<PaymentField> {
  const { tr, en } = paymentText(earlier);
  return {
    values: { ...values, 'odeme-duzelt': earlier.payment },
    errors: {
      'odeme-dekont': {
        tr: `Bu numarayla bir ödeme kayıtlı: ${tr}. Yeniden gönderirseniz o ödeme düzeltilir; başka bir ödemeyse numarasını değiştirin.`,
        en: `A payment is recorded under this reference: ${en}. Sent again, it corrects that one; another payment has another reference.`,
      },
    },
  };
}

/** `20,00 TL, 29.04.2024`: the payment as people tell it apart. */
export function paymentText({ amountKurus, paidOn }: Content): BothLanguages {
  const day = dayText(paidOn);
  return { tr: `${formatTl(amountKurus)}, ${day.tr}`, en: `${formatTl(amountKurus)} of ${day.en}` };
}

/** What corrects a payment, filled in with what is recorded. */
export function correctionOf(payment: QuarterPayment, { notices }: PaymentDesk): TypedForm<PaymentField> {
  const { account, amountKurus, notice, paidOn, payment: id, reference } = payment;
  const number = notices.find((one) => one.notice === notice)?.number;
  const last = notices.findLast((one) => one.account === account && one.number === number);
  return {
    values: {
      'odeme-bildirim': last?.notice ?? notice,
      'odeme-dekont': reference,
      'odeme-gun': dayText(paidOn).tr,
      'odeme-tutar': formatTl(amountKurus),
      'odeme-duzelt': id,
    },
    errors: {},
  };
}

/** The form of a payment of one of the notices. */
export function paymentForm(
  { notices, payments, quarter }: PaymentDesk,
  typed: TypedForm<PaymentField> = NOTHING_TYPED,
): readonly Part[] {
  const { errors, values } = typed;
  const text = fieldsWith(typed);
  const corrected = payments.find(({ holds, payment }) => holds && payment === values['odeme-duzelt']);
  return [
    ...(corrected === undefined ? [] : correctionParts(corrected)),
    {
      part: 'form',
      action: `${quarterPath(quarter)}/odeme`,
      method: 'post',
      legend: corrected === undefined ? { tr: 'Ödeme kaydet', en: 'Record a payment' } : CORRECT,
      ...(corrected === undefined ? {} : { hidden: { 'odeme-duzelt': corrected.payment } }),
      fields: [
        {
          kind: 'select',
          name: 'odeme-bildirim',
          label: { tr: 'Hangi bildirimin ödemesi', en: 'Of which notice' },
          required: true,
          value: values['odeme-bildirim'] ?? '',
          options: [
            { value: '', text: { tr: 'Seçin', en: 'Choose' } },
            ...notices.map(({ account, notice, number }) => ({
              value: notice,
              text: `${account}: ${number}`,
            })),
          ],
          error: errors['odeme-bildirim'],
        },
        text(
          'odeme-dekont',
          { tr: 'Dekont ya da muhasebe numarası', en: 'Reference of the payment' },
          {
            tr: 'Aynı numarayla yeniden kaydetmek öncekini düzeltir.',
            en: 'Recording the same reference again corrects what was recorded.',
          },
        ),
        text('odeme-gun', { tr: 'Ödeme günü', en: 'Paid on' }, DAY_HINT),
        text('odeme-tutar', { tr: 'Ödenen tutar', en: 'Amount paid' }, AMOUNT_HINT),
      ],
      submit:
        corrected === undefined
          ? { tr: 'Ödemeyi kaydet', en: 'Record the payment' }
          : { tr: 'Düzeltmeyi kaydet', en: 'Record the correction' },
    },
  ];
}

function correctionParts(payment: QuarterPayment): readonly Part[] {
  const { tr, en } = paymentText(payment);
  return [
    { part: 'heading', id: 'odeme', text: CORRECT },
    {
      part: 'notice',
      tone: 'warning',
      text: {
        tr: `Bu form kayıtlı bir ödemeyi düzeltir: ${tr}. Eski kayıt silinmez, yenisi geçerli olur; ödeme bizim değilse tutara 0 yazın.`,
        en: `This form corrects ${en}. The old record stays, the new one holds; where the payment was not ours the amount is 0.`,
      },
    },
  ];
}

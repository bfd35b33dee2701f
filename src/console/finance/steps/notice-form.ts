import { istanbulDay, quarterDays } from '../../../calendar/istanbul-day.js';
import { parseCount, parseDay, parseLira } from '../../../fees/reconciliation/amounts.js';
import type { NoticeWish } from '../../../fees/reconciliation/record-notice.js';
import { dayText } from '../../../pages/formatting.js';
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

/** Fields of both forms have names of their own: both stand on one page. */
type NoticeField = (typeof NOTICE_FIELDS)[number];

const NOTICE_FIELDS = [
  'bildirim-hesap',
  'bildirim-no',
  'bildirim-gun',
  'bildirim-sorgu',
  'bildirim-tutar',
] as const;

/** What stands on the page of the form. */
interface NoticeDesk {
  readonly quarter: string;
  /** Those that it may be about. */
  readonly accounts: readonly string[];
}

/** The notice as it was typed. */
export function readNoticeForm(
  fields: FormFields,
  { accounts, quarter }: NoticeDesk,
  now: Date,
): ReadForm<Omit<NoticeWish, 'officer'>, NoticeField> {
  const values = valuesOf(fields, NOTICE_FIELDS);
  const dated = noticeDay(pastDay(said(parseDay(values['bildirim-gun'])), now), quarter, now);
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
    value: {
      ...{ account, quarter, number },
      ...{ dated: dated.value, queries: queries.value, amountKurus: amount.value },
    },
  };
}

/** A notice is about what has been used: it is dated after the quarter. One that still runs is refused by the rule, whatever the day. */
function noticeDay(day: SaidValue<string>, quarter: string, now: Date): SaidValue<string> {
  const { to } = quarterDays(quarter);
  if (day.value === null || day.value >= to || to > istanbulDay(now)) return day;
  const first = dayText(to);
  return {
    value: null,
    error: {
      tr: `Bildirim çeyrek bittikten sonra yazılır: en erken ${first.tr}.`,
      en: `A notice is written once the quarter is over: ${first.en} at the earliest.`,
    },
  };
}

/** The form of the Interior Ministry’s notice. */
export function noticeForm(
  { accounts, quarter }: NoticeDesk,
  typed: TypedForm<NoticeField> = NOTHING_TYPED,
): Part {
  const { errors, values } = typed;
  const text = fieldsWith(typed);
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

import { addDays } from '../../../calendar/add-days.js';
import {
  isQuarter,
  istanbulDay,
  istanbulQuarter,
  quarterDays,
  quarterOfDay,
} from '../../../calendar/istanbul-day.js';
import { dayCount } from '../../../fees/ahead/compared-period.js';
import { type Parsed, parseDay } from '../../../fees/reconciliation/amounts.js';
import type { BothLanguages } from '../../../pages/views.js';
import { typedFault } from '../steps/typed-fault.js';

/** Half-open days that the page shows. `quarter`: they are those of this one; null: a range. */
export interface ShownRange {
  readonly from: string;
  readonly to: string;
  readonly quarter: string | null;
}

/** What is wrong with what was typed, by field. */
export interface RangeErrors {
  readonly bas?: BothLanguages;
  readonly son?: BothLanguages;
}

export type AskedRange =
  | { readonly ok: true; readonly value: ShownRange }
  | { readonly ok: false; readonly errors: RangeErrors };

/** As many points as a chart has. */
const MAX_DAYS = 400;
const CENTURY = /^20/;

/**
 * What `?ceyrek=` or `?bas=&son=` ask for; people say the last day, the book the day after it. Without either the quarter that runs, up to today.
 * Null: no such quarter, or one to come.
 */
export function askedRange(query: URLSearchParams, now: Date): AskedRange | null {
  const [first, last] = [query.get('bas')?.trim() ?? '', query.get('son')?.trim() ?? ''];
  if (first !== '' || last !== '') return askedDays(first, last, istanbulDay(now));
  const running = istanbulQuarter(now);
  const quarter = query.get('ceyrek') ?? running;
  if (!CENTURY.test(quarter) || !isQuarter(quarter) || quarter > running) return null;
  const { from, to } = quarterDays(quarter);
  return { ok: true, value: { from, to: quarter === running ? addDays(istanbulDay(now), 1) : to, quarter } };
}

function askedDays(first: string, last: string, today: string): AskedRange {
  const son = last === '' ? { ok: true as const, value: today } : dayOf(last);
  const bas =
    first !== ''
      ? dayOf(first)
      : { ok: true as const, value: son.ok ? quarterDays(quarterOfDay(son.value)).from : today };
  if (!bas.ok || !son.ok)
    return {
      ok: false,
      errors: { ...(bas.ok ? {} : { bas: typedFault(bas) }), ...(son.ok ? {} : { son: typedFault(son) }) },
    };
  const days = { from: bas.value, to: addDays(son.value, 1) };
  if (son.value < bas.value)
    return wrongEnd({ tr: 'Son gün ilk günden önce olamaz.', en: 'The last day is before the first.' });
  if (dayCount(days) > MAX_DAYS)
    return wrongEnd({
      tr: `En çok ${MAX_DAYS} gün gösterilir; daha uzun dönemler için cetvel dosyası alın.`,
      en: `At most ${MAX_DAYS} days are shown; take a statement file for longer periods.`,
    });
  return { ok: true, value: { ...days, quarter: null } };
}

function dayOf(text: string): Parsed<string> {
  const day = parseDay(text);
  if (!day.ok || CENTURY.test(day.value)) return day;
  return { ok: false, problem: 'is outside this century', tr: 'bu yüzyılın dışında' };
}

function wrongEnd(son: BothLanguages): AskedRange {
  return { ok: false, errors: { son } };
}

import type { Parsed } from './parsed.js';

/** A birth date as the register holds it: the day, or month and day, may be unknown (`null`). No day without a month. */
export interface PartialDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}

export type PartialDateProblem = 'format' | 'not-a-date' | 'future' | 'too-old';

/** Nobody alive or recorded with a number was born before; a smaller year is a slip of the hand. */
const FIRST_YEAR = 1850;
const FORM = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/**
 * Reads `YYYY-MM-DD`, with `00` for unknown parts: `1950-00-00`, `1950-06-00` (CONTRACT §4). `today` is the date
 * `YYYY-MM-DD` in Europe/Istanbul; a date of which every possible day lies after it is `future`.
 * Throws RangeError where `today` itself is not a whole date: that is the program's mistake, not the caller's.
 */
export function parsePartialDate(text: unknown, today: string): Parsed<PartialDate, PartialDateProblem> {
  if (partsOf(today)?.day == null) throw new RangeError('today must be a date YYYY-MM-DD');
  if (typeof text !== 'string' || !FORM.test(text)) return { ok: false, problem: 'format' };
  const value = partsOf(text);
  if (value === null) return { ok: false, problem: 'not-a-date' };
  if (value.year < FIRST_YEAR) return { ok: false, problem: 'too-old' };
  // `00` sorts before every month and day, so the order of the texts is the order of the earliest possible days.
  if (text > today) return { ok: false, problem: 'future' };
  return { ok: true, value };
}

/** The notation that `parsePartialDate` reads. */
export function formatPartialDate(date: PartialDate): string {
  return `${padded(date.year, 4)}-${padded(date.month ?? 0, 2)}-${padded(date.day ?? 0, 2)}`;
}

/** True where all parts are equal: an unknown part equals only an unknown part (m.9(3): exact, no wildcard). */
export function samePartialDate(a: PartialDate, b: PartialDate): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day;
}

function partsOf(text: string): PartialDate | null {
  const [, yyyy, mm, dd] = FORM.exec(text) ?? [];
  if (yyyy === undefined) return null;
  const year = Number(yyyy);
  const month = Number(mm);
  const day = Number(dd);
  if (month === 0) return day === 0 ? { year, month: null, day: null } : null;
  if (month > 12 || day > daysIn(year, month)) return null;
  return { year, month, day: day === 0 ? null : day };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

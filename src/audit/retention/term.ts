import { addDays } from '../../calendar/add-days.js';
import { istanbulDay, istanbulYear } from '../../calendar/istanbul-day.js';

/** Days in which a person's request must be answered (facts/fees-and-records.md §2; KVKK m.13). */
const ANSWER_DAYS = 30;
/** Years for which records of destruction are kept (facts/fees-and-records.md §2). */
const RECORD_YEARS = 3;

const DAY_MS = 86_400_000;

/** The last year whose data have fallen due at `now` under a term of `years` whole years after the year of an entry. */
export function lastDueYear(now: Date, years: number): number {
  return istanbulYear(now) - years - 1;
}

/** The day (Europe/Istanbul, `YYYY-MM-DD`) on which data of `year` fall due: the first day after `years` whole years. */
export function dueDay(year: number, years: number): string {
  return `${String(year + years + 1).padStart(4, '0')}-01-01`;
}

/** The day until which a record of destruction made at `now` is kept. */
export function recordKeptUntil(now: Date): string {
  const day = istanbulDay(now);
  // 29 February has no such day in most years; the day after is never too early.
  const monthAndDay = day.slice(5) === '02-29' ? '03-01' : day.slice(5);
  return `${Number(day.slice(0, 4)) + RECORD_YEARS}-${monthAndDay}`;
}

/** The day by which a request received on `day` must be answered; `days`: the institution's own term, where it has a shorter one. */
export function answerDueBy(day: string, days = ANSWER_DAYS): string {
  return addDays(day, days);
}

/**
 * Whether a periodic run is due: never run, `everyDays` gone, or another year begun in Istanbul, since terms end on 1 January.
 * A last run that lies in the future (a clock was set back) counts by its distance.
 */
export function isRunDue(lastRunAt: Date | null, everyDays: number, now: Date): boolean {
  if (lastRunAt === null || istanbulYear(lastRunAt) !== istanbulYear(now)) return true;
  return Math.abs(now.getTime() - lastRunAt.getTime()) >= everyDays * DAY_MS;
}

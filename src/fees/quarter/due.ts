import { quarterDays } from '../../calendar/istanbul-day.js';

/** When a quarter is to be paid: `due` by the rule, `payBy` the next working day where `due` is none. Days, `YYYY-MM-DD`. */
export interface DueDays {
  readonly due: string;
  readonly payBy: string;
}

/** Whole days on which nobody works, `MM-DD` (Law 2429 m.1-2). The two religious ones move: they stand in the settings. */
const FIXED_HOLIDAYS: ReadonlySet<string> = new Set([
  '01-01',
  '04-23',
  '05-01',
  '05-19',
  '07-15',
  '08-30',
  '10-29',
]);
/** All holidays that the settings can hold (500), one after the other, with the weekends between. */
const MAX_DAYS = 1_000;
const DAY_MS = 86_400_000;

/**
 * When a quarter is to be paid (facts/fees-and-records.md §1: by the end of the month that follows the period). `holidays`: those of no fixed
 * date, `YYYY-MM-DD`. Pure. Errors: `RangeError` where it is no quarter, or no working day follows.
 */
export function dueOf(quarter: string, holidays: readonly string[]): DueDays {
  const [year = 0, month = 0] = quarterDays(quarter).to.split('-').map(Number);
  // Day 0 of a month is the last one of the month before it.
  const due = new Date(Date.UTC(year, month, 0));
  for (let i = 0; i < MAX_DAYS; i += 1) {
    const day = new Date(due.getTime() + i * DAY_MS);
    if (isWorkingDay(dayText(day), holidays)) return { due: dayText(due), payBy: dayText(day) };
  }
  throw new RangeError('no working day');
}

/** Whether people work on a day: neither a weekend nor a whole holiday. `holidays`: those of no fixed date. Pure. */
export function isWorkingDay(day: string, holidays: readonly string[]): boolean {
  const isWeekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  return !isWeekend && !FIXED_HOLIDAYS.has(day.slice(5)) && !holidays.includes(day);
}

function dayText(day: Date): string {
  return day.toISOString().slice(0, 10);
}

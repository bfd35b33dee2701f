import { parsePartialDate } from '../../src/person/partial-date.js';

/** True for a whole calendar date `YYYY-MM-DD` (years 1850 to 9999; no unknown parts). */
export function isDay(text: unknown): text is string {
  const date = parsePartialDate(text, '9999-12-31');
  return date.ok && date.value.day !== null;
}

/** The day `days` after `day` (before, where negative), by the Gregorian calendar and no time zone. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The same day `years` later (29 February becomes 1 March where there is none). */
export function addYears(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}

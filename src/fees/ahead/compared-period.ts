import { addDays } from '../../calendar/add-days.js';
import { previousQuarter, quarterDays, quarterOfDay } from '../../calendar/istanbul-day.js';

/** Half-open days, Europe/Istanbul. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

/** How many days. */
export function dayCount({ from, to }: Days): number {
  // Bare days are counted in UTC, where each has 24 hours.
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/**
 * What a period is held against: the same days of the quarter before, cut off at its end (it may be shorter); a period that goes beyond one
 * quarter against as many days right before it. Pure.
 */
export function comparedPeriod(period: Days): Days {
  const quarter = quarterOfDay(period.from);
  const whole = quarterDays(quarter);
  if (period.to > whole.to) return { from: addDays(period.from, -dayCount(period)), to: period.from };
  const before = quarterDays(previousQuarter(quarter));
  const from = addDays(before.from, dayCount({ from: whole.from, to: period.from }));
  const to = addDays(from, dayCount(period));
  // The last days of a longer quarter have none before them.
  return { from: earlier(from, before.to), to: earlier(to, before.to) };
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** The later of two days. */
export function laterDay(a: string, b: string): string {
  return a < b ? b : a;
}

import { quarterDays } from '../../src/calendar/istanbul-day.js';

/** The quarter of every filled book: over, and late enough ago that it takes no more outcomes. */
export const QUARTER = '2026-Q3';

const { from, to } = quarterDays(QUARTER);
/** Days of the quarter. */
export const DAYS = (Date.parse(to) - Date.parse(from)) / 86_400_000;
/** Sorts of lines on one day, at the most: who, where, for what, how it ended. A large book has more lines of each, not more of them. */
const MOST_SORTS = 400;

/** A book of `queries` lines, each at an odd leaf, as if its intent stood before it. */
export interface BookSize {
  readonly queries: number;
  readonly sortsPerDay: number;
}

/** As many sorts as the smaller of two books holds twice over on each day, so that both have the same rows of sums. */
export function sortsFor(smallest: number): number {
  return Math.max(1, Math.min(MOST_SORTS, Math.floor(smallest / DAYS / 2)));
}

/** Leaves of the log that such a book rests on. */
export function leavesOf({ queries }: BookSize): number {
  return 2 * queries;
}

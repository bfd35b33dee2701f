import type { ReadEntry } from '../../audit/check/line-check.js';
import { nextQuarter } from '../../calendar/istanbul-day.js';

/** Between these leaves a quarter took no more lines. `reopened` null: to this day. */
export interface Freeze {
  readonly quarter: string;
  readonly frozen: bigint;
  readonly reopened: bigint | null;
}

/** Outcomes at leaves between `from` and `to`, both exclusive, of queries sent in `quarter` are billed in `billed`. */
export interface BilledSpan {
  readonly quarter: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly billed: string;
}

/** Beyond every leaf there will be. */
const END = 2n ** 62n;
/** Quarters in a row that were frozen at once: a hundred years. */
const MAX_QUARTERS = 400;

/** The quarter in which the line of an outcome at `leaf` is billed, that was sent in `quarter`. */
export function billedAt(freezes: readonly Freeze[], quarter: string, leaf: bigint): string {
  let billed = quarter;
  for (let i = 0; i < MAX_QUARTERS; i += 1) {
    const isFrozen = freezes.some(
      (one) => one.quarter === billed && one.frozen < leaf && (one.reopened === null || one.reopened > leaf),
    );
    if (!isFrozen) return billed;
    billed = nextQuarter(billed);
  }
  throw new RangeError('a hundred years of frozen quarters');
}

/** Where lines are billed elsewhere than in the quarter that they were sent in; told without the function in the database. */
export function billedSpans(freezes: readonly Freeze[]): readonly BilledSpan[] {
  const marks = [...new Set(freezes.flatMap(({ frozen, reopened }) => [frozen, reopened ?? END]))];
  const turns = [...marks, END].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...new Set(freezes.map(({ quarter }) => quarter))].flatMap((quarter) =>
    turns.flatMap((from, i) => {
      const to = turns[i + 1];
      // Leaves of the freezes themselves are no outcomes: what lies between two turns has one answer.
      if (to === undefined || to - from < 2n) return [];
      const billed = billedAt(freezes, quarter, from + 1n);
      return billed === quarter ? [] : [{ quarter, from, to, billed }];
    }),
  );
}

/** What entries said of freezes, in the order of the log. */
export interface FreezesTold {
  readonly all: Freeze[];
}

export function nothingFrozen(): FreezesTold {
  return { all: [] };
}

/** Takes an entry about closing in; others it leaves alone. */
export function rememberFreeze({ data, kind, leaf }: ReadEntry, { all }: FreezesTold): void {
  if (kind === 'fees.quarter-frozen') {
    all.push({ quarter: String(data.quarter), frozen: leaf, reopened: null });
  } else if (kind === 'fees.quarter-reopened') {
    const place = all.findLastIndex((one) => one.quarter === data.quarter && one.reopened === null);
    const open = all[place];
    if (open !== undefined) all[place] = { ...open, reopened: leaf };
  }
}

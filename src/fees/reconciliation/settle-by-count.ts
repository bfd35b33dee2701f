/** How it is known whether they counted an unknown outcome (`fees.unknown-settled`). */
type SettledBy = 'late-outcome' | 'all' | 'count';

/**
 * An unknown outcome of a difference, in the order of sending. `late`: what an answer that came late says about its being counted; null
 * where none came. `settled`: what was decided already; null where nothing was.
 */
export interface Unsettled {
  readonly query: string;
  readonly late: boolean | null;
  readonly settled: { readonly counted: boolean } | null;
}

/** What becomes of one of them. */
export interface Settlement {
  readonly query: string;
  readonly counted: boolean;
  readonly by: SettledBy;
}

/**
 * Which unknown outcomes their count holds: of all of them exactly `fewer` are not counted, as far as there are so many. Late answers speak
 * first; then all are alike, or the earliest are the counted ones. Their count binds: where late answers say otherwise, it wins. What was
 * settled before is neither changed nor answered, so that a run that was cut off goes on to the same end. Pure.
 */
export function settleByCount(unknowns: readonly Unsettled[], fewer: number): readonly Settlement[] {
  const open = unknowns.filter(({ settled }) => settled === null);
  const gone = unknowns.filter(({ settled }) => settled?.counted === false).length;
  // Who is dropped first: refused by a late answer, then without one (the latest first), then answered late.
  const rank = ({ late }: Unsettled) => (late === false ? 0 : late === null ? 1 : 2);
  const order = open
    .map((one, place) => ({ one, place }))
    .sort((a, b) => rank(a.one) - rank(b.one) || b.place - a.place);
  const dropped = new Set(order.slice(0, Math.max(0, fewer - gone)).map(({ one }) => one.query));
  const isCounted = ({ query, settled }: Unsettled) => settled?.counted ?? !dropped.has(query);
  const silent = unknowns.filter(({ late }) => late === null);
  const isAlike = new Set(silent.map(isCounted)).size === 1;
  return open.map((one) => {
    const counted = isCounted(one);
    if (one.late !== null)
      return { query: one.query, counted, by: one.late === counted ? 'late-outcome' : 'count' };
    return { query: one.query, counted, by: isAlike ? 'all' : 'count' };
  });
}

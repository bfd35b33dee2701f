/** What an account may spend in a quarter; null: not limited by it. At `stopAtPercent` of either no further query leaves. */
export interface Budget {
  readonly quarterKurus: number | null;
  readonly quarterQueries: number | null;
  readonly stopAtPercent: number;
}

/** To how many percent the stop was lifted, null altogether; null where nobody lifted it. */
export type StopLift = { readonly toPercent: number | null } | null;

/** What an account has used of a quarter. `open`: queries under way, each counted as if it will cost. */
export interface AccountUse {
  readonly queries: bigint;
  readonly amountKurus: bigint;
  readonly open: bigint;
  readonly lift: StopLift;
}

/** An account without any use. */
export const NO_USE: AccountUse = { queries: 0n, amountKurus: 0n, open: 0n, lift: null };

/** Percent at which the stop stands; null where it was lifted altogether. */
export function stopPercent(budget: Budget, lift: StopLift): number | null {
  if (lift === null) return budget.stopAtPercent;
  return lift.toPercent === null ? null : Math.max(budget.stopAtPercent, lift.toPercent);
}

/**
 * Whether one more query at `priceKurus` would go beyond the stop. Exact under the counters' lock: what is under way is counted at the
 * same price, so that no number of parallel calls gets past it.
 */
export function isStopped(budget: Budget, use: AccountUse, priceKurus: number): boolean {
  const percent = stopPercent(budget, use.lift);
  if (percent === null) return false;
  const over = (limit: number | null, after: bigint) =>
    limit !== null && after * 100n > BigInt(limit) * BigInt(percent);
  const more = use.open + 1n;
  return (
    over(budget.quarterKurus, use.amountKurus + more * BigInt(priceKurus)) ||
    over(budget.quarterQueries, use.queries + more)
  );
}

import { type AccountUse, type Budget, isStopped, stopPercent } from './stop.js';

/** Of the stop; from here on somebody should look. */
const NEAR_PERCENT = 80n;

/**
 * How far a budget is used up in the quarter that runs. Percents are whole, rounded down. `stopPercent` null: the stop was lifted
 * altogether. `near`: from 80 % of where it stands on.
 */
export interface BudgetState {
  readonly state: 'none' | 'below' | 'near' | 'stopped';
  readonly quarterKurus: number | null;
  readonly quarterQueries: number | null;
  /** Of the money, and of the queries, those under way included; null where that is not limited. */
  readonly percentKurus: number | null;
  readonly percentQueries: number | null;
  readonly stopAtPercent: number | null;
  readonly stopPercent: number | null;
  readonly lifted: boolean;
}

const NO_BUDGET: BudgetState = {
  state: 'none',
  quarterKurus: null,
  quarterQueries: null,
  percentKurus: null,
  percentQueries: null,
  stopAtPercent: null,
  stopPercent: null,
  lifted: false,
};

/** Where a budget stands; `priceKurus`: of one more query. Pure. */
export function budgetState(budget: Budget | null, use: AccountUse, priceKurus: number): BudgetState {
  if (budget === null) return NO_BUDGET;
  const { quarterKurus, quarterQueries, stopAtPercent } = budget;
  const money = use.amountKurus + use.open * BigInt(priceKurus);
  const percent = (used: bigint, limit: number | null) =>
    limit === null ? null : Number((used * 100n) / BigInt(limit));
  const stop = stopPercent(budget, use.lift);
  const nearAt = BigInt(stop ?? stopAtPercent) * NEAR_PERCENT;
  const isNear = (used: bigint, limit: number | null) =>
    limit !== null && used * 10_000n >= BigInt(limit) * nearAt;
  const queries = use.queries + use.open;
  const near = isNear(money, quarterKurus) || isNear(queries, quarterQueries);
  return {
    state: isStopped(budget, use, priceKurus) ? 'stopped' : near ? 'near' : 'below',
    quarterKurus,
    quarterQueries,
    percentKurus: percent(money, quarterKurus),
    percentQueries: percent(queries, quarterQueries),
    stopAtPercent,
    stopPercent: stop,
    lifted: use.lift !== null,
  };
}

import { istanbulQuarter, quarterBounds } from '../calendar/istanbul-day.js';
import { Refusal } from '../errors/refusal.js';
import { readUses } from '../fees/ahead/read-uses.js';
import { type AccountUse, isStopped, NO_USE } from '../fees/ahead/stop.js';
import type { Transaction } from '../storage/database.js';
import type { AllowedQuery } from './decide-query.js';

/**
 * The soft stop of budgets, for the queries of a batch in their order, under `lockCounters`: who would go beyond it gets its refusal,
 * by place. Accounts without a budget cost nothing here.
 */
export async function requireBudgets(
  tx: Transaction,
  queries: readonly AllowedQuery[],
  now: Date,
): Promise<ReadonlyMap<number, Refusal>> {
  const refusals = new Map<number, Refusal>();
  const limited = [
    ...new Set(queries.flatMap(({ account }) => (account.budget === null ? [] : [account.id]))),
  ];
  if (limited.length === 0) return refusals;
  const quarter = istanbulQuarter(now);
  const uses = new Map<string, AccountUse>(await readUses(tx, limited.sort(), quarter));
  queries.forEach(({ account, price }, place) => {
    if (account.budget === null) return;
    const use = uses.get(account.id) ?? NO_USE;
    if (isStopped(account.budget, use, price.unitPriceKurus)) refusals.set(place, stopped(quarter, now));
    else uses.set(account.id, { ...use, open: use.open + 1n });
  });
  return refusals;
}

/** The stop ends by itself with the quarter. */
function stopped(quarter: string, now: Date): Refusal {
  const retryAfterS = Math.ceil((quarterBounds(quarter).to.getTime() - now.getTime()) / 1000);
  return new Refusal('BUDGET_STOP', { reason: 'budget-reached', retryAfterS });
}

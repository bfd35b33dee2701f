import { istanbulDay, istanbulQuarter } from '../../calendar/istanbul-day.js';
import type { BridgeConfig } from '../../config/schema.js';
import { type BudgetState, budgetState } from '../../fees/ahead/budget-state.js';
import { readUses } from '../../fees/ahead/read-uses.js';
import { NO_USE } from '../../fees/ahead/stop.js';
import { feeClassOn } from '../../fees/fee-class.js';
import { formatCount, formatTl } from '../../fees/kurus.js';
import { readSwitches } from '../../fees/tariff/read-switches.js';
import { unitPriceOn } from '../../fees/tariff/tariff.js';
import type { Queryable } from '../../storage/database.js';

/** Where the budget of an account stands in the quarter that runs. */
export interface AccountBudget extends BudgetState {
  readonly account: string;
  readonly quarter: string;
}

/** Accounts that have a budget, in the order of the settings. Errors: `RangeError` where there is no price today. */
export async function readBudgets(
  { accounts, fees, kps }: BridgeConfig,
  db: Queryable,
  now: Date,
): Promise<readonly AccountBudget[]> {
  const [today, quarter] = [istanbulDay(now), istanbulQuarter(now)];
  const limited = accounts.filter(({ budget }) => budget !== null);
  if (limited.length === 0) return [];
  const switches = await readSwitches(db);
  const uses = await readUses(
    db,
    limited.map(({ id }) => id),
    quarter,
  );
  return limited.map((account) => {
    const { unitPriceKurus } = unitPriceOn(
      switches,
      fees.inputs,
      feeClassOn(account, today),
      kps.service,
      today,
    );
    const use = uses.get(account.id) ?? NO_USE;
    return { account: account.id, quarter, ...budgetState(account.budget, use, unitPriceKurus) };
  });
}

/** `61 % of 1.000,00 TL, 40 % of 5.000 queries; stops at 100 %`. */
export function budgetLine(state: AccountBudget): string {
  const { lifted, percentKurus, percentQueries, quarterKurus, quarterQueries, stopPercent } = state;
  const used = [
    quarterKurus === null ? null : `${percentKurus} % of ${formatTl(BigInt(quarterKurus))}`,
    quarterQueries === null ? null : `${percentQueries} % of ${formatCount(quarterQueries)} queries`,
  ].filter((part) => part !== null);
  const stop = stopPercent === null ? 'no stop' : `stops at ${stopPercent} %`;
  return `${used.join(', ')}; ${stop}${lifted ? ' (lifted)' : ''}`;
}

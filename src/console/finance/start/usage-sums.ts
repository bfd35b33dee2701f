import type { DayUse } from '../../../fees/ahead/forecast.js';
import type { AccountUsage, Usage, Use } from '../../../fees/ahead/usage.js';
import { addKurus, NOTHING } from '../../../fees/kurus.js';

/** All accounts together. `forecast` null: of no account enough days are over. `budgetKurus` null: some paying account has none. */
export interface UsageSums {
  readonly days: readonly DayUse[];
  readonly compared: Use;
  readonly used: Use;
  readonly forecast: Use | null;
  /** Accounts of which too few days are over, so that the forecast has what they used alone. */
  readonly unforeseen: readonly string[];
  readonly budgetKurus: bigint | null;
}

const NO_USE: Use = { queries: 0, units: 0, amountKurus: NOTHING };

/** Adds up what is shown of all accounts; each sum is one of the book's. Pure. */
export function usageSums({ accounts }: Pick<Usage, 'accounts'>): UsageSums {
  const foreseen = accounts.filter(({ quarter }) => quarter.forecast.basis !== 'too-few-days');
  return {
    days: daysOf(accounts),
    compared: added(accounts.map(({ compared }) => compared)),
    used: added(accounts.map(({ quarter }) => quarter.used)),
    forecast:
      foreseen.length === 0
        ? null
        : added(
            accounts.map(({ quarter: { forecast, used } }) =>
              forecast.basis === 'too-few-days' ? used : forecast,
            ),
          ),
    unforeseen: accounts
      .filter((one) => !foreseen.includes(one) && one.quarter.used.queries > 0)
      .map(({ account }) => account),
    budgetKurus: budgetOf(accounts),
  };
}

function added(uses: readonly Use[]): Use {
  return uses.reduce(plus, NO_USE);
}

function plus(a: Use, b: Use): Use {
  return {
    queries: a.queries + b.queries,
    units: a.units + b.units,
    amountKurus: addKurus(a.amountKurus, b.amountKurus),
  };
}

function daysOf(accounts: readonly AccountUsage[]): readonly DayUse[] {
  const found = new Map<string, DayUse>();
  for (const { days } of accounts)
    for (const one of days) found.set(one.day, { day: one.day, ...plus(found.get(one.day) ?? NO_USE, one) });
  return [...found.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Of all accounts that pay: a limit for some of them says nothing of the whole. */
function budgetOf(accounts: readonly AccountUsage[]): bigint | null {
  const paying = accounts.filter(({ feeClass }) => feeClass !== 'outside');
  const limits = paying.map(({ quarter }) => quarter.budget.quarterKurus);
  if (limits.length === 0 || limits.includes(null)) return null;
  return limits.reduce<bigint>((sum, one) => sum + BigInt(one ?? 0), 0n);
}

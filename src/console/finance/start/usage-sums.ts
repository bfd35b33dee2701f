import type { DayUse, Forecast } from '../../../fees/ahead/forecast.js';
import type { AccountUsage, Moved, Usage, Use } from '../../../fees/ahead/usage.js';
import { addKurus, NOTHING } from '../../../fees/kurus.js';

/** All accounts together. `forecast` null: of no account enough days are over. `budgetKurus` null: some paying account has none. */
export interface UsageSums {
  /** By the day sent. */
  readonly days: readonly DayUse[];
  /** What is shown as the whole: of a quarter what is billed in it, of days what was sent on them. */
  readonly total: Use;
  /** Of the days: billed in another quarter. Of a quarter, what is billed in it and was sent on other days; empty where days are shown. */
  readonly billedElsewhere: readonly Moved[];
  readonly sentElsewhere: readonly Moved[];
  readonly compared: Use;
  readonly used: Use;
  readonly forecast: Use | null;
  /** Accounts of which too few days are over, so that the forecast of all has what they used alone. */
  readonly unforeseen: readonly string[];
  /** Of the account without a forecast that is nearest to one; null where there is none without. */
  readonly nearest: TooFewDays | null;
  readonly budgetKurus: bigint | null;
}

const NO_USE: Use = { queries: 0, units: 0, amountKurus: NOTHING };

/** Days that are over of those that a forecast needs. */
export type TooFewDays = Extract<Forecast, { basis: 'too-few-days' }>;

/** What counts of an account: where a quarter is shown what is billed in it, else what was sent on the days. */
export function countedUse(one: AccountUsage): Use {
  return one.billed?.use ?? one;
}

/** Adds up what is shown of all accounts; each sum is one of the book's. Pure. */
export function usageSums({
  accounts,
  billedTotal,
  total,
}: Pick<Usage, 'accounts' | 'billedTotal' | 'total'>): UsageSums {
  const foreseen = accounts.filter(({ quarter }) => quarter.forecast.basis !== 'too-few-days');
  return {
    days: daysOf(accounts),
    total: billedTotal ?? total,
    billedElsewhere: movedOf(accounts.flatMap(({ billedElsewhere }) => billedElsewhere)),
    sentElsewhere: movedOf(accounts.flatMap(({ billed }) => billed?.sentElsewhere ?? [])),
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
    nearest: nearestOf(accounts),
    budgetKurus: budgetOf(accounts),
  };
}

function nearestOf(accounts: readonly AccountUsage[]): TooFewDays | null {
  return accounts.reduce<TooFewDays | null>((most, { quarter: { forecast } }) => {
    if (forecast.basis !== 'too-few-days') return most;
    return most === null || forecast.days > most.days ? forecast : most;
  }, null);
}

/** Of all accounts together, by the two quarters. */
function movedOf(moved: readonly Moved[]): readonly Moved[] {
  const found = new Map<string, Moved>();
  for (const one of moved) {
    const key = `${one.ofQuarter} ${one.quarter}`;
    const { ofQuarter, quarter } = one;
    found.set(key, { ofQuarter, quarter, ...plus(found.get(key) ?? NO_USE, one) });
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
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

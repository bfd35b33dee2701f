import { addDays } from '../../calendar/add-days.js';
import {
  istanbulDay,
  istanbulQuarter,
  previousQuarter,
  quarterDays,
  quarterOfDay,
} from '../../calendar/istanbul-day.js';
import type { Database, Transaction } from '../../storage/database.js';
import { foldLines } from '../book/fold.js';
import { type FeeClassChange, feeClassOn } from '../fee-class.js';
import { addKurus, NOTHING } from '../kurus.js';
import { isWorkingDay } from '../quarter/due.js';
import { readSwitches } from '../tariff/read-switches.js';
import {
  type FeeClass,
  type PricedService,
  type ServiceInputs,
  type TariffSwitch,
  type UnitPrice,
  unitPriceOn,
} from '../tariff/tariff.js';
import { budgetState } from './budget-state.js';
import { comparedPeriod, type Days, laterDay } from './compared-period.js';
import { type DayUse, forecast } from './forecast.js';
import { type AccountMoved, billedKey, readBilled, readMoved } from './read-billed.js';
import { readDayUses, readSavedCalls } from './read-day-uses.js';
import { readUses } from './read-uses.js';
import { NO_SAVINGS, type Savings, savingsOf } from './savings.js';
import { type AccountUse, type Budget, NO_USE } from './stop.js';
import type { AccountUsage, RunningQuarter, Usage, Use } from './usage.js';

/** An account as the settings have it. */
interface UsageAccount {
  readonly id: string;
  readonly institution: string;
  readonly feeClass: FeeClass;
  readonly feeClassChanges: readonly FeeClassChange[];
  readonly budget: Budget | null;
}

/** What the settings say about use. */
export interface UsageSettings {
  readonly accounts: readonly UsageAccount[];
  readonly clients: readonly { readonly id: string; readonly account: string | null }[];
  readonly inputs: readonly ServiceInputs[];
  /** The service that queries go to. */
  readonly service: PricedService;
  /** Those of no fixed date, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

/** Half-open days (Europe/Istanbul); `account` null: all of them. `quarter`: the one that the days are, where it is asked for as such. */
export interface UsageWish extends Days {
  readonly account: string | null;
  readonly quarter?: string | null;
}

interface Read {
  readonly settings: UsageSettings;
  readonly today: string;
  readonly quarter: string;
  readonly period: Days;
  readonly switches: readonly TariffSwitch[];
  readonly uses: ReadonlyMap<string, AccountUse>;
  readonly inPeriod: ReadonlyMap<string, readonly DayUse[]>;
  readonly before: ReadonlyMap<string, readonly DayUse[]>;
  /** The quarter that runs and the one before it. */
  readonly lately: ReadonlyMap<string, readonly DayUse[]>;
  readonly savings: ReadonlyMap<string, Savings>;
  /** What was asked for as a quarter, and what it is held against where that is a whole one; null: days. */
  readonly asked: string | null;
  readonly comparedQuarter: string | null;
  readonly billed: ReadonlyMap<string, Use>;
  readonly moved: ReadonlyMap<string, AccountMoved>;
}

/** One reading, whatever is booked meanwhile. */
const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';
const NO_DAYS: readonly DayUse[] = [];

/**
 * What was used in a period, what the running quarter comes to, how far its budgets are, and what checks before sending have spared. Folds
 * the book up to now first. An account that neither settings nor book know gives an empty list. Errors: those of `Database`.
 */
export async function readUsage(
  db: Database,
  settings: UsageSettings,
  wish: UsageWish,
  now: Date,
): Promise<Usage> {
  await foldLines(db);
  return db.transaction((tx) => usageOf(tx, settings, wish, now), { begin: SNAPSHOT });
}

async function usageOf(
  tx: Transaction,
  settings: UsageSettings,
  { account, from, quarter: asked = null, to }: UsageWish,
  now: Date,
): Promise<Usage> {
  const period = { from, to };
  const compared = comparedPeriod(period);
  const quarter = istanbulQuarter(now);
  const both = { from: quarterDays(previousQuarter(quarter)).from, to: quarterDays(quarter).to };
  const lately = await readDayUses(tx, both, account);
  // What was asked for mostly is of these quarters: their rows are read once.
  const usesOf = (days: Days) =>
    days.from >= both.from && days.to <= both.to ? within(lately, days) : readDayUses(tx, days, account);
  const inPeriod = await usesOf(period);
  const before = await usesOf(compared);
  const known = settings.accounts.map(({ id }) => id).filter((id) => account === null || id === account);
  const comparedQuarter = asked === null ? null : wholeQuarter(compared);
  const quarters = [quarter, asked, comparedQuarter].filter((one) => one !== null);
  const billed = await readBilled(tx, quarters, account);
  const moved = await readMoved(tx, period, asked, account);
  const ids = [...new Set([...known, ...inPeriod.keys(), ...moved.keys()])].sort();
  const switches = await readSwitches(tx);
  const read: Read = {
    ...{ settings, quarter, period, switches, inPeriod, before, lately },
    ...{ asked, comparedQuarter, billed, moved },
    today: istanbulDay(now),
    uses: await readUses(tx, ids, quarter),
    savings: savingsOf(
      await readSavedCalls(tx, period),
      new Map(settings.clients.map((client) => [client.id, client.account])),
      pricesOf(settings, switches),
    ),
  };
  const accounts = ids.map((id) => accountUsage(id, read));
  const uses = accounts.flatMap((one) => (one.billed === null ? [] : [one.billed.use]));
  return {
    ...{ from, to, asOf: now, compared, quarter, accounts, total: added(accounts) },
    billedTotal: asked === null ? null : added(uses),
  };
}

/** The quarter that some days are; null where they are less. */
function wholeQuarter({ from, to }: Days): string | null {
  const quarter = quarterOfDay(from);
  const whole = quarterDays(quarter);
  return whole.from === from && whole.to === to ? quarter : null;
}

/** Those of some of the days; accounts that have none of them are left out. */
function within(
  uses: ReadonlyMap<string, readonly DayUse[]>,
  { from, to }: Days,
): ReadonlyMap<string, readonly DayUse[]> {
  const found = [...uses].map(
    ([account, days]) => [account, days.filter(({ day }) => day >= from && day < to)] as const,
  );
  return new Map(found.filter(([, days]) => days.length > 0));
}

function accountUsage(id: string, read: Read): AccountUsage {
  const { asked, before, comparedQuarter, inPeriod, moved, period, savings, settings } = read;
  const account = settings.accounts.find((one) => one.id === id) ?? null;
  const days = inPeriod.get(id) ?? NO_DAYS;
  return {
    account: id,
    institution: account?.institution ?? null,
    feeClass: account === null ? null : feeClassOn(account, addDays(period.to, -1)),
    ...added(days),
    days,
    billedElsewhere: moved.get(id)?.out ?? [],
    billed:
      asked === null ? null : { use: billedOf(id, asked, read), sentElsewhere: moved.get(id)?.in ?? [] },
    // Quarters are held against quarters: what is billed in one against what is billed in the other.
    compared:
      comparedQuarter === null ? added(before.get(id) ?? NO_DAYS) : billedOf(id, comparedQuarter, read),
    quarter: runningQuarter(id, account, read),
    savings: savings.get(id) ?? NO_SAVINGS,
  };
}

function billedOf(id: string, quarter: string, { billed }: Read): Use {
  return billed.get(billedKey(id, quarter)) ?? added([]);
}

function runningQuarter(id: string, account: UsageAccount | null, read: Read): RunningQuarter {
  const { lately, quarter, settings, switches, today, uses } = read;
  const { from, to } = quarterDays(quarter);
  const days = lately.get(id) ?? NO_DAYS;
  const first = days[0]?.day ?? from;
  const price = account === null ? null : priceOn(settings, switches, feeClassOn(account, today), today);
  const used = billedOf(id, quarter, read);
  return {
    used,
    forecast: forecast({
      used,
      since: laterDay(first, from),
      today,
      end: to,
      days,
      isWorkingDay: (day) => isWorkingDay(day, settings.holidays),
    }),
    changes: changesOf(account, switches, { from: addDays(today, 1), to }, settings.service),
    budget: budgetState(account?.budget ?? null, uses.get(id) ?? NO_USE, price?.unitPriceKurus ?? 0),
  };
}

/** Days of a period on which a price or the class changes. */
function changesOf(
  account: UsageAccount | null,
  switches: readonly TariffSwitch[],
  { from, to }: Days,
  { name }: PricedService,
): readonly string[] {
  const prices = switches.filter(({ service }) => service === null || service === name);
  const days = [...prices, ...(account?.feeClassChanges ?? [])].map((one) => one.from);
  return [...new Set(days)].filter((day) => day >= from && day < to).sort();
}

function pricesOf(settings: UsageSettings, switches: readonly TariffSwitch[]) {
  const accounts = new Map(settings.accounts.map((account) => [account.id, account]));
  return {
    classOn: (id: string, day: string): FeeClass => {
      const account = accounts.get(id);
      // Money of an account that the settings no longer have is not told as saved.
      return account === undefined ? 'outside' : feeClassOn(account, day);
    },
    priceOn: (feeClass: FeeClass, day: string) => priceOn(settings, switches, feeClass, day),
  };
}

/** Null where none is in force: a price is never guessed. */
function priceOn(
  { inputs, service }: UsageSettings,
  switches: readonly TariffSwitch[],
  feeClass: FeeClass,
  day: string,
): UnitPrice | null {
  try {
    return unitPriceOn(switches, inputs, feeClass, service, day);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function added(uses: readonly Use[]): Use {
  return {
    queries: uses.reduce((sum, one) => sum + one.queries, 0),
    units: uses.reduce((sum, one) => sum + one.units, 0),
    amountKurus: uses.length === 0 ? NOTHING : addKurus(...uses.map((one) => one.amountKurus)),
  };
}

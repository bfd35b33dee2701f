import type { Kurus } from '../kurus.js';
import type { FeeClass } from '../tariff/tariff.js';
import type { BudgetState } from './budget-state.js';
import type { Days } from './compared-period.js';
import type { DayUse, Forecast } from './forecast.js';
import type { Savings } from './savings.js';

/** Counts and money, corrections included. */
export interface Use {
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

/** What was sent in one quarter (`ofQuarter`) and is billed in another: a late outcome, or a correction of a quarter closed already. */
export interface Moved extends Use {
  readonly ofQuarter: string;
  readonly quarter: string;
}

/**
 * The quarter that runs: `used` is what is billed in it so far, as its statement has it; what it comes to, how far its budget is.
 * `changes`: coming days of it on which a price or the account's class changes, so that the forecast's money is too little or too much from then on.
 */
export interface RunningQuarter {
  readonly used: Use;
  readonly forecast: Forecast;
  readonly changes: readonly string[];
  readonly budget: BudgetState;
}

/** What is billed in the quarter that was asked for, as its statement has it. `sentElsewhere`: the part that was sent in another one. */
interface Billed {
  readonly use: Use;
  readonly sentElsewhere: readonly Moved[];
}

/** The use of one account by the day sent, whenever it is billed. `institution`, `feeClass` (on the period's last day): null where the settings no longer have it. */
export interface AccountUsage extends Use {
  readonly account: string;
  readonly institution: string | null;
  readonly feeClass: FeeClass | null;
  /** Days with any use, in their order. */
  readonly days: readonly DayUse[];
  /** Of what was sent in the period: billed in another quarter than the one in which it was sent. */
  readonly billedElsewhere: readonly Moved[];
  /** Where a quarter was asked for; `days` less `billedElsewhere` and with `sentElsewhere` add up to `use`. */
  readonly billed: Billed | null;
  readonly compared: Use;
  readonly quarter: RunningQuarter;
  readonly savings: Savings;
}

/** The use of a period by account, sorted by it; queries by the day on which they were sent. */
export interface Usage extends Days {
  readonly asOf: Date;
  readonly compared: Days;
  /** The one that runs, whatever the period is. */
  readonly quarter: string;
  readonly accounts: readonly AccountUsage[];
  readonly total: Use;
  /** Of the quarter that was asked for; null where days were. */
  readonly billedTotal: Use | null;
}

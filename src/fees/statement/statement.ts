import type { Kurus } from '../kurus.js';
import type { FeeClass, ServiceInputs, TariffSwitch } from '../tariff/tariff.js';

/**
 * Counts and money of some lines. `lines`: every query that ended, also those that never left; `queries`: sent to KPS, unknown ones
 * included; `units`: counted as charged.
 */
export interface Sum {
  readonly lines: number;
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

/** What a statement is cut by. `month` `YYYY-MM` and `day` of the time sent; `price`: `2 per-query`; `service`: name and version. */
export const CUTS = [
  'service',
  'outcome',
  'unit',
  'il',
  'ministry',
  'purpose',
  'client',
  'month',
  'day',
  'price',
] as const;
export type Cut = (typeof CUTS)[number];

/** One row of a cut. */
export interface Group extends Sum {
  readonly key: string;
}

/** New lines that name old ones (settled unknown outcomes): never positive. */
export interface CorrectionSum {
  readonly lines: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

/** What the agreement of an account said when the statement was made. */
export interface StatedAgreement {
  readonly services: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string;
}

/**
 * One account in one fee class: an account that changed its class has two. `queries`, `units`, `amountKurus` are what counts, corrections
 * included; `booked` without them. `institution` null: the settings no longer have the account.
 */
export interface AccountStatement {
  readonly account: string;
  readonly institution: string | null;
  readonly feeClass: FeeClass;
  readonly agreement: StatedAgreement | null;
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
  readonly booked: Sum;
  readonly corrections: CorrectionSum;
  /** Sorted by key. Each cut adds up to `booked`. */
  readonly by: Readonly<Record<Cut, readonly Group[]>>;
}

/** Rules that the sums were made by, frozen into a closed quarter. */
export interface StatedRules {
  /** Rows in force on some day of the period, from when, and with the input data that each fixes. */
  readonly tariff: readonly TariffSwitch[];
  /** What the settings said: they hold for versions that no row fixes. */
  readonly inputs: readonly ServiceInputs[];
  /** The reading by which units are counted (CONTRACT §4); changes with the bridge's version alone. */
  readonly charged: string;
}

/** Half-open days `from`/`to`, Europe/Istanbul; `quarter` null: a range of days, which goes by the day sent alone. */
export interface Period {
  readonly quarter: string | null;
  readonly from: string;
  readonly to: string;
}

/** A statement for all accounts, or those that were asked for; sorted by account and class. */
export interface Statement {
  readonly version: 1;
  readonly period: Period;
  /** The log had so many entries: every line with a smaller leaf is in it, no other. */
  readonly logSize: bigint;
  readonly rules: StatedRules;
  readonly accounts: readonly AccountStatement[];
  readonly total: { readonly queries: number; readonly units: number; readonly amountKurus: Kurus };
}

import { type Kurus, kurus } from '../kurus.js';
import type { FeeClass } from '../tariff/tariff.js';
import type { Period } from './statement.js';

/** Which of the sums by cooperative or by user: a quarter by that in which lines are billed, a range by the day sent. */
export const SUMS_WHERE = `(CASE WHEN $1::text IS NULL THEN day >= $2::date AND day < $3::date ELSE quarter = $1 END)
    AND ($4::text IS NULL OR account_id = $4)`;

/** Values of `SUMS_WHERE`. */
export function sumsValues(period: Period, account: string | null): readonly unknown[] {
  return [period.quarter, period.from, period.to, account];
}

/** What is read beside the name. */
export const SUMS_READ = `sum(lines)::bigint AS lines, sum(queries)::bigint AS queries, sum(units)::bigint AS units,
    sum(amount_kurus)::bigint AS amount`;

/** A row of such sums as the database gives it. */
export interface SummedRow {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly lines: bigint;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amount: bigint;
}

/** The same for a table. */
export function summed({ account, amount, feeClass, lines, queries, units }: SummedRow): {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly lines: number;
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
} {
  return {
    account,
    feeClass,
    lines: Number(lines),
    queries: Number(queries),
    units: Number(units),
    amountKurus: kurus(amount),
  };
}

import type { Queryable } from '../../storage/database.js';
import type { FeeClass } from '../tariff/tariff.js';
import { CUTS, type Cut, type Period } from './statement.js';

/** Cuts that are read; those that are not have no rows. */
export type WantedCuts = readonly [Cut, ...Cut[]];

/** What the sums of a statement are asked for. `accounts` null: all. `cuts`: all of them unless said; each costs time by itself. */
export interface SumsOf {
  readonly period: Period;
  readonly accounts: readonly string[] | null;
  readonly cuts?: WantedCuts;
}

/** One sum as the database gives it. `cut` null: the whole of the account and class. */
export interface SumRow {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly cut: Cut | null;
  readonly key: string;
  readonly lines: bigint;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amountKurus: bigint;
}

/** Corrections of an account and class. */
export interface CorrectionRow {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly lines: bigint;
  readonly units: bigint;
  readonly amountKurus: bigint;
}

/** How each cut names its rows. Closed: SQL of ours, nothing from outside. */
const KEYS: Readonly<Record<Cut, string>> = {
  service: "r.service || ' ' || r.service_version",
  outcome: 'r.result',
  unit: 'r.unit',
  il: 'r.il',
  ministry: 'r.ministry',
  purpose: 'r.purpose',
  client: 'r.client_id',
  month: "to_char(r.day, 'YYYY-MM')",
  day: "to_char(r.day, 'YYYY-MM-DD')",
  price: "r.unit_price_kurus::text || ' ' || r.basis",
};

// The rows of the period are read once; each cut is a set of its own over them.
const SUMS = (where: string, cuts: readonly Cut[]) => `WITH line AS MATERIALIZED (
    SELECT r.account_id, r.fee_class, ${cuts.map((cut) => `${KEYS[cut]} AS by_${cut}`).join(', ')}, r.lines, r.queries, r.units, r.amount_kurus
    FROM bridge.fee_rollup r WHERE ${where} AND ($3::text[] IS NULL OR r.account_id = ANY($3)))
  SELECT account_id AS account, fee_class AS "feeClass", cut, key, lines, queries, units, "amountKurus" FROM (
    SELECT account_id, fee_class, CASE ${cuts.map((cut) => `WHEN grouping(by_${cut}) = 0 THEN '${cut}'`).join(' ')} END AS cut,
      coalesce(${cuts.map((cut) => `by_${cut}`).join(', ')}, '') AS key, sum(lines)::bigint AS lines, sum(queries)::bigint AS queries,
      sum(units)::bigint AS units, sum(amount_kurus)::bigint AS "amountKurus"
    FROM line GROUP BY account_id, fee_class, GROUPING SETS ((), ${cuts.map((cut) => `(by_${cut})`).join(', ')})) AS sums
  ORDER BY account_id COLLATE "C", fee_class COLLATE "C", cut COLLATE "C" NULLS FIRST, key COLLATE "C"`;

const BY_QUARTER = 'r.quarter = $1 AND $2::text IS NULL';
const BY_DAY = 'r.day >= $1::date AND r.day < $2::date';

const CORRECTIONS = (
  where: string,
) => `SELECT account_id AS account, fee_class AS "feeClass", count(*) AS lines, sum(units)::bigint AS units,
    sum(amount_kurus)::bigint AS "amountKurus"
  FROM bridge.fee_correction WHERE ${where} AND ($3::text[] IS NULL OR account_id = ANY($3))
  GROUP BY account_id, fee_class ORDER BY account_id COLLATE "C", fee_class COLLATE "C"`;

// A range of days has the corrections of what was sent on them, whenever they came; a quarter those that are billed in it.
const CORRECTIONS_BY_QUARTER = CORRECTIONS('quarter = $1 AND $2::text IS NULL');
const CORRECTIONS_BY_DAY = CORRECTIONS('of_day >= $1::date AND of_day < $2::date');

/** Sums of a period, whole and by every cut: a few rows for each account, however many queries. Sums must be folded up to date before. */
export async function readSums(
  db: Queryable,
  { accounts, cuts = CUTS, period: { from, quarter, to } }: SumsOf,
): Promise<{ readonly sums: readonly SumRow[]; readonly corrections: readonly CorrectionRow[] }> {
  const values = quarter === null ? [from, to, accounts] : [quarter, null, accounts];
  const sums = await db.query<SumRow>({ text: SUMS(quarter === null ? BY_DAY : BY_QUARTER, cuts), values });
  const corrections = await db.query<CorrectionRow>({
    text: quarter === null ? CORRECTIONS_BY_DAY : CORRECTIONS_BY_QUARTER,
    values,
  });
  return { sums: sums.rows, corrections: corrections.rows };
}

import type { Queryable } from '../../storage/database.js';
import { kurus } from '../kurus.js';
import type { Days } from './compared-period.js';
import type { Moved, Use } from './usage.js';

interface SumRow {
  readonly account: string;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amount: bigint;
}

// What a statement of the quarter has: lines and corrections by the quarter in which they are billed.
const BILLED = `SELECT account_id AS account, quarter, sum(queries)::bigint AS queries, sum(units)::bigint AS units,
    sum(amount_kurus)::bigint AS amount
  FROM (
    SELECT account_id, quarter, queries, units, amount_kurus FROM bridge.fee_rollup WHERE quarter = ANY($1)
    UNION ALL
    SELECT account_id, quarter, 0, units, amount_kurus FROM bridge.fee_correction WHERE quarter = ANY($1)
  ) AS line WHERE $2::text IS NULL OR account_id = $2
  GROUP BY account_id, quarter`;

/** What each account is billed in each of some quarters. Both names as one key: `billedKey`. Sums must be folded before. */
export async function readBilled(
  db: Queryable,
  quarters: readonly string[],
  account: string | null,
): Promise<ReadonlyMap<string, Use>> {
  const { rows } = await db.query<SumRow & { quarter: string }>({
    text: BILLED,
    values: [quarters, account],
  });
  return new Map(rows.map((row) => [billedKey(row.account, row.quarter), useOf(row)]));
}

/** The key of `readBilled`: neither name has a space. */
export function billedKey(account: string, quarter: string): string {
  return `${quarter} ${account}`;
}

// `inside`: sent on a day of the period. What is neither is not asked for.
const MOVED = `SELECT account_id AS account, of_quarter AS "ofQuarter", quarter, inside, sum(queries)::bigint AS queries,
    sum(units)::bigint AS units, sum(amount_kurus)::bigint AS amount
  FROM (
    SELECT account_id, to_char(day, 'YYYY-"Q"Q') AS of_quarter, quarter, queries, units, amount_kurus,
      day >= $1::date AND day < $2::date AS inside
    FROM bridge.fee_rollup WHERE quarter = $3 OR (day >= $1::date AND day < $2::date)
    UNION ALL
    SELECT account_id, of_quarter, quarter, 0, units, amount_kurus, of_day >= $1::date AND of_day < $2::date
    FROM bridge.fee_correction WHERE quarter = $3 OR (of_day >= $1::date AND of_day < $2::date)
  ) AS line WHERE of_quarter <> quarter AND ($4::text IS NULL OR account_id = $4)
  GROUP BY account_id, of_quarter, quarter, inside
  ORDER BY account_id COLLATE "C", of_quarter, quarter`;

/** What was sent in one quarter and is billed in another: late outcomes, and corrections of a quarter that was closed already. */
export interface AccountMoved {
  /** Sent on a day of the period. */
  readonly out: readonly Moved[];
  /** Sent on another day, and billed in the quarter that was asked for. */
  readonly in: readonly Moved[];
}

/** The same by account; those that have none are left out. `quarter` null: what is billed in one is not asked for. */
export async function readMoved(
  db: Queryable,
  { from, to }: Days,
  quarter: string | null,
  account: string | null,
): Promise<ReadonlyMap<string, AccountMoved>> {
  type Row = SumRow & { readonly ofQuarter: string; readonly quarter: string; readonly inside: boolean };
  const { rows } = await db.query<Row>({ text: MOVED, values: [from, to, quarter, account] });
  const found = new Map<string, AccountMoved>();
  for (const row of rows) {
    const before = found.get(row.account) ?? { out: [], in: [] };
    const moved = { ofQuarter: row.ofQuarter, quarter: row.quarter, ...useOf(row) };
    const next = row.inside
      ? { ...before, out: [...before.out, moved] }
      : { ...before, in: [...before.in, moved] };
    found.set(row.account, next);
  }
  return found;
}

function useOf({ amount, queries, units }: SumRow): Use {
  return { queries: Number(queries), units: Number(units), amountKurus: kurus(amount) };
}

import type { Queryable } from '../../storage/database.js';
import { kurus } from '../kurus.js';
import type { Days } from './compared-period.js';
import type { DayUse } from './forecast.js';
import type { SavedCalls } from './savings.js';

interface Row {
  account: string;
  day: string;
  queries: bigint;
  units: bigint;
  amount: bigint;
}

// A correction belongs to the day of the line that it names: the sums equal those of a statement of the same days.
const BY_DAY = `SELECT account_id AS account, to_char(day, 'YYYY-MM-DD') AS day, sum(queries)::bigint AS queries,
    sum(units)::bigint AS units, sum(amount_kurus)::bigint AS amount
  FROM (
    SELECT account_id, day, queries, units, amount_kurus FROM bridge.fee_rollup WHERE day >= $1::date AND day < $2::date
    UNION ALL
    SELECT account_id, of_day, 0, units, amount_kurus FROM bridge.fee_correction WHERE of_day >= $1::date AND of_day < $2::date
  ) AS line WHERE $3::text IS NULL OR account_id = $3
  GROUP BY account_id, day ORDER BY account_id COLLATE "C", day`;

/** What each account used on each day of a period, in the order of days. `account` null: all. Sums must be folded before. */
export async function readDayUses(
  db: Queryable,
  { from, to }: Days,
  account: string | null,
): Promise<ReadonlyMap<string, readonly DayUse[]>> {
  const { rows } = await db.query<Row>({ text: BY_DAY, values: [from, to, account] });
  const found = new Map<string, DayUse[]>();
  for (const row of rows) {
    const days = found.get(row.account) ?? [];
    found.set(row.account, days);
    days.push({
      day: row.day,
      queries: Number(row.queries),
      units: Number(row.units),
      amountKurus: kurus(row.amount),
    });
  }
  return found;
}

const SAVED = `SELECT to_char(day, 'YYYY-MM-DD') AS day, client_id AS client, code, calls FROM bridge.fee_saved
  WHERE day >= $1::date AND day < $2::date AND code IN ('IDENTITY_NUMBER_INVALID', 'REQUEST_INVALID', 'REPLAYED')`;

/** Calls of a period that never left, by day, client and why. */
export async function readSavedCalls(db: Queryable, { from, to }: Days): Promise<readonly SavedCalls[]> {
  const { rows } = await db.query<Omit<SavedCalls, 'calls'> & { calls: bigint }>({
    text: SAVED,
    values: [from, to],
  });
  return rows.map((row) => ({ ...row, calls: Number(row.calls) }));
}

import { randomUUID } from 'node:crypto';

type Sql = (text: string, values: readonly unknown[]) => Promise<unknown>;

const IMPORT = `INSERT INTO bridge.fee_import (import_id, account_id, from_day, to_day, file_sha256, detail, imported_at, leaf)
  SELECT $1::uuid, account_id, '2026-01-01', '2026-12-31', decode(md5($1::uuid::text) || md5($1::uuid::text), 'hex'), 'total', now(), 0
  FROM bridge.fee_line WHERE query_id = $2`;
const DIFFERENCE = `INSERT INTO bridge.fee_difference (difference_id, import_id, place, class, queries, amount_kurus, behind)
  VALUES ($1, $2, 0, 'unknown-outcome', -1, 0, 1)`;
const CORRECTION = `INSERT INTO bridge.fee_correction (query_id, account_id, fee_class, quarter, of_quarter, of_day, counted, units,
    unit_price_kurus, amount_kurus, difference_id, leaf)
  SELECT query_id, account_id, fee_class, $2, quarter, sent_at::date, false, -1, unit_price_kurus, -unit_price_kurus, $3, 0
  FROM bridge.fee_line WHERE query_id = $1`;

/** A correction of a line, billed in `quarter`, with the difference that it settles, as the tables have them. */
export async function writeCorrection(sql: Sql, query: string, quarter: string): Promise<void> {
  const [figures, difference] = [randomUUID(), randomUUID()];
  await sql(IMPORT, [figures, query]);
  await sql(DIFFERENCE, [difference, figures]);
  await sql(CORRECTION, [query, quarter, difference]);
}

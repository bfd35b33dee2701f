import type { Appender } from '../audit/appender.js';
import type { Lane } from '../audit/lane.js';
import type { Database } from '../storage/database.js';
import type { OutcomeAnswer, OutcomeItem } from './record-outcome.js';

/** Queries closed in one go; a crash under the largest load leaves some hundreds behind. */
const MAX_AT_ONCE = 500;
/** Rows of ended windows and expired keys deleted in one go: a purge must never hold its locks long. */
const MAX_PURGE = 5000;

/**
 * Closes as `unknown` every query whose deadline has passed without an outcome, whichever instance had asked it.
 * Returns how many it closed. Safe to run on every instance at once: each query is closed by whoever locks it first.
 */
export async function closeExpired(
  db: Database,
  log: Appender,
  outcomes: Lane<OutcomeItem, OutcomeAnswer>,
  now: Date,
): Promise<number> {
  const { rows } = await db.query<{ query_id: string }>({
    text: `SELECT query_id FROM bridge.identity_query WHERE state = 'open' AND deadline <= $1 ORDER BY deadline LIMIT $2`,
    values: [now, MAX_AT_ONCE],
  });
  await Promise.all(rows.map((row) => log.submit(outcomes, { kind: 'expired', queryId: row.query_id })));
  return rows.length;
}

/** Deletes quota windows older than two days and idempotency keys that have expired. */
export async function purgeEnded(db: Database, now: Date): Promise<void> {
  await db.query({
    text: `DELETE FROM bridge.quota_use WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM bridge.quota_use WHERE window_start < $1::timestamptz - interval '2 days' LIMIT $2))`,
    values: [now, MAX_PURGE],
  });
  await db.query({
    text: `DELETE FROM bridge.idempotency_key WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM bridge.idempotency_key WHERE expires_at <= $1 LIMIT $2))`,
    values: [now, MAX_PURGE],
  });
}

/** How many queries have an intent and no outcome yet. */
export async function countOpen(db: Database): Promise<number> {
  const { rows } = await db.query<{ open: number }>({
    text: "SELECT count(*)::int AS open FROM bridge.identity_query WHERE state = 'open'",
  });
  return rows[0]?.open ?? 0;
}

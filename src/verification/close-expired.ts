import type { Appender } from '../audit/appender.js';
import type { Lane } from '../audit/lane.js';
import type { Database } from '../storage/database.js';
import type { OutcomeAnswer, OutcomeItem } from './record-outcome.js';

/** Queries handed to the log at once: a fraction of its queue, so that the outcomes of living queries keep their place. */
const MAX_AT_ONCE = 100;
/** Rounds in one call; a crash under the largest load leaves some hundreds of queries behind for each instance. */
const MAX_ROUNDS = 10;
/** Rows of ended windows and expired keys deleted in one statement: a purge must never hold its locks long. */
const MAX_PURGE = 5000;
/** Statements of one purge and table: five million rows every ten minutes, more than any load can leave behind. */
const MAX_PURGES = 1000;

/**
 * Closes as `unknown` every query whose deadline has passed without an outcome, whichever instance had asked it.
 * Returns how many it handed to the log. Safe to run on every instance at once: each query is closed by whoever locks it
 * first. Errors: those of `Database` and `Appender`, the first one after all others have ended.
 */
export async function closeExpired(
  db: Database,
  log: Appender,
  outcomes: Lane<OutcomeItem, OutcomeAnswer>,
  now: Date,
): Promise<number> {
  let closed = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { rows } = await db.query<{ query_id: string }>({
      text: `SELECT query_id FROM bridge.identity_query WHERE state = 'open' AND deadline <= $1 ORDER BY deadline LIMIT $2`,
      values: [now, MAX_AT_ONCE],
    });
    const ended = await Promise.allSettled(
      rows.map((row) => log.submit(outcomes, { kind: 'expired', queryId: row.query_id })),
    );
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    closed += rows.length;
    if (rows.length < MAX_AT_ONCE) break;
  }
  return closed;
}

// Rows that a batch is just using are passed over: the next purge finds them, and no batch waits in a circle with this.
const PURGE_QUOTAS = `DELETE FROM bridge.quota_use WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM bridge.quota_use WHERE window_start < $1::timestamptz - interval '2 days' LIMIT $2 FOR UPDATE SKIP LOCKED))`;
const PURGE_KEYS = `DELETE FROM bridge.idempotency_key WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM bridge.idempotency_key WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** Deletes all quota windows older than two days and all idempotency keys that have expired, in small statements. */
export async function purgeEnded(db: Database, now: Date): Promise<void> {
  for (const text of [PURGE_QUOTAS, PURGE_KEYS]) {
    for (let times = 0; times < MAX_PURGES; times += 1) {
      const { count } = await db.query({ text, values: [now, MAX_PURGE] });
      if (count < MAX_PURGE) break;
    }
  }
}

/** How many queries have an intent and no outcome yet. */
export async function countOpen(db: Database): Promise<number> {
  const { rows } = await db.query<{ open: number }>({
    text: "SELECT count(*)::int AS open FROM bridge.identity_query WHERE state = 'open'",
  });
  return rows[0]?.open ?? 0;
}

import type { Database, Transaction } from '../storage/database.js';

/** How long events are kept, at the least. */
export interface KeptEvents {
  readonly keepDays: number;
  /** For so long a webhook may still be on its way: its event stays. */
  readonly retryDays: number;
}

const DAY_MS = 86_400_000;
/** Events in one transaction: while it runs, nobody's rights can change. */
const CHUNK = 2_000;
/** Transactions in one run; what is left waits for the next. */
const MAX_CHUNKS = 100;

// Whoever changes rights takes this row first; so does whoever purges.
const LOCK = 'SELECT first_event AS first FROM bridge.authority_head FOR UPDATE';
// The oldest that stays: too young, or still on its way to a receiver. Only a beginning may go: the feed has no hole.
const STAYS = `SELECT least(
    coalesce(min(position) FILTER (WHERE at >= $1), max(position) + 1),
    (SELECT min(position) FROM bridge.webhook_delivery WHERE dead_at IS NULL)) AS first
  FROM (SELECT position, at FROM bridge.authority_event ORDER BY position LIMIT ${CHUNK}) AS oldest`;
const PURGE = 'DELETE FROM bridge.authority_event WHERE position < $1';
// A dead letter whose event is gone can never be delivered.
const PURGE_DEAD = 'DELETE FROM bridge.webhook_delivery WHERE position < $1 AND dead_at IS NOT NULL';
const MOVE = 'UPDATE bridge.authority_head SET first_event = $1';

/**
 * Deletes events that have been kept for long enough, with the dead letters about them; what the feed's first event is changes in
 * the same transaction. Gives how many are gone. Instances that do it at the same time wait for each other. Errors: those of `Database`.
 */
export async function purgeEvents(db: Database, kept: KeptEvents, now: Date): Promise<number> {
  const before = new Date(now.getTime() - Math.max(kept.keepDays, kept.retryDays) * DAY_MS);
  let purged = 0;
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
    const count = await db.transaction((tx) => purgeChunk(tx, before));
    purged += count;
    if (count === 0) break;
  }
  return purged;
}

async function purgeChunk(tx: Transaction, before: Date): Promise<number> {
  const [head] = (await tx.query<{ first: bigint }>({ text: LOCK })).rows;
  const [stays] = (await tx.query<{ first: bigint | null }>({ text: STAYS, values: [before] })).rows;
  const first = stays?.first ?? null;
  if (head === undefined || first === null || first <= head.first) return 0;
  const { count } = await tx.query({ text: PURGE, values: [first] });
  await tx.query({ text: PURGE_DEAD, values: [first] });
  await tx.query({ text: MOVE, values: [first] });
  return count;
}

import type { Queryable } from '../../storage/database.js';
import { EVENT_COLUMNS, type FeedEvent } from '../feed.js';

/** A delivery that this instance holds until its lease ends. `attempts` counts this one. */
export interface Claimed {
  readonly clientId: string;
  readonly position: bigint;
  readonly attempts: number;
  readonly queuedAt: Date;
  /** Null where it is not kept any longer. */
  readonly event: FeedEvent | null;
}

/** Rows of one statement for one receiver. */
const CHUNK = 1_000;
/** Statements in one run; the next goes on. */
const MAX_CHUNKS = 50;

// Who is new begins at the end: what was before is in the snapshot.
const WELCOME = `INSERT INTO bridge.webhook_receiver (client_id, queued_to)
  SELECT n.client_id, h.last_event FROM unnest($1::text[]) AS n(client_id), bridge.authority_head h
  ORDER BY 1 ON CONFLICT (client_id) DO NOTHING`;
// Positions become visible in order (feed.ts): the greatest one that is seen leaves none out. Another instance that is at it keeps the
// rows locked, and is not waited for.
const QUEUE = `WITH receiver AS (
    SELECT client_id, queued_to FROM bridge.webhook_receiver WHERE client_id = ANY($1::text[]) ORDER BY client_id FOR UPDATE SKIP LOCKED
  ), behind AS (
    SELECT r.client_id, e.position FROM receiver r CROSS JOIN LATERAL (
      SELECT position FROM bridge.authority_event WHERE position > r.queued_to ORDER BY position LIMIT ${CHUNK}) AS e
  ), queued AS (
    INSERT INTO bridge.webhook_delivery (client_id, position, queued_at, next_at)
    SELECT client_id, position, $2, $2 FROM behind ON CONFLICT (client_id, position) DO NOTHING
  )
  UPDATE bridge.webhook_receiver w SET queued_to = last.position
  FROM (SELECT client_id, max(position) AS position, count(*) AS count FROM behind GROUP BY client_id) AS last
  WHERE w.client_id = last.client_id RETURNING last.count`;

/**
 * Queues every event for every receiver that it was not queued for yet; whoever is new begins with what comes now. Safe on all
 * instances at once: an event is queued once for each. Errors: those of `Queryable`.
 */
export async function queueEvents(db: Queryable, receivers: readonly string[], now: Date): Promise<void> {
  if (receivers.length === 0) return;
  await db.query({ text: WELCOME, values: [receivers] });
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
    const { rows } = await db.query<{ count: bigint }>({ text: QUEUE, values: [receivers, now] });
    if (!rows.some(({ count }) => count === BigInt(CHUNK))) return;
  }
}

const DUE = `SELECT n.client_id AS id FROM unnest($1::text[]) AS n(client_id) WHERE EXISTS (
  SELECT 1 FROM bridge.webhook_delivery d WHERE d.client_id = n.client_id AND d.dead_at IS NULL AND d.next_at <= $2)`;

/** Those of `receivers` for whom something is due. Errors: those of `Queryable`. */
export async function dueReceivers(
  db: Queryable,
  receivers: readonly string[],
  now: Date,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>({ text: DUE, values: [receivers, now] });
  return rows.map(({ id }) => id);
}

const CLAIM = `UPDATE bridge.webhook_delivery AS d SET attempts = d.attempts + 1, next_at = $3
  FROM (SELECT position FROM bridge.webhook_delivery WHERE client_id = $1 AND dead_at IS NULL AND next_at <= $2
    ORDER BY next_at, position LIMIT 1 FOR UPDATE SKIP LOCKED) AS due
  WHERE d.client_id = $1 AND d.position = due.position
  RETURNING d.client_id AS "clientId", d.position, d.attempts, d.queued_at AS "queuedAt"`;
const EVENT = `SELECT ${EVENT_COLUMNS} FROM bridge.authority_event e WHERE e.position = $1`;

/**
 * Takes the next delivery that is due for a receiver; nobody else gets it before `leaseMs` have passed. Null where none is due.
 * Errors: those of `Queryable`.
 */
export async function claimDelivery(
  db: Queryable,
  clientId: string,
  now: Date,
  leaseMs: number,
): Promise<Claimed | null> {
  const values = [clientId, now, new Date(now.getTime() + leaseMs)];
  const [row] = (await db.query<Omit<Claimed, 'event'>>({ text: CLAIM, values })).rows;
  if (row === undefined) return null;
  const [event] = (await db.query<FeedEvent>({ text: EVENT, values: [row.position] })).rows;
  return { ...row, event: event ?? null };
}

// `attempts` tells whether the row is still this attempt's: behind a lease that ran out it is another instance's.
const HELD = 'client_id = $1 AND position = $2 AND attempts = $3 AND dead_at IS NULL';
const DROP = `DELETE FROM bridge.webhook_delivery WHERE ${HELD}`;
const POSTPONE = `UPDATE bridge.webhook_delivery SET next_at = $4, problem = $5 WHERE ${HELD}`;

type Held = Pick<Claimed, 'clientId' | 'position' | 'attempts'>;

/** It was delivered. Errors: those of `Queryable`. */
export async function dropDelivery(db: Queryable, { clientId, position, attempts }: Held): Promise<void> {
  await db.query({ text: DROP, values: [clientId, position, attempts] });
}

/** It was not, and is tried again at `next`. Errors: those of `Queryable`. */
export async function postponeDelivery(
  db: Queryable,
  { clientId, position, attempts }: Held,
  next: Date,
  problem: string,
): Promise<void> {
  await db.query({ text: POSTPONE, values: [clientId, position, attempts, next, problem] });
}

import type { Queryable } from '../../storage/database.js';

/** What waits for one client, in numbers. */
export interface WebhookQueue {
  readonly client: string;
  /** Events up to here were queued for it; null where it was never a receiver. */
  readonly queuedTo: bigint | null;
  readonly waiting: number;
  readonly oldest: Date | null;
  readonly next: Date | null;
  /** Closed word of the last failure among those that wait. */
  readonly problem: string | null;
  readonly dead: number;
}

/** A webhook that was given up. Names nobody. */
export interface DeadLetter {
  readonly position: bigint;
  readonly queuedAt: Date;
  readonly deadAt: Date;
  readonly attempts: number;
  readonly problem: string | null;
}

const QUEUES = `SELECT client_id AS client, r.queued_to AS "queuedTo", coalesce(d.waiting, 0)::int AS waiting, d.oldest, d.next, d.problem,
    coalesce(d.dead, 0)::int AS dead
  FROM bridge.webhook_receiver r FULL JOIN (
    SELECT client_id, count(*) FILTER (WHERE dead_at IS NULL) AS waiting, min(queued_at) FILTER (WHERE dead_at IS NULL) AS oldest,
      min(next_at) FILTER (WHERE dead_at IS NULL) AS next, count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead,
      (array_agg(problem ORDER BY next_at DESC) FILTER (WHERE dead_at IS NULL AND problem IS NOT NULL))[1] AS problem
    FROM bridge.webhook_delivery GROUP BY client_id) AS d USING (client_id)
  WHERE $1::text IS NULL OR client_id = $1 ORDER BY client_id`;

/** The queues of all clients, or of one. Errors: those of `Queryable`. */
export async function listQueues(db: Queryable, client: string | null): Promise<readonly WebhookQueue[]> {
  return (await db.query<WebhookQueue>({ text: QUEUES, values: [client] })).rows;
}

/** Some screens; all of them are tried again together anyway. */
const MAX_LETTERS = 200;
const LETTERS = `SELECT position, queued_at AS "queuedAt", dead_at AS "deadAt", attempts, problem FROM bridge.webhook_delivery
  WHERE client_id = $1 AND dead_at IS NOT NULL AND position > $2 ORDER BY position LIMIT $3`;

/** A page of dead letters: those behind the position `after`. */
export interface LetterPage {
  readonly after: bigint;
  readonly limit: number;
}

/** The oldest dead letters of a client, or a page of them; at most 200. Errors: those of `Queryable`. */
export async function listDeadLetters(
  db: Queryable,
  client: string,
  { after, limit }: LetterPage = { after: -1n, limit: MAX_LETTERS },
): Promise<readonly DeadLetter[]> {
  const values = [client, after, Math.min(limit, MAX_LETTERS)];
  return (await db.query<DeadLetter>({ text: LETTERS, values })).rows;
}

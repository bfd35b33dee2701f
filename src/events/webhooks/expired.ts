import type { Appender } from '../../audit/appender.js';
import type { Queryable } from '../../storage/database.js';
import { type GivenUp, giveUp } from './give-up.js';
import type { WebhookProblem } from './problem.js';

/** Given up in one go; the next run goes on. */
const MAX_AT_ONCE = 200;

const OF_ONE = `SELECT client_id AS "clientId", position, attempts FROM bridge.webhook_delivery
  WHERE client_id = $1 AND dead_at IS NULL AND next_at <= $2 AND queued_at <= $3 ORDER BY next_at, position LIMIT ${MAX_AT_ONCE}`;
const OF_STRANGERS = `SELECT client_id AS "clientId", position, attempts FROM bridge.webhook_delivery
  WHERE client_id <> ALL($1::text[]) AND dead_at IS NULL AND next_at <= $2 AND queued_at <= $3
  ORDER BY client_id, position LIMIT ${MAX_AT_ONCE}`;

interface Tools {
  readonly db: Queryable;
  readonly log: Appender;
}

/**
 * Gives up what waits for a receiver that has not answered for as long as is tried: where it is silent, most rows were never tried
 * one by one. `before`: queued then or earlier. Errors: those of `Queryable` and `Appender`.
 */
export async function giveUpExpired(
  { db, log }: Tools,
  clientId: string,
  problem: WebhookProblem,
  { now, before }: { readonly now: Date; readonly before: Date },
): Promise<void> {
  const { rows } = await db.query<Omit<GivenUp, 'problem'>>({
    text: OF_ONE,
    values: [clientId, now, before],
  });
  await Promise.all(rows.map((row) => giveUp(log, { ...row, problem }, now)));
}

/**
 * Gives up what waits for clients that are no receivers any longer, once it has waited for as long as is tried: until then another
 * instance may know them already, or their registration may come back. Errors: those of `Queryable` and `Appender`.
 */
export async function giveUpUnregistered(
  { db, log }: Tools,
  receivers: readonly string[],
  { now, before }: { readonly now: Date; readonly before: Date },
): Promise<void> {
  const { rows } = await db.query<Omit<GivenUp, 'problem'>>({
    text: OF_STRANGERS,
    values: [receivers, now, before],
  });
  await Promise.all(rows.map((row) => giveUp(log, { ...row, problem: 'not-registered' }, now)));
}

import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../../audit/lane.js';
import type { WebhookProblem } from './problem.js';

/** A delivery that is given up. `attempts`: as the row had them when that was decided. */
export interface GivenUp {
  readonly clientId: string;
  readonly position: bigint;
  readonly attempts: number;
  readonly problem: WebhookProblem;
}

/** Puts the row on the dead-letter list. */
export interface DeadWebhook extends Effect, Pick<GivenUp, 'clientId' | 'position' | 'problem'> {
  readonly kind: 'webhook-dead';
  readonly deadAt: Date;
}

/** Nobody waits; the row is still there for the next run. */
const PATIENCE_MS = 30_000;

const LOCK = `SELECT d.client_id AS "clientId", d.position, d.attempts FROM bridge.webhook_delivery d
  JOIN unnest($1::text[], $2::bigint[]) AS n(client_id, position) USING (client_id, position)
  WHERE d.dead_at IS NULL ORDER BY d.client_id, d.position FOR UPDATE OF d`;

const giveUpLane: Lane<GivenUp & { readonly now: Date }, boolean> = {
  name: '8-webhook-dead',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    const { rows } = await tx.query<Pick<GivenUp, 'clientId' | 'position' | 'attempts'>>({
      name: 'webhook-dead-lock',
      text: LOCK,
      values: [items.map((item) => item.clientId), items.map((item) => item.position)],
    });
    const living = new Set(rows.map(keyOf));
    return items.map((item) => {
      // Given up already, delivered, or being tried by another instance.
      if (!living.delete(keyOf(item))) return { entries: [], effects: [], answer: () => false };
      const { clientId, position, attempts, problem, now } = item;
      const data = { attempts, client: clientId, position: Number(position), problem };
      const effect: DeadWebhook = { kind: 'webhook-dead', clientId, position, problem, deadAt: now };
      return { entries: [draftOf('webhook.dead', now, data)], effects: [effect], answer: () => true };
    });
  },
};

function keyOf({
  clientId,
  position,
  attempts,
}: Pick<GivenUp, 'clientId' | 'position' | 'attempts'>): string {
  return `${clientId}\n${position}\n${attempts}`;
}

/**
 * Writes down that a webhook was given up, and puts it on the dead-letter list. False where somebody else has, or it is being tried
 * again. `log` needs `WEBHOOK_APPLIERS`. Errors: those of `Appender`.
 */
export async function giveUp(log: Appender, one: GivenUp, now: Date): Promise<boolean> {
  return log.submit(giveUpLane, { ...one, now });
}

const DEAD = `UPDATE bridge.webhook_delivery d SET dead_at = n.dead_at, problem = n.problem
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[]) AS n(client_id, position, problem, dead_at)
  WHERE d.client_id = n.client_id AND d.position = n.position`;

/** Writes the dead letters of a batch, which their lane has locked. */
export const deadWebhookApplier: EffectApplier<DeadWebhook> = {
  kind: 'webhook-dead',
  apply: async (tx, placed) => {
    const dead = placed.map(({ effect }) => effect);
    const values = [
      dead.map(({ clientId }) => clientId),
      dead.map(({ position }) => position),
      dead.map(({ problem }) => problem),
      dead.map(({ deadAt }) => deadAt),
    ];
    await tx.query({ name: 'webhook-dead', text: DEAD, values });
  },
};

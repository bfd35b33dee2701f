import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../audit/lane.js';

interface GivenUp {
  readonly sessionId: string;
  readonly clientId: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** Takes the row out of the queue. */
export interface UndeliveredLogout extends Effect {
  readonly kind: 'logout-undelivered';
  readonly sessionId: string;
  readonly clientId: string;
}

/** Nobody waits; the row is still there for the next run. */
const PATIENCE_MS = 30_000;

const LOCK = `SELECT q.session_id, q.client_id FROM bridge.back_channel_logout q
  JOIN unnest($1::uuid[], $2::text[]) AS n(session_id, client_id) USING (session_id, client_id)
  ORDER BY q.session_id, q.client_id FOR UPDATE OF q`;

const giveUpLane: Lane<GivenUp & { readonly now: Date }, boolean> = {
  name: '4-logout-undelivered',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    const { rows } = await tx.query<{ session_id: string; client_id: string }>({
      name: 'logout-lock',
      text: LOCK,
      values: [items.map((item) => item.sessionId), items.map((item) => item.clientId)],
    });
    const queued = new Set(rows.map((row) => `${row.session_id}\n${row.client_id}`));
    return items.map(({ sessionId, clientId, attempts, now }) => {
      if (!queued.delete(`${sessionId}\n${clientId}`))
        return { entries: [], effects: [], answer: () => false };
      const effect: UndeliveredLogout = { kind: 'logout-undelivered', sessionId, clientId };
      const entry = draftOf('logout.undelivered', now, { attempts, client: clientId, session: sessionId });
      return { entries: [entry], effects: [effect], answer: () => true };
    });
  },
};

/**
 * Writes down that an application could not be told of a session's end, and takes it out of the queue. False where it is not in it.
 * `log` needs `undeliveredLogoutApplier`. Errors: those of `Appender`.
 */
export async function giveUpLogout(log: Appender, one: GivenUp, now: Date): Promise<boolean> {
  return log.submit(giveUpLane, { ...one, now });
}

const DROP = `DELETE FROM bridge.back_channel_logout q USING unnest($1::uuid[], $2::text[]) AS n(session_id, client_id)
  WHERE q.session_id = n.session_id AND q.client_id = n.client_id`;

/** Deletes the rows of a batch, which their lane has locked. */
export const undeliveredLogoutApplier: EffectApplier<UndeliveredLogout> = {
  kind: 'logout-undelivered',
  apply: async (tx, placed) => {
    const values = [placed.map((one) => one.effect.sessionId), placed.map((one) => one.effect.clientId)];
    await tx.query({ name: 'logout-undelivered', text: DROP, values });
  },
};

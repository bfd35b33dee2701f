import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../audit/lane.js';

/** Ends the row of a session. */
export interface EndedSession extends Effect {
  readonly kind: 'session-ended';
  readonly sessionId: string;
  readonly endedAt: Date;
}

interface Ending {
  readonly sessionId: string;
  /** Closed word of who or what ended it, such as `signed-out`. */
  readonly reason: string;
  readonly now: Date;
}

const PATIENCE_MS = 30_000;

// In key order, as whatever else locks sessions must.
const LOCK = `SELECT session_id FROM bridge.sign_in_session WHERE session_id = ANY($1::uuid[]) AND ended_at IS NULL
  ORDER BY session_id FOR UPDATE`;

/** Exclusive: from its COMMIT on no intent is written on the session's tokens. */
const endLane: Lane<Ending, boolean> = {
  name: '4-session-end',
  patienceMs: PATIENCE_MS,
  exclusive: true,
  settle: async (tx, items) => {
    const ids = items.map((item) => item.sessionId);
    const { rows } = await tx.query<{ session_id: string }>({
      name: 'session-lock',
      text: LOCK,
      values: [ids],
    });
    const living = new Set(rows.map((row) => row.session_id));
    return items.map(({ sessionId, reason, now }) => {
      // A session ends once: a second end of it has nothing to tell.
      if (!living.delete(sessionId)) return { entries: [], effects: [], answer: () => false };
      const ended: EndedSession = { kind: 'session-ended', sessionId, endedAt: now };
      const entry = draftOf('session.ended', now, { reason, session: sessionId });
      return { entries: [entry], effects: [ended], answer: () => true };
    });
  },
};

/**
 * Ends a session; from its COMMIT on no intent is written on any of its tokens. False where there is none that lives.
 * `log` needs `endSessionApplier`. Errors: those of `Appender`.
 */
export async function endSession(
  log: Appender,
  sessionId: string,
  reason: string,
  now: Date,
): Promise<boolean> {
  return log.submit(endLane, { sessionId, reason, now });
}

const END = `UPDATE bridge.sign_in_session AS s SET ended_at = n.ended_at
  FROM unnest($1::uuid[], $2::timestamptz[]) AS n(session_id, ended_at)
  WHERE s.session_id = n.session_id AND s.ended_at IS NULL`;

/** Ends the rows of a batch's sessions, which their lane has locked. */
export const endSessionApplier: EffectApplier<EndedSession> = {
  kind: 'session-ended',
  apply: async (tx, placed) => {
    const values = [placed.map((one) => one.effect.sessionId), placed.map((one) => one.effect.endedAt)];
    await tx.query({ name: 'session-end', text: END, values });
  },
};

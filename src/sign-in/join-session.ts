import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../audit/lane.js';
import type { Transaction } from '../storage/database.js';
import { isSessionId } from './session-id.js';

/** A session that is used for an application. `sid`: what that application knows the session as (OpenID Connect Back-Channel Logout §2.4). */
export interface Joining {
  readonly sessionId: string;
  readonly clientId: string;
  readonly sid: string;
}

/** The row of an application in a session. */
export interface JoinedSession extends Effect, Joining {
  readonly kind: 'session-joined';
  readonly joinedAt: Date;
}

interface JoiningNow extends Joining {
  readonly now: Date;
}

/** A browser waits for its redirect; a database that restarts is back sooner. */
const PATIENCE_MS = 5_000;

// Held until COMMIT: two that join at once are told apart, and an end waits for the row that it must tell of.
const LOCK = `SELECT session_id, least(idle_until, expires_at) AS lives_until FROM bridge.sign_in_session
  WHERE session_id = ANY($1::uuid[]) AND ended_at IS NULL ORDER BY session_id FOR NO KEY UPDATE`;
const STANDING = 'SELECT session_id, client_id FROM bridge.session_client WHERE session_id = ANY($1::uuid[])';

const joinLane: Lane<JoiningNow, boolean> = {
  name: '4-session-join',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    const { living, standing } = await look(
      tx,
      items.map((item) => item.sessionId),
    );
    return items.map(({ sessionId, clientId, sid, now }) => {
      const pair = pairOf(sessionId, clientId);
      const livesUntil = living.get(sessionId);
      if (livesUntil === undefined || livesUntil <= now || standing.has(pair))
        return { entries: [], effects: [], answer: () => false };
      standing.add(pair);
      const joined: JoinedSession = { kind: 'session-joined', sessionId, clientId, sid, joinedAt: now };
      const entry = draftOf('session.joined', now, { client: clientId, session: sessionId });
      return { entries: [entry], effects: [joined], answer: () => true };
    });
  },
};

async function look(tx: Transaction, ids: readonly string[]) {
  const locked = await tx.query<{ session_id: string; lives_until: Date }>({
    name: 'session-join-lock',
    text: LOCK,
    values: [ids],
  });
  const { rows } = await tx.query<{ session_id: string; client_id: string }>({
    name: 'session-clients',
    text: STANDING,
    values: [ids],
  });
  return {
    living: new Map(locked.rows.map((row) => [row.session_id, row.lives_until])),
    standing: new Set(rows.map((row) => pairOf(row.session_id, row.client_id))),
  };
}

function pairOf(sessionId: string, clientId: string): string {
  return `${sessionId}\n${clientId}`;
}

/**
 * Writes down that a session is used for a further application, which is told when it ends. False where that already stands, or the
 * session does not live. `log` needs `joinSessionApplier`. Errors: those of `Appender`.
 */
export async function joinSession(log: Appender, joining: Joining, now: Date): Promise<boolean> {
  const { sessionId, clientId, sid } = joining;
  return isSessionId(sessionId) && log.submit(joinLane, { sessionId, clientId, sid, now });
}

const JOIN = `INSERT INTO bridge.session_client (session_id, client_id, sid, joined_at)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])`;

/** Writes the rows of a batch; the lane has locked their sessions, so all of them are new. */
export const joinSessionApplier: EffectApplier<JoinedSession> = {
  kind: 'session-joined',
  apply: async (tx, placed) => {
    const all = placed.map((one) => one.effect);
    await tx.query({
      name: 'session-join',
      text: JOIN,
      values: [
        all.map((one) => one.sessionId),
        all.map((one) => one.clientId),
        all.map((one) => one.sid),
        all.map((one) => one.joinedAt),
      ],
    });
  },
};

import type { Queryable } from '../storage/database.js';
import { isSessionId } from './session-id.js';

/** One write a minute says enough of a limit in minutes. */
const STEP_S = 60;
/** Of a short idle limit a minute would be too much: a session in use must not end by it. */
const STEPS = 6;

// The last step, up to the end of the session itself, is made however small it is.
const TOUCH = `UPDATE bridge.sign_in_session AS s SET idle_until = n.until
  FROM (SELECT session_id, least($2::timestamptz + $3 * interval '1 second', expires_at) AS until
    FROM bridge.sign_in_session WHERE session_id = $1) AS n
  WHERE s.session_id = n.session_id AND s.ended_at IS NULL AND s.idle_until > $2 AND s.expires_at > $2
    AND (s.idle_until <= n.until - $4 * interval '1 second' OR (s.idle_until < n.until AND n.until = s.expires_at))`;

/**
 * Moves the idle limit of a living session on to `idleS` seconds (at least 60) from `now`, never beyond its end, and never back. At
 * most one write a minute, so a session may end up to a minute (a sixth of a shorter limit) before `idleS` are over. One that is over
 * stays so. Errors: those of `Queryable`.
 */
export async function touchSession(
  db: Queryable,
  sessionId: string,
  now: Date,
  idleS: number,
): Promise<void> {
  if (!isSessionId(sessionId)) return;
  const values = [sessionId, now, idleS, Math.min(STEP_S, idleS / STEPS)];
  await db.query({ name: 'session-touch', text: TOUCH, values });
}

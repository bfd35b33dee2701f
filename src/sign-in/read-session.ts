import type { MasterKeys } from '../audit/master-keys.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { KimlikNo } from '../person/kimlik-no.js';
import type { Queryable } from '../storage/database.js';
import { profilePlace, sessionPlace } from './access-tokens.js';
import type { BrowserSession } from './living-session.js';
import type { PersonNames } from './open-session.js';
import { isSessionId } from './session-id.js';

interface SessionRow {
  session_id: string;
  person_tag: Buffer;
  person_box: Buffer;
  profile_box: Buffer | null;
  master_key_id: string;
  acr: string;
  auth_time: Date;
  opened_at: Date;
  idle_until: Date;
  expires_at: Date;
  step_up_until: Date | null;
}

// Rows from before there were idle limits have an infinite one, which is no date.
const SELECT = `SELECT session_id, person_tag, person_box, profile_box, master_key_id, acr, auth_time, opened_at,
    least(idle_until, expires_at) AS idle_until, expires_at, step_up_until
  FROM bridge.sign_in_session
  WHERE session_id = $1 AND ended_at IS NULL AND idle_until > $2 AND expires_at > $2`;

/**
 * The session `sessionId` where it lives at `now`; null where it is unknown, ended, idle, expired, or its number does not open.
 * Errors: those of `Queryable`.
 */
export async function readSession(
  db: Queryable,
  masterKeys: MasterKeys,
  sessionId: string,
  now: Date,
): Promise<BrowserSession | null> {
  if (!isSessionId(sessionId)) return null;
  const { rows } = await db.query<SessionRow>({ name: 'session', text: SELECT, values: [sessionId, now] });
  const [row] = rows;
  if (row === undefined) return null;
  const digits = opened(row.person_box, sessionPlace(sessionId), row, masterKeys);
  const person = digits === null ? null : KimlikNo.parse(digits);
  if (person === null || !person.ok) return null;
  return {
    sessionId: row.session_id,
    person: person.value,
    tag: row.person_tag,
    names: namesOf(row, masterKeys),
    acr: row.acr,
    authTime: row.auth_time,
    openedAt: row.opened_at,
    idleUntil: row.idle_until,
    expiresAt: row.expires_at,
    stepUpUntil: row.step_up_until,
  };
}

/** Null too where they do not open: a greeting is no reason to keep somebody out. */
function namesOf(row: SessionRow, masterKeys: MasterKeys): PersonNames | null {
  if (row.profile_box === null) return null;
  const json = opened(row.profile_box, profilePlace(row.session_id), row, masterKeys);
  return json === null ? null : (JSON.parse(json) as PersonNames);
}

/** Null where the box does not open: its master key was taken away, or somebody changed the row. */
function opened(box: Buffer, place: string, row: SessionRow, masterKeys: MasterKeys): string | null {
  try {
    return masterKeys.unwrap(box, place, row.master_key_id).toString('utf8');
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}

export { type ListedSession, listSessions } from './list-sessions.js';
export { touchSession } from './touch-session.js';

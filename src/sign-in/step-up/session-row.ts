import type { Queryable } from '../../storage/database.js';
import type { BrowserSession } from '../living-session.js';

/** A session as its row says now, not as it was when the page was asked for. */
export interface SessionRow {
  readonly sessionId: string;
  readonly tag: Buffer;
  readonly acr: string;
  readonly authTime: Date;
  readonly expiresAt: Date;
  /** The earlier of its two limits. */
  readonly livesUntil: Date;
  readonly stepUpUntil: Date | null;
}

// A session that has ended is none. `least` is always finite: some rows have no limit of idleness.
const READ = `SELECT session_id AS "sessionId", person_tag AS tag, acr, auth_time AS "authTime", expires_at AS "expiresAt",
    least(expires_at, idle_until) AS "livesUntil", step_up_until AS "stepUpUntil"
  FROM bridge.sign_in_session WHERE session_id = ANY($1::uuid[]) AND ended_at IS NULL ORDER BY session_id`;

/** The sessions that have not ended, by id. */
export function readSessionRows(q: Queryable, ids: readonly string[]): Promise<Map<string, SessionRow>> {
  return rowsBy(q, READ, ids);
}

/** The same, locked in key order. A row that refers to the session (a token) can still be written meanwhile. */
export function lockSessionRows(tx: Queryable, ids: readonly string[]): Promise<Map<string, SessionRow>> {
  return rowsBy(tx, `${READ} FOR NO KEY UPDATE`, ids);
}

async function rowsBy(q: Queryable, text: string, ids: readonly string[]) {
  const { rows } = await q.query<SessionRow>({ text, values: [ids] });
  return new Map(rows.map((row) => [row.sessionId, row]));
}

/** `row` where it is the living session of the same person at `now`, else null. */
export function livingRow(
  row: SessionRow | undefined,
  session: BrowserSession,
  now: Date,
): SessionRow | null {
  if (row === undefined || !row.tag.equals(session.tag)) return null;
  return row.livesUntil > now ? row : null;
}

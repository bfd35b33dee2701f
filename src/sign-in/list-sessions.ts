import type { Queryable } from '../storage/database.js';

/** A living session as its owner or an administrator sees it. Names nobody. */
export interface ListedSession {
  readonly sessionId: string;
  readonly openedAt: Date;
  readonly idleUntil: Date;
  readonly expiresAt: Date;
  readonly acr: string;
  /** Applications that it was used for, in order of their names. */
  readonly clients: readonly string[];
}

/** Nobody has as many browsers; a program that signs in again and again is cut here, newest first. */
const MAX_OF_PERSON = 200;

const COLUMNS = `s.session_id AS "sessionId", s.opened_at AS "openedAt", least(s.idle_until, s.expires_at) AS "idleUntil",
  s.expires_at AS "expiresAt", s.acr, ARRAY(SELECT c.client_id FROM bridge.session_client c
    WHERE c.session_id = s.session_id ORDER BY c.client_id) AS clients`;
const LIVING = 's.ended_at IS NULL AND s.idle_until > $1 AND s.expires_at > $1';

const OF_PERSON = `SELECT ${COLUMNS} FROM bridge.sign_in_session s WHERE ${LIVING} AND s.person_tag = $2
  ORDER BY s.opened_at DESC, s.session_id LIMIT $3`;

/** The living sessions of one person, newest first. `tag`: in the domain `authority`. Errors: those of `Queryable`. */
export async function listSessions(db: Queryable, tag: Buffer, now: Date): Promise<readonly ListedSession[]> {
  return (await db.query<ListedSession>({ text: OF_PERSON, values: [now, tag, MAX_OF_PERSON] })).rows;
}

const OF_ALL = `SELECT ${COLUMNS} FROM bridge.sign_in_session s WHERE ${LIVING} AND ($2::uuid IS NULL OR s.session_id > $2)
  ORDER BY s.session_id LIMIT $3`;

/**
 * A page of everybody's living sessions in order of their ids, behind the id `after` (null: from the first). At most `limit`.
 * Errors: those of `Queryable`.
 */
export async function listLivingSessions(
  db: Queryable,
  now: Date,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly ListedSession[]> {
  return (await db.query<ListedSession>({ text: OF_ALL, values: [now, page.after, page.limit] })).rows;
}

const COUNT = `SELECT count(*)::int AS living FROM (SELECT 1 FROM bridge.sign_in_session s WHERE ${LIVING} LIMIT $2) AS few`;

/** How many sessions live, counted up to `most`: beyond it nobody needs the number. Errors: those of `Queryable`. */
export async function countLivingSessions(db: Queryable, now: Date, most: number): Promise<number> {
  const { rows } = await db.query<{ living: number }>({ text: COUNT, values: [now, most] });
  return rows[0]?.living ?? 0;
}

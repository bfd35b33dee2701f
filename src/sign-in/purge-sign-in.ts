import type { Queryable } from '../storage/database.js';

const DAY_MS = 86_400_000;
/** As long as somebody may ask at the desk what became of a session; the log has it for good. */
const ENDED_DAYS = 30;
/** Until the log's entries about it were certainly written. */
const TOKEN_DAYS = 1;

/** Rows in one statement: few locks, and short ones. */
const CHUNK = 1000;
/** Statements for one table in one run; what is left waits for the next. */
const MAX_CHUNKS = 50;

interface Purge {
  readonly table: string;
  /** Of rows `t`; $1 is the instant. */
  readonly where: string;
  readonly days: number;
}

// Sessions after their tokens: what is left of them goes with the session.
const PURGES: readonly Purge[] = [
  { table: 'access_token', where: 't.expires_at <= $1', days: TOKEN_DAYS },
  { table: 'upstream_state', where: 't.expires_at <= $1', days: 0 },
  { table: 'oidc_record', where: 't.expires_at <= $1', days: 0 },
  // Written by the provider while the session ended: it signs nobody in, and is of no use.
  {
    table: 'oidc_record',
    where: `EXISTS (SELECT 1 FROM bridge.sign_in_session s WHERE s.session_id = t.session_id AND s.ended_at <= $1)`,
    days: 0,
  },
  { table: 'sign_in_key', where: 't.gone_at <= $1', days: 0 },
  { table: 'sign_in_session', where: 't.ended_at <= $1', days: ENDED_DAYS },
];

/**
 * Deletes what is of no use any more: access tokens a day after their end, sessions thirty days after theirs, and at once what else
 * has passed its time. Instances that do it at the same time share the work. Errors: those of `Queryable`.
 */
export async function purgeSignIn(db: Queryable, now: Date): Promise<void> {
  for (const { table, where, days } of PURGES) {
    const before = new Date(now.getTime() - days * DAY_MS);
    const text = `DELETE FROM bridge.${table} WHERE ctid = ANY(ARRAY(
      SELECT t.ctid FROM bridge.${table} t WHERE ${where} LIMIT ${CHUNK} FOR UPDATE OF t SKIP LOCKED))`;
    for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
      if ((await db.query({ text, values: [before] })).count < CHUNK) break;
    }
  }
}

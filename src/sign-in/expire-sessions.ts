import type { Appender } from '../audit/appender.js';
import type { Queryable } from '../storage/database.js';
import { endLane, type LockedSession } from './end-lane.js';

/** Sessions in one transaction: some milliseconds in which no other batch is written. */
const AT_ONCE = 50;
/** Transactions in one run; the next run goes on. A whole morning's sign-ins are over within a few runs. */
const MAX_BATCHES = 20;

const PAST = `SELECT session_id FROM bridge.sign_in_session
  WHERE ended_at IS NULL AND (idle_until <= $1 OR expires_at <= $1) AND ($2::uuid IS NULL OR session_id > $2)
  ORDER BY session_id LIMIT $3`;

/**
 * Ends what has passed its idle or its absolute limit: one `session.ended` each, by whichever instance comes first, and the queue that
 * tells the applications. A session over its limit signs nobody in before that either. Gives the number of sessions ended. `log`
 * needs `endSessionApplier`. Errors: those of `Queryable` and `Appender`.
 */
export async function expireSessions(db: Queryable, log: Appender, now: Date): Promise<number> {
  let ended = 0;
  let after: string | null = null;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const past = await db.query<{ session_id: string }>({ text: PAST, values: [now, after, AT_ONCE] });
    const ids: readonly string[] = past.rows.map((row) => row.session_id);
    if (ids.length === 0) break;
    ended += await log.submit(endLane, { ids, reasonOf: (session) => passed(session, now), now });
    after = ids.at(-1) ?? null;
    if (ids.length < AT_ONCE) break;
  }
  return ended;
}

/** Looked at again under the lock: a use may have moved the limit on meanwhile. */
function passed({ expiresAt, idleUntil }: LockedSession, now: Date): 'expired' | 'idle' | null {
  if (expiresAt <= now) return 'expired';
  return idleUntil <= now ? 'idle' : null;
}

import type { Queryable } from '../../storage/database.js';

/** Losses that wait. `forPersons`: those that a stopped run holds; `overdue`: whose second reading could have come a while ago. */
export interface HeldCounts {
  readonly waiting: number;
  readonly forPersons: number;
  readonly overdue: number;
}

/** A second reading comes with the next chunk; after so long something keeps it back. */
const LATE_MINUTES = 60;
const COUNT = `SELECT count(*)::int AS waiting, count(r.run_id)::int AS "forPersons",
    (count(*) FILTER (WHERE r.run_id IS NULL AND h.second_after < $1::timestamptz - interval '${LATE_MINUTES} minutes'))::int AS overdue
  FROM bridge.mersis_held h LEFT JOIN bridge.mersis_run r ON r.run_id = h.run_id AND r.state = 'stopped'
  WHERE h.released_at IS NULL`;

/** How many losses wait at `now`, and for what. Errors: those of `Queryable`. */
export async function countHeld(db: Queryable, now: Date): Promise<HeldCounts> {
  const { rows } = await db.query<HeldCounts>({ text: COUNT, values: [now] });
  return rows[0] ?? { waiting: 0, forPersons: 0, overdue: 0 };
}

import type { Queryable } from '../../storage/database.js';
import type { HoldReason } from '../guard.js';

/** A run that waits for two persons. */
export interface StoppedRun {
  readonly runId: string;
  readonly kind: 'poll' | 'sync';
  readonly startedAt: Date;
  readonly asked: number;
  readonly losses: number;
  readonly lossLimit: number;
  /** When an officer looked at it first; null: nobody has. */
  readonly reviewedAt: Date | null;
}

/** A seat that would be lost; whose it is stands in the log. On `to` the term is over. */
interface LostSeat {
  readonly role: string;
  readonly from: string;
  readonly to: string | null;
}

/** A loss that waits. `ofRun`: the stopped run holds it, and its release lets it pass; others wait for a second reading. */
export interface HeldChange {
  readonly mersisNo: string;
  readonly unvan: string | null;
  readonly why: HoldReason;
  readonly ofRun: boolean;
  readonly seenAt: Date;
  readonly secondAfter: Date;
  /** Seats in force until now. */
  readonly inForce: number;
  readonly lost: readonly LostSeat[];
  readonly gained: number;
}

export interface HeldList {
  readonly run: StoppedRun | null;
  readonly changes: readonly HeldChange[];
  /** How many wait altogether. */
  readonly total: number;
}

/** Shown at once. A run stops at some hundred; nobody reads more than this. */
const SHOWN = 10_000;

/** The run that stands stopped, of which there is one at the most. */
export const STOPPED_RUN = `SELECT run_id AS "runId", kind, started_at AS "startedAt", asked, losses, loss_limit AS "lossLimit",
    reviewed_at AS "reviewedAt"
  FROM bridge.mersis_run WHERE state = 'stopped'`;
/** Of `mersis_held` as `h`, with its cooperative as `c`; `$1`: the stopped run, or null. */
export const HELD_COLUMNS = `h.mersis_no AS "mersisNo", c.unvan, h.why, h.run_id IS NOT DISTINCT FROM $1::uuid AND $1::uuid IS NOT NULL AS "ofRun",
    h.seen_at AS "seenAt", h.second_after AS "secondAfter", h.held AS "inForce", h.gained,
    coalesce((SELECT json_agg(json_build_object('role', s.role, 'from', s.starts_on, 'to', s.ends_on)
        ORDER BY s.role, s.starts_on, s.seat_id)
      FROM bridge.authority_seat s WHERE s.seat_id = ANY(h.lost)), '[]') AS lost`;
const HELD = `SELECT ${HELD_COLUMNS}
  FROM bridge.mersis_held h LEFT JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE h.released_at IS NULL ORDER BY 4 DESC, h.seen_at, h.mersis_no LIMIT ${SHOWN}`;
const TOTAL = 'SELECT count(*)::int AS total FROM bridge.mersis_held WHERE released_at IS NULL';

/** What waits, those of the stopped run first; at most 10,000. Nobody's number with it. Errors: those of `Queryable`. */
export async function listHeld(db: Queryable): Promise<HeldList> {
  const [run = null] = (await db.query<StoppedRun>({ text: STOPPED_RUN })).rows;
  const { rows } = await db.query<HeldChange>({ text: HELD, values: [run?.runId ?? null] });
  const counted = await db.query<{ total: number }>({ text: TOTAL });
  return { run, changes: rows, total: counted.rows[0]?.total ?? 0 };
}

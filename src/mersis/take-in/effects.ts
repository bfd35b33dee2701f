import type { Effect, EffectApplier } from '../../audit/lane.js';
import type { HoldReason } from '../guard.js';

/** A loss that waits from now on. `digest`: hex. */
export interface HeldRow {
  readonly mersisNo: string;
  readonly digest: string;
  readonly why: HoldReason;
  readonly runId: string | null;
  readonly seenAt: Date;
  readonly secondAfter: Date;
  readonly held: number;
  readonly lost: readonly string[];
  readonly gained: number;
}

/** What is held, and what is not any longer. */
export interface HeldChanged extends Effect {
  readonly kind: 'mersis-held';
  readonly put: readonly HeldRow[];
  readonly drop: readonly string[];
}

/** What a run has come to by some readings. What was asked, changed and refused the poll counts. */
export interface RunCounted extends Effect {
  readonly kind: 'mersis-run-counted';
  readonly runId: string;
  readonly losses: number;
  readonly stops: boolean;
}

const DROP = 'DELETE FROM bridge.mersis_held WHERE mersis_no = ANY($1::text[])';
const PUT = `INSERT INTO bridge.mersis_held AS h
    (mersis_no, digest, why, run_id, seen_at, second_after, held, lost, gained)
  SELECT x."mersisNo", decode(x.digest, 'hex'), x.why, x."runId", x."seenAt", x."secondAfter", x.held, x.lost, x.gained
  FROM json_to_recordset($1::json) AS x("mersisNo" text, digest text, why text, "runId" uuid, "seenAt" timestamptz,
    "secondAfter" timestamptz, held integer, lost uuid[], gained integer) ORDER BY 1
  ON CONFLICT (mersis_no) DO UPDATE SET digest = excluded.digest, why = excluded.why, run_id = excluded.run_id,
    seen_at = excluded.seen_at, second_after = excluded.second_after, held = excluded.held, lost = excluded.lost,
    gained = excluded.gained, released_at = NULL`;

/** Rows of `mersis_held`; the lane has locked those that were there, and their cooperatives. */
export const heldApplier: EffectApplier<HeldChanged> = {
  kind: 'mersis-held',
  apply: async (tx, placed) => {
    const put = placed.flatMap(({ effect }) => effect.put);
    const drop = placed.flatMap(({ effect }) => effect.drop);
    if (drop.length > 0) await tx.query({ name: 'mersis-held-drop', text: DROP, values: [drop] });
    if (put.length > 0) await tx.query({ name: 'mersis-held-put', text: PUT, values: [JSON.stringify(put)] });
  },
};

const COUNT = `UPDATE bridge.mersis_run r SET losses = r.losses + n.losses,
    state = CASE WHEN n.stops AND r.state = 'running' THEN 'stopped' ELSE r.state END
  FROM (SELECT x."runId", sum(x.losses)::int AS losses, bool_or(x.stops) AS stops
    FROM json_to_recordset($1::json) AS x("runId" uuid, losses integer, stops boolean) GROUP BY 1) n
  WHERE r.run_id = n."runId"`;

/** Losses of runs, which their lane has locked. */
export const runCountedApplier: EffectApplier<RunCounted> = {
  kind: 'mersis-run-counted',
  apply: async (tx, placed) => {
    const rows = placed.map(({ effect: { kind: _kind, ...row } }) => row);
    await tx.query({ name: 'mersis-run-count', text: COUNT, values: [JSON.stringify(rows)] });
  },
};

import type { Transaction } from '../../storage/database.js';
import type { Hold, HoldReason, RunCount } from '../guard.js';

/** A run as it stands under its lock. */
export interface LockedRun extends RunCount {
  readonly asked: number;
}

interface RunRow {
  run_id: string;
  state: string;
  asked: number;
  losses: number;
  loss_limit: number;
}

interface HoldRow {
  mersis_no: string;
  digest: string;
  why: HoldReason;
  run_id: string | null;
  second_after: Date;
  released_at: Date | null;
}

const LOCK_RUNS = `SELECT run_id, state, asked, losses, loss_limit FROM bridge.mersis_run
  WHERE run_id = ANY($1::uuid[]) OR state = 'stopped' ORDER BY run_id FOR UPDATE`;
const LOCK_HOLDS = `SELECT mersis_no, encode(digest, 'hex') AS digest, why, run_id, second_after, released_at
  FROM bridge.mersis_held WHERE mersis_no = ANY($1::text[]) ORDER BY mersis_no FOR UPDATE`;

/** These runs and the one that stands stopped, by id, locked in key order. Behind the cooperatives, in front of what is held. */
export async function lockRuns(
  tx: Transaction,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, LockedRun>> {
  const { rows } = await tx.query<RunRow>({ name: 'mersis-lock-runs', text: LOCK_RUNS, values: [runIds] });
  return new Map(
    rows.map(({ run_id: runId, state, asked, losses, loss_limit: lossLimit }) => [
      runId,
      {
        runId,
        state: state === 'running' || state === 'stopped' ? state : 'over',
        asked,
        losses,
        lossLimit,
      },
    ]),
  );
}

/** What is held of these cooperatives, locked in key order. */
export async function lockHolds(
  tx: Transaction,
  mersisNos: readonly string[],
): Promise<ReadonlyMap<string, Hold>> {
  const query = { name: 'mersis-lock-holds', text: LOCK_HOLDS, values: [mersisNos] };
  const { rows } = await tx.query<HoldRow>(query);
  return new Map(
    rows.map(({ mersis_no, digest, why, run_id: runId, second_after, released_at }) => [
      mersis_no,
      { digest, why, runId, secondAfter: second_after, releasedAt: released_at },
    ]),
  );
}

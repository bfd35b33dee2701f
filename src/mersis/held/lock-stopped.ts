import type { Transaction } from '../../storage/database.js';

/** A loss that a stopped run holds. */
export interface HeldOfRun {
  readonly mersisNo: string;
  readonly seenAt: Date;
  /** How many seats it takes away. */
  readonly lost: number;
}

/** A stopped run with what it holds, under its lock. */
export interface LockedStopped {
  readonly runId: string;
  readonly reviewerTag: Buffer | null;
  readonly reviewedAt: Date | null;
  readonly held: readonly HeldOfRun[];
}

// The poll books cooperatives first and its run behind them. Nothing is added meanwhile: that takes the lock of an exclusive batch.
const LOCK_POLLED = `SELECT 1 FROM bridge.mersis_cooperative WHERE mersis_no IN
    (SELECT mersis_no FROM bridge.mersis_held WHERE run_id = $1) ORDER BY mersis_no FOR UPDATE`;
const LOCK_RUN = `SELECT reviewer_tag AS "reviewerTag", reviewed_at AS "reviewedAt" FROM bridge.mersis_run
  WHERE run_id = $1 AND state = 'stopped' FOR UPDATE`;
const LOCK_HELD = `SELECT mersis_no AS "mersisNo", seen_at AS "seenAt", cardinality(lost) AS lost FROM bridge.mersis_held
  WHERE run_id = $1 ORDER BY mersis_no FOR UPDATE`;

/** The run with what it holds; null where it does not stand stopped. In the `settle` of exclusive lanes alone. */
export async function lockStopped(tx: Transaction, runId: string): Promise<LockedStopped | null> {
  await tx.query({ text: LOCK_POLLED, values: [runId] });
  const { rows } = await tx.query<Pick<LockedStopped, 'reviewerTag' | 'reviewedAt'>>({
    text: LOCK_RUN,
    values: [runId],
  });
  const [run] = rows;
  if (run === undefined) return null;
  const held = await tx.query<HeldOfRun>({ text: LOCK_HELD, values: [runId] });
  return { runId, ...run, held: held.rows };
}

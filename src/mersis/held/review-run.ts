import type { Appender } from '../../audit/appender.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import type { ActingOfficer } from '../../audit/retention/officer.js';
import type { Transaction } from '../../storage/database.js';
import { type LockedStopped, lockStopped } from './lock-stopped.js';
import {
  type HeldOfficer,
  type HeldTools,
  type HeldVerdict,
  NOT_ACTING,
  NOT_STOPPED,
  reviewEntry,
} from './officer.js';

/** Who reviews which run. `osUser`: operating-system user. */
export interface RunReview {
  readonly runId: string;
  readonly reviewer: HeldOfficer;
  readonly osUser: string;
}

/** What was looked at. */
export interface Reviewed {
  readonly cooperatives: number;
  readonly lost: number;
  readonly leafIndex: bigint;
}

/** Who has reviewed a run, and when. */
export interface ReviewedRun extends Effect {
  readonly kind: 'mersis-run-reviewed';
  readonly runId: string;
  readonly tag: Buffer;
  readonly reviewedAt: Date;
}

const PATIENCE_MS = 30_000;

/** Exclusive, as what takes roles and sessions away is, and what adds to the run: what it looks at stands still. */
function reviewLane(tools: HeldTools): Lane<RunReview, HeldVerdict<Reviewed>> {
  return {
    name: '5-mersis-review',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<HeldVerdict<Reviewed>>[] = [];
      for (const item of items) settled.push(await settleReview(tx, item, tools, now));
      return settled;
    },
  };
}

async function settleReview(
  tx: Transaction,
  { osUser, reviewer, runId }: RunReview,
  tools: HeldTools,
  now: Date,
): Promise<Settled<HeldVerdict<Reviewed>>> {
  const { officer } = reviewer;
  if (!(await reviewer.stillActs(tx, officer, now))) return NOT_ACTING;
  const run = await lockStopped(tx, runId);
  if (run === null) return NOT_STOPPED;
  const { entry, effects, lost } = await reviewOf(tx, run, { officer, osUser, seenAt: now }, tools, now);
  return {
    entries: [entry],
    effects,
    answer: ([receipt]) => {
      const leafIndex = receipt?.leafIndex ?? -1n;
      return { kind: 'done', value: { cooperatives: run.held.length, lost, leafIndex } };
    },
  };
}

/** Who has looked at a run, and how it was when they did: what came after `seenAt` they have not seen. */
interface Look {
  readonly officer: ActingOfficer;
  readonly osUser: string;
  readonly seenAt: Date;
}

/** Entry and effects of an officer's look at `run`, which is locked and holds what was looked at. `lost`: seats altogether. */
export async function reviewOf(
  tx: Transaction,
  run: Pick<LockedStopped, 'held' | 'reviewerTag' | 'runId'>,
  { officer, osUser, seenAt }: Look,
  tools: HeldTools,
  now: Date,
): Promise<{ readonly entry: EntryDraft; readonly effects: readonly Effect[]; readonly lost: number }> {
  const { held, reviewerTag, runId } = run;
  // The first one stays: the second looks at it too before deciding, and must not become the only one who has.
  const stays =
    reviewerTag !== null && !reviewerTag.equals(officer.tag) && (await tools.isOfficer(tx, reviewerTag));
  const effect: ReviewedRun = { kind: 'mersis-run-reviewed', runId, tag: officer.tag, reviewedAt: seenAt };
  return {
    entry: reviewEntry(officer, run, osUser, now),
    effects: stays ? [] : [effect],
    lost: held.reduce((sum, one) => sum + one.lost, 0),
  };
}

/**
 * Records that an officer has looked at what a stopped run holds (`mersis.reviewed`); who did first is the first of the two persons. `log`
 * needs `HELD_APPLIERS`. Refused: `TOKEN_INVALID`, `STATE_CONFLICT`. Errors: those of `Appender`.
 */
export function reviewRun(
  log: Appender,
  tools: HeldTools,
  review: RunReview,
): Promise<HeldVerdict<Reviewed>> {
  return log.submit(reviewLane(tools), review);
}

const REVIEW = 'UPDATE bridge.mersis_run SET reviewer_tag = $2, reviewed_at = $3 WHERE run_id = $1';

/** Writes who reviewed a run, which the lane has locked. */
export const reviewApplier: EffectApplier<ReviewedRun> = {
  kind: 'mersis-run-reviewed',
  apply: async (tx, placed) => {
    for (const { effect } of placed)
      await tx.query({ text: REVIEW, values: [effect.runId, effect.tag, effect.reviewedAt] });
  },
};

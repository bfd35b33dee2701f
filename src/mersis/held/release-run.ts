import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import type { ActingOfficer } from '../../audit/retention/officer.js';
import type { Transaction } from '../../storage/database.js';
import { type LockedStopped, lockStopped } from './lock-stopped.js';
import {
  actorNumber,
  type HeldOfficer,
  type HeldTools,
  type HeldVerdict,
  NOT_ACTING,
  NOT_STOPPED,
  refused,
  reviewEntry,
} from './officer.js';
import { reviewApplier } from './review-run.js';

export type RunDecision = 'released' | 'rejected';

/**
 * What a second officer decides on a stopped run. `reviewer`: the first one, where both are there at once and the review is to be recorded
 * with the decision; null where the run was reviewed before.
 */
export interface RunRelease {
  readonly runId: string;
  readonly decision: RunDecision;
  readonly reason: string | null;
  readonly officer: HeldOfficer;
  readonly reviewer: HeldOfficer | null;
  readonly osUser: string;
}

/** `cooperatives`: on which was decided. `anew`: came after the review, so that nobody has seen them; they are read and judged again. */
export interface Released {
  readonly cooperatives: number;
  readonly anew: number;
  readonly leafIndex: bigint;
}

/** What a decision does to the run and to what it holds. */
interface DecidedRun extends Effect {
  readonly kind: 'mersis-run-decided';
  readonly runId: string;
  readonly decision: RunDecision;
  readonly decidedAt: Date;
  readonly reviewerTag: Buffer;
  readonly reviewedAt: Date;
  readonly pass: readonly string[];
  readonly forget: readonly string[];
}

const PATIENCE_MS = 30_000;

/** Exclusive, as what takes roles and sessions away is, and what adds to the run: of two decisions the second finds it decided. */
function releaseLane(tools: HeldTools): Lane<RunRelease, HeldVerdict<Released>> {
  return {
    name: '5-mersis-release',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const all: Settled<HeldVerdict<Released>>[] = [];
      for (const item of items) all.push(await settleRelease(tx, item, tools, now));
      return all;
    },
  };
}

async function settleRelease(
  tx: Transaction,
  release: RunRelease,
  tools: HeldTools,
  now: Date,
): Promise<Settled<HeldVerdict<Released>>> {
  const { officer, reviewer, runId } = release;
  for (const one of reviewer === null ? [officer] : [reviewer, officer])
    if (!(await one.stillActs(tx, one.officer, now))) return NOT_ACTING;
  const run = await lockStopped(tx, runId);
  if (run === null) return NOT_STOPPED;
  const first = await firstPerson(tx, release, run, tools, now);
  if (first === null)
    return refused(
      'SECOND_PERSON_REQUIRED',
      'another officer must have reviewed the run first: bridge mersis review',
    );
  return settled(release, run, first, now);
}

/** Who has looked at a run first, and until when. */
interface FirstPerson {
  readonly tag: Buffer;
  readonly reviewedAt: Date;
}

/** Who has reviewed it and is not who decides; null where nobody has, or is no officer any longer. */
async function firstPerson(
  tx: Transaction,
  { officer, reviewer }: RunRelease,
  { reviewedAt, reviewerTag }: LockedStopped,
  tools: HeldTools,
  now: Date,
): Promise<FirstPerson | null> {
  const isSame = (tag: Buffer) => tag.equals(officer.officer.tag);
  if (reviewer !== null) {
    const { tag } = reviewer.officer;
    return isSame(tag) ? null : { tag, reviewedAt: now };
  }
  if (reviewerTag === null || reviewedAt === null || isSame(reviewerTag)) return null;
  return (await tools.isOfficer(tx, reviewerTag)) ? { tag: reviewerTag, reviewedAt } : null;
}

/** A decision on a run, with who has looked at it before, and until when. */
export interface RunDeciding {
  readonly decision: RunDecision;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
  readonly first: FirstPerson;
  readonly osUser: string;
}

/** What a decision on a run writes and does. `cooperatives`, `anew`: as in `Released`. */
export interface RunDecided extends Pick<Released, 'cooperatives' | 'anew'> {
  readonly entry: EntryDraft;
  readonly effect: Effect;
}

/** Entry and effect of a decision on `run`, which is locked; that two persons stand behind it, the lane has seen to. */
export function decideRun(
  { decision, first: { reviewedAt, tag }, officer, osUser, reason }: RunDeciding,
  { held, runId }: LockedStopped,
  now: Date,
): RunDecided {
  const seen = held.filter(({ seenAt }) => seenAt.getTime() <= reviewedAt.getTime());
  const passes = new Set(decision === 'released' ? seen.map(({ mersisNo }) => mersisNo) : []);
  const effect: DecidedRun = {
    kind: 'mersis-run-decided',
    runId,
    decision,
    decidedAt: now,
    reviewerTag: tag,
    reviewedAt,
    pass: [...passes],
    forget: held.map(({ mersisNo }) => mersisNo).filter((mersisNo) => !passes.has(mersisNo)),
  };
  const cooperatives = seen.length;
  const data = { actor: officer.session, cooperatives, decision, osUser, reason, run: runId };
  const entry = draftOf('mersis.released', now, data, [actorNumber(officer)]);
  return { entry, effect, cooperatives, anew: held.length - cooperatives };
}

function settled(
  { decision, officer: { officer }, osUser, reason, reviewer }: RunRelease,
  run: LockedStopped,
  first: FirstPerson,
  now: Date,
): Settled<HeldVerdict<Released>> {
  const decided = decideRun({ decision, officer, osUser, reason, first }, run, now);
  const { anew, cooperatives, effect, entry } = decided;
  const review = reviewer === null ? [] : [reviewEntry(reviewer.officer, run, osUser, now)];
  return {
    entries: [...review, entry],
    effects: [effect],
    answer: (receipts) => {
      const leafIndex = receipts.at(-1)?.leafIndex ?? -1n;
      return { kind: 'done', value: { cooperatives, anew, leafIndex } };
    },
  };
}

/**
 * Lets what a stopped run holds pass, or rejects it, in one transaction with `mersis.released`: released readings are taken in when they
 * are read again and still say the same; rejected ones are forgotten; either way these cooperatives are due at once. Both decisions need
 * two persons. `log` needs `HELD_APPLIERS`. Refused: `TOKEN_INVALID`, `STATE_CONFLICT`, `SECOND_PERSON_REQUIRED`. Errors: those of `Appender`.
 */
export function releaseRun(
  log: Appender,
  tools: HeldTools,
  release: RunRelease,
): Promise<HeldVerdict<Released>> {
  return log.submit(releaseLane(tools), release);
}

const RUN = `UPDATE bridge.mersis_run SET state = $2, ended_at = $3, reviewer_tag = $4, reviewed_at = $5 WHERE run_id = $1`;
const PASS = 'UPDATE bridge.mersis_held SET released_at = $2 WHERE mersis_no = ANY($1::text[])';
const FORGET = 'DELETE FROM bridge.mersis_held WHERE mersis_no = ANY($1::text[])';
const DUE = `UPDATE bridge.mersis_cooperative SET due_at = least(due_at, $2), wished_at = coalesce(wished_at, $2)
  WHERE mersis_no = ANY($1::text[])`;

/** Writes a decision; run, what it holds and the cooperatives are locked by the lane. */
const decidedApplier: EffectApplier<DecidedRun> = {
  kind: 'mersis-run-decided',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      const { decidedAt, decision, forget, pass, reviewedAt, reviewerTag, runId } = effect;
      await tx.query({ text: RUN, values: [runId, decision, decidedAt, reviewerTag, reviewedAt] });
      await tx.query({ text: PASS, values: [pass, decidedAt] });
      await tx.query({ text: FORGET, values: [forget] });
      await tx.query({ text: DUE, values: [[...pass, ...forget], decidedAt] });
    }
  },
};

/** For whoever reviews and releases. */
export const HELD_APPLIERS = [reviewApplier, decidedApplier] as readonly EffectApplier[];

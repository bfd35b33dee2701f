import type { Appender } from '../../audit/appender.js';
import type { Settled } from '../../audit/lane.js';
import { type DecisionWish, settleDecision } from '../../proposals/decide.js';
import { deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { lockStopped } from './lock-stopped.js';
import { heldActorOf, type ReleaseTools, releaseTermsOf } from './propose-release.js';
import { decideRun } from './release-run.js';

/** What an officer decides on a proposal about a stopped run. */
export type ReleaseDecision = Omit<DecisionWish, 'what'>;

/** How it ended. `cooperatives`, `anew`: as in `Released`; 0 where nothing was carried out. */
export interface ReleaseDecided {
  readonly cooperatives: number;
  readonly anew: number;
  readonly leafIndex: bigint;
}

async function settleProposed(
  tx: Transaction,
  wish: ReleaseDecision,
  { osUser, ports }: ReleaseTools,
  now: Date,
): Promise<Settled<Verdict<ReleaseDecided>>> {
  const settled = await settleDecision(tx, { ...wish, what: 'mersis.release' }, ports, now);
  if (!settled.ok) return refused(settled.code, settled.message);
  const { effects, entries, proposal } = settled;
  // Whoever refuses or withdraws is not held to what stands there.
  if (wish.decision !== 'approved')
    return done(entries, effects, (receipts) => {
      return { cooperatives: 0, anew: 0, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
    });
  const terms = releaseTermsOf(proposal);
  if (terms === null) return refused('STATE_CONFLICT', 'the terms of the proposal are not readable');
  const run = await lockStopped(tx, proposal.subject);
  if (run === null)
    return refused('STATE_CONFLICT', 'the run does not stand stopped any more: refuse the proposal');
  const { decision, reason, seenAt } = terms;
  const first = { tag: proposal.proposerTag, reviewedAt: new Date(seenAt) };
  const deciding = { decision, reason, osUser, first, officer: heldActorOf(wish.officer) };
  const { anew, cooperatives, effect, entry } = decideRun(deciding, run, now);
  return done([...entries, entry], [...effects, effect], (receipts) => {
    return { cooperatives, anew, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

/**
 * Ends a proposal about a stopped run; approved, what its proposer had seen is let pass or rejected in the same transaction, as `releaseRun`
 * does it. `log` needs `HELD_APPLIERS` and `PROPOSAL_APPLIERS`. Refused: as `settleDecision`, and `STATE_CONFLICT` where the run does not stand
 * stopped any more. Errors: those of `Appender`.
 */
export function decideRelease(
  log: Appender,
  tools: ReleaseTools,
  decision: ReleaseDecision,
): Promise<Verdict<ReleaseDecided>> {
  const lane = deedLane<ReleaseDecision, ReleaseDecided>('5-mersis-release-decide', (tx, item, now) =>
    settleProposed(tx, item, tools, now),
  );
  return log.submit(lane, decision);
}

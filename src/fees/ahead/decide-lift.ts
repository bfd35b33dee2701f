import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulQuarter } from '../../calendar/istanbul-day.js';
import { type DecisionWish, type OfficerDecision, settleDecision } from '../../proposals/decide.js';
import type { Proposal } from '../../proposals/proposal.js';
import { actedBy, deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { type LiftTerms, type LiftTools, liftTermsOf } from './propose-lift.js';

/** What an officer decides on a proposal about a stop. */
export type LiftDecision = Omit<DecisionWish, 'what'>;

/** What the proposal was about, `account` and `quarter` null where its terms are none; in force only where it was approved. */
export interface LiftDecided {
  readonly proposal: string;
  readonly decision: OfficerDecision;
  readonly account: string | null;
  readonly quarter: string | null;
  readonly toPercent: number | null;
  readonly leafIndex: bigint;
}

/** A stop that is lifted. `entryId`: its `fees.stop-lifted`. */
interface StopLifted extends Effect {
  readonly kind: 'fee-stop-lifted';
  readonly entryId: string;
  readonly account: string;
  readonly quarter: string;
  readonly toPercent: number | null;
}

async function settleLift(
  tx: Transaction,
  wish: LiftDecision,
  tools: LiftTools,
  now: Date,
): Promise<Settled<Verdict<LiftDecided>>> {
  const settled = await settleDecision(tx, { ...wish, what: 'fees.stop' }, tools.ports, now);
  if (!settled.ok) return refused(settled.code, settled.message);
  const { effects, entries, proposal } = settled;
  const terms = liftTermsOf(proposal);
  const { account, quarter, toPercent } = terms ?? { account: null, quarter: null, toPercent: null };
  const value = { proposal: proposal.id, decision: wish.decision, account, quarter, toPercent };
  // Whoever refuses or withdraws is not held to what stands there.
  if (wish.decision !== 'approved')
    return done(entries, effects, (receipts) => ({ ...value, leafIndex: receipts.at(-1)?.leafIndex ?? -1n }));
  if (terms === null) return refused('STATE_CONFLICT', 'the terms of the proposal are not readable');
  const obstacle = staleness(terms, tools, now);
  if (obstacle !== null) return refused('STATE_CONFLICT', obstacle);
  const lifted = liftedBy(wish, proposal, terms, tools, now);
  return done([...entries, lifted.entry], [...effects, lifted.effect], (receipts) => {
    return { ...value, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

/** What has changed since it was proposed; null: nothing. */
function staleness(
  { account, budget, quarter }: LiftTerms,
  { accounts }: LiftTools,
  now: Date,
): string | null {
  if (istanbulQuarter(now) !== quarter) return `${quarter} is over: what stopped it stops nothing any more`;
  const today = accounts.find(({ id }) => id === account)?.budget ?? null;
  const isSame =
    today !== null &&
    today.quarterKurus === budget.quarterKurus &&
    today.quarterQueries === budget.quarterQueries &&
    today.stopAtPercent === budget.stopAtPercent;
  return isSame
    ? null
    : "the account's budget is not what it was when this was proposed: withdraw it and propose it anew";
}

function liftedBy(
  { officer }: LiftDecision,
  { id: proposal }: Proposal,
  { account, quarter, toPercent }: LiftTerms,
  { ports: { instance, osUser } }: LiftTools,
  now: Date,
) {
  const { actor, personal } = actedBy(officer);
  const data = { account, actor, instance, osUser, proposal, quarter, toPercent };
  const entry = draftOf('fees.stop-lifted', now, data, personal);
  const effect: StopLifted = { kind: 'fee-stop-lifted', entryId: entry.id, account, quarter, toPercent };
  return { entry, effect };
}

/**
 * Ends a proposal about a stop; approved, the stop is lifted in the same transaction. `log` needs `FEE_APPLIERS`. Refused: as
 * `settleDecision`, and `STATE_CONFLICT` where the quarter is over or the budget another one. Errors: those of `Appender`.
 */
export function decideLift(
  log: Appender,
  tools: LiftTools,
  decision: LiftDecision,
): Promise<Verdict<LiftDecided>> {
  const lane = deedLane<LiftDecision, LiftDecided>('5-fees-stop-decide', (tx, item, now) =>
    settleLift(tx, item, tools, now),
  );
  return log.submit(lane, decision);
}

const INSERT =
  'INSERT INTO bridge.fee_stop_lift (account_id, quarter, to_percent, leaf) VALUES ($1, $2, $3, $4)';

export const stopLiftedApplier: EffectApplier<StopLifted> = {
  kind: 'fee-stop-lifted',
  apply: async (tx, placed) => {
    // One item stands alone in an exclusive batch.
    for (const { effect, leafOf } of placed) {
      const { account, entryId, quarter, toPercent } = effect;
      await tx.query({ text: INSERT, values: [account, quarter, toPercent, leafOf(entryId)] });
    }
  },
};

import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, Lane, Settled } from '../../audit/lane.js';
import { type OfficerDecision, settleDecision } from '../../proposals/decide.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import type { ApprovedQuarter, ReopenedQuarter } from './appliers.js';
import { type CloseTools, QUARTER_PROPOSAL } from './close-tools.js';
import { type KeptStatement, lockQuarterRow, openKept, stateAt } from './quarter-row.js';
import { type QuarterEvent, transitionOf } from './states.js';

/** What becomes of a frozen quarter. `proposal`: the one that was looked at; another statement is another proposal. */
export interface QuarterOrder {
  readonly quarter: string;
  readonly proposal: string;
  readonly decision: OfficerDecision;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}

/** What was decided on. */
export interface DecidedQuarter {
  readonly statementSha256: string;
  readonly leafIndex: bigint;
}

const EVENTS: Readonly<Record<OfficerDecision, QuarterEvent>> = {
  approved: 'approve',
  refused: 'refuse',
  withdrawn: 'withdraw',
};

function decideLane(tools: Pick<CloseTools, 'ports'>): Lane<QuarterOrder, Verdict<DecidedQuarter>> {
  return deedLane('6-fees-quarter-decide', (tx, order, now) => settleOrder(tx, order, tools, now));
}

async function settleOrder(
  tx: Transaction,
  order: QuarterOrder,
  { ports }: Pick<CloseTools, 'ports'>,
  now: Date,
): Promise<Settled<Verdict<DecidedQuarter>>> {
  const { decision, officer, proposal, quarter, reason } = order;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const row = await lockQuarterRow(tx, quarter);
  const state = stateAt(row, quarter, now);
  if (transitionOf(state, EVENTS[decision]) === null)
    return refused('STATE_CONFLICT', `${quarter} is ${state}: there is nothing to be decided`);
  if (row === null || row.kept === null || row.proposal !== proposal)
    return refused('STATE_CONFLICT', `${quarter} was frozen anew meanwhile: look at its statement again`);
  // A statement that somebody changed can still be refused, and is made anew then.
  if (decision === 'approved') await openKept(tx, row.kept);
  const wish = { proposal, what: QUARTER_PROPOSAL, decision, reason, officer } as const;
  const settled = await settleDecision(tx, wish, ports, now);
  if (!settled.ok) return refused(settled.code, settled.message);
  const own = decided(order, row.kept, { ports }, now);
  return done([...settled.entries, own.entry], [...settled.effects, own.effect], (receipts) => {
    return { statementSha256: own.statementSha256, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

function decided(
  { decision, officer, proposal, quarter }: QuarterOrder,
  kept: KeptStatement,
  { ports: { instance, osUser } }: Pick<CloseTools, 'ports'>,
  now: Date,
) {
  const { actor, personal } = actedBy(officer);
  const statementSha256 = kept.hash.toString('hex');
  const data = { actor, instance, osUser, proposal, quarter, statementSha256 };
  const isApproved = decision === 'approved';
  const kind = isApproved ? 'fees.quarter-approved' : 'fees.quarter-reopened';
  const entry = draftOf(kind, now, data, personal);
  const effect: Effect & (ApprovedQuarter | ReopenedQuarter) = {
    kind: isApproved ? 'fee-quarter-approved' : 'fee-quarter-reopened',
    entryId: entry.id,
    quarter,
  };
  return { entry, effect, statementSha256 };
}

/**
 * Approves the statement of a frozen quarter, or opens the quarter again (refused by a second person, or withdrawn by the one who froze it). One
 * transaction with `proposal.ended`. `log` needs `FEE_APPLIERS`. Refused: `TOKEN_INVALID`, `STATE_CONFLICT`, `SECOND_PERSON_REQUIRED`.
 * Errors: `LOG_INCONSISTENT` where the kept statement was changed, and those of `Appender`.
 */
export function decideQuarter(
  log: Appender,
  tools: Pick<CloseTools, 'ports'>,
  order: QuarterOrder,
): Promise<Verdict<DecidedQuarter>> {
  return log.submit(decideLane(tools), order);
}

import { draftOf } from '../audit/draft.js';
import type { Transaction } from '../storage/database.js';
import type { ProposalEnded } from './appliers.js';
import type { ActingOfficer, DeedPorts } from './officer.js';
import {
  isExpired,
  lockProposal,
  type No,
  type Proposal,
  type ProposalWhat,
  type Written,
} from './proposal.js';
import { isAsRecorded } from './recorded.js';
import { actedBy } from './verdict.js';

/** How officers end a proposal: the second one approves or refuses it, the one who proposed it withdraws it. */
export type OfficerDecision = 'approved' | 'refused' | 'withdrawn';

/** `what`: the matter of whoever asks; a proposal about another one is not found. `reason` stands in the log in clear. */
export interface DecisionWish {
  readonly proposal: string;
  readonly what: ProposalWhat;
  readonly decision: OfficerDecision;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}

/**
 * Entries and effects of the end of a proposal, for an exclusive lane (`deedLane`); what an approval brings about the lane adds. Refused:
 * `TOKEN_INVALID` (session or role has ended), `NOT_FOUND`, `STATE_CONFLICT` (it has ended or expired, another's is to be
 * withdrawn, or the row to be approved is not what the log recorded; such a one can still be refused and withdrawn),
 * `SECOND_PERSON_REQUIRED` (one's own is to be decided, or who proposed it may no longer act: then only one person stands behind it).
 */
export async function settleDecision(
  tx: Transaction,
  wish: DecisionWish,
  ports: DeedPorts,
  now: Date,
): Promise<(Written & { readonly ok: true; readonly proposal: Proposal }) | No> {
  const { officer, what } = wish;
  if (!(await ports.stillActs(tx, officer, now)))
    return no('TOKEN_INVALID', 'the session or the role of who acts has ended');
  const proposal = await lockProposal(tx, wish.proposal, what);
  if (proposal === null) return no('NOT_FOUND', 'no such proposal');
  const obstacle = await obstacleOf(tx, proposal, wish, ports, now);
  return obstacle ?? { ok: true, proposal, ...ended(proposal, wish, ports, now) };
}

async function obstacleOf(
  tx: Transaction,
  proposal: Proposal,
  { decision, officer }: DecisionWish,
  ports: DeedPorts,
  now: Date,
): Promise<No | null> {
  if (proposal.decision !== null)
    return no('STATE_CONFLICT', `the proposal has ended already: ${proposal.decision}`);
  // A refusal has no entries, so that nothing can be ended by it: whoever proposes next does.
  if (isExpired(proposal, now))
    return no('STATE_CONFLICT', 'the proposal has expired: propose it again where it is still wanted');
  const isOwn = proposal.proposerTag.equals(officer.tag);
  if (decision === 'withdrawn')
    return isOwn
      ? null
      : no('STATE_CONFLICT', 'only who proposed it withdraws it; another officer refuses it');
  if (isOwn) return no('SECOND_PERSON_REQUIRED', 'another officer must decide it');
  if (decision !== 'approved') return null;
  if (!(await isAsRecorded(tx, proposal, ports)))
    return no(
      'STATE_CONFLICT',
      'the proposal is not what was recorded: refuse it, and run bridge audit check',
    );
  if (!(await ports.isOfficer(tx, proposal.proposerTag)))
    return no('SECOND_PERSON_REQUIRED', 'who proposed it no longer holds the role: propose it again');
  return null;
}

function ended(
  { id, subject, what }: Proposal,
  { decision, officer, reason }: DecisionWish,
  { instance, osUser }: DeedPorts,
  now: Date,
): Written {
  const { actor, personal } = actedBy(officer);
  const data = { actor, decision, instance, osUser, proposal: id, reason, subject, what };
  const entry = draftOf('proposal.ended', now, data, personal);
  const effect: ProposalEnded = { kind: 'deed-proposal-ended', entryId: entry.id, id, decision };
  return { entries: [entry], effects: [effect] };
}

function no(code: No['code'], message: string): No {
  return { ok: false, code, message };
}

import { draftOf } from '../audit/draft.js';
import type { Transaction } from '../storage/database.js';
import type { ProposalEnded } from './appliers.js';
import type { DeedPorts } from './officer.js';
import {
  isExpired,
  lockProposal,
  type No,
  type Proposal,
  type ProposalWhat,
  type Written,
} from './proposal.js';

/** Ends `proposal`, open until now, because its time is over: nobody did it. */
export function endExpired(proposal: Proposal, { instance, osUser }: DeedPorts, now: Date): Written {
  const { id, subject, what } = proposal;
  const decision = 'expired';
  const data = {
    actor: null,
    decision,
    instance,
    osUser,
    proposal: id,
    reason: null,
    subject,
    what,
  } as const;
  const entry = draftOf('proposal.ended', now, data);
  const effect: ProposalEnded = { kind: 'deed-proposal-ended', entryId: entry.id, id, decision };
  return { entries: [entry], effects: [effect] };
}

/**
 * Ends a proposal whose time is over, on the way of a deed that must go on without it. Refused: `NOT_FOUND`, `STATE_CONFLICT` (it has ended,
 * or can still be decided).
 */
export async function settleExpiry(
  tx: Transaction,
  { proposal: id, what }: { readonly proposal: string; readonly what: ProposalWhat },
  ports: DeedPorts,
  now: Date,
): Promise<(Written & { readonly ok: true; readonly proposal: Proposal }) | No> {
  const proposal = await lockProposal(tx, id, what);
  if (proposal === null) return { ok: false, code: 'NOT_FOUND', message: 'no such proposal' };
  if (proposal.decision !== null)
    return { ok: false, code: 'STATE_CONFLICT', message: `the proposal has ended: ${proposal.decision}` };
  if (!isExpired(proposal, now))
    return { ok: false, code: 'STATE_CONFLICT', message: 'the proposal can still be decided' };
  return { ok: true, proposal, ...endExpired(proposal, ports, now) };
}

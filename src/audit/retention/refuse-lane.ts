import type { DataOf } from '../catalogue/catalogue.js';
import type { EntryDraft } from '../entry.js';
import type { Lane } from '../lane.js';
import { done, exclusiveLane, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import { type ActingOfficer, actorNumber } from './officer.js';
import { lockProposal, type OpenProposal, type ProposalEnded, type ProposalWhat } from './proposals.js';
import type { RetentionTools } from './tools.js';

/** An officer's no; the proposer may take the own proposal back by it. */
export interface ProposalRefusal {
  readonly officer: ActingOfficer;
  readonly proposal: string;
  readonly whats: readonly ProposalWhat[];
  readonly reason: string;
}

/** Ends a proposal without its deed. Refused: `TOKEN_INVALID`, `NOT_FOUND`, `STATE_CONFLICT`. */
export function createRefuseLane(tools: RetentionTools): Lane<ProposalRefusal, Verdict<bigint>> {
  return exclusiveLane('5-retention-refuse', async (tx, { officer, proposal: id, whats, reason }, now) => {
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    const proposal = await lockProposal(tx, id);
    if (proposal === 'ended') return refused('STATE_CONFLICT', 'the proposal has ended');
    if (proposal === null || !whats.includes(proposal.terms.what))
      return refused('NOT_FOUND', 'no such proposal');
    const ended: ProposalEnded = { kind: 'proposal-ended', id };
    const entry = refusedEntry(proposal, 'refused', tools.instance, officer, reason, now);
    return done([entry], [ended], ({ leafIndex }) => leafIndex);
  });
}

/** Ends a proposal whose time has run out; does nothing where it has ended meanwhile. */
export function createExpireLane(instance: string): Lane<string, boolean> {
  return exclusiveLane('5-retention-expire', async (tx, id, now) => {
    const proposal = await lockProposal(tx, id);
    if (proposal === null || proposal === 'ended' || proposal.expiresAt > now)
      return { entries: [], effects: [], answer: () => false };
    const ended: ProposalEnded = { kind: 'proposal-ended', id };
    return {
      entries: [refusedEntry(proposal, 'expired', instance, null, null, now)],
      effects: [ended],
      answer: () => true,
    };
  });
}

type RefusalCode = DataOf<'retention.refused'>['code'];

/** The entry of a refusal. Only by time and by an officer's no does a proposal end. */
export function refusedEntry(
  proposal: OpenProposal,
  code: RefusalCode,
  instance: string,
  officer: ActingOfficer | null,
  reason: string | null,
  now: Date,
): EntryDraft {
  const { terms } = proposal;
  return retentionEntry(
    'retention.refused',
    {
      actor: officer?.session ?? null,
      code,
      ended: code === 'expired' || code === 'refused',
      instance,
      proposal: proposal.id,
      reason,
      term: terms.what === 'shorter-term' ? { from: terms.from, to: terms.to } : null,
      what: terms.what,
    },
    officer === null ? [] : [actorNumber(officer.person)],
    now,
  );
}

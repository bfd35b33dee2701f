import type { ProposalSummary, ProposalTerms } from '../../audit/retention/proposals.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Told } from './retention-desk.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id as it was typed, '' where none is needed. What is no id names nothing; it is not repeated. */
export function proposalId(text: string | undefined): string {
  if (text !== undefined && !UUID.test(text)) throw new BridgeError('WRONG_USE', 'the id is not a UUID');
  return text?.toLowerCase() ?? '';
}

/** Proposals for programs and for people. The person concerned is never shown. */
export function showProposals(proposals: readonly ProposalSummary[], now: Date): Told {
  const result = proposals.map(({ id, terms, expiresAt, state, proposedLeaf, endedLeaf }) => ({
    proposal: id,
    ...terms,
    state: state === 'open' && expiresAt <= now ? 'expired' : state,
    expiresAt: expiresAt.toISOString(),
    proposedLeaf: Number(proposedLeaf),
    endedLeaf: endedLeaf === null ? null : Number(endedLeaf),
  }));
  const lines = result.map((one, i) => {
    const what = wordsOf((proposals[i] as ProposalSummary).terms);
    return `${one.proposal}  ${one.state.padEnd(7)}  until ${one.expiresAt}  ${what}`;
  });
  return [result, lines.length === 0 ? 'none' : lines.join('\n')];
}

function wordsOf(terms: ProposalTerms): string {
  switch (terms.what) {
    case 'destroy': {
      const { decision, side, yearFrom, yearTo } = terms;
      return `destroy ${side} ${yearFrom}-${yearTo}: ${decision.authority} ${decision.number} of ${decision.date}`;
    }
    case 'lift-hold':
      return `lift hold ${terms.hold}`;
    case 'shorter-term':
      return `term of ${terms.to} instead of ${terms.from} years`;
  }
}

import { type AuthorityDecision, type DecisionTime, decideAuthority } from '../authority/decide.js';
import type { AuthorityFacts } from '../authority/facts.js';
import { Refusal } from '../errors/refusal.js';

export type GrantedAuthority = Extract<AuthorityDecision, { kind: 'granted' }>;

/** The person may act for this cooperative: by a registered seat, or as staff of the competent ministry and il. */
export function requireAuthority(facts: AuthorityFacts, time: DecisionTime): GrantedAuthority {
  const decision = decideAuthority(facts, time);
  if (decision.kind === 'outside-own-area') throw new Refusal('OUTSIDE_OWN_AREA');
  if (decision.kind === 'denied')
    throw new Refusal('NOT_AUTHORISED_FOR_COOPERATIVE', { reason: decision.reason });
  return decision;
}

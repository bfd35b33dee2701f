import type { Capacity, DecisionTime } from '../authority/decide.js';
import type { AuthorityFacts } from '../authority/facts.js';
import { evaluate } from '../authority/rights/evaluate.js';
import type { ReasonCode } from '../authority/rights/reasons.js';
import { Refusal } from '../errors/refusal.js';
import { ACR_STEP_UP, ACR_TWO_STEP, type SignedIn } from '../sign-in/access-tokens.js';

/** Who wants to do it, and what is known of them at the cooperative; `facts` undefined: nothing. */
interface Wanting {
  readonly user: SignedIn;
  readonly facts: AuthorityFacts | undefined;
}

/**
 * The capacity in which the person may do this here, by the one table of rights. Throws `Refusal`: `ROLE_REQUIRED` where the person is
 * somebody there whose capacity gives no such right. Whether one step was enough to sign in is asked elsewhere.
 */
export function requireRight(
  action: 'appointee.apply' | 'appointee.decide',
  { user, facts }: Wanting,
  time: DecisionTime,
): Capacity {
  const acr = user.acr === ACR_STEP_UP || user.acr === ACR_TWO_STEP ? user.acr : null;
  const nothing: AuthorityFacts = { cooperative: null, seatedAt: null, seats: [], roles: [] };
  const evaluation = evaluate({ action, context: { member: false, acr } }, facts ?? nothing, time);
  if (evaluation.decision && evaluation.capacity !== null) return evaluation.capacity;
  throw refusalOf(evaluation.reason.code);
}

function refusalOf(code: ReasonCode): Refusal {
  switch (code) {
    case 'two-step-required':
      return new Refusal('TWO_STEP_REQUIRED');
    case 'step-up-required':
      return new Refusal('STEP_UP_REQUIRED');
    case 'outside-own-area':
      return new Refusal('OUTSIDE_OWN_AREA');
    case 'right-not-in-table':
      return new Refusal('ROLE_REQUIRED');
    case 'no-seat':
    case 'not-registered-yet':
    case 'term-ended':
    case 'legacy-ended':
    case 'suspended':
    case 'stale':
      return new Refusal('NOT_AUTHORISED_FOR_COOPERATIVE', { reason: code });
    default:
      return new Refusal('NOT_AUTHORISED_FOR_COOPERATIVE', { reason: 'no-seat' });
  }
}

import type { AuthorityFacts, CooperativeFacts } from '../authority/facts.js';
import { Refusal } from '../errors/refusal.js';
import { feeClassOn } from '../fees/fee-class.js';
import { type TariffSwitch, type UnitPrice, unitPriceOn } from '../fees/tariff/tariff.js';
import type { SignedIn, TokenFault } from '../sign-in/access-tokens.js';
import { authenticateUser } from '../sign-in/authenticate-user.js';
import { checkNumbers, type Subject } from './check-numbers.js';
import type { Attempt, Question } from './question.js';
import { requireAgreement } from './require-agreement.js';
import { requireAuthority } from './require-authority.js';
import { type ActingFor, requirePurpose } from './require-purpose.js';
import { requireQuestion } from './require-question.js';
import type { AccountRules, Rules } from './rules.js';

/** A call that passed every rule but the quota. */
export interface AllowedQuery extends ActingFor {
  readonly attempt: Attempt;
  readonly question: Question;
  readonly user: SignedIn;
  readonly cooperative: CooperativeFacts;
  readonly account: AccountRules;
  readonly subject: Subject;
  readonly price: UnitPrice;
}

/** A call that a rule refused; `user` where somebody had signed in, so that the refusal is written under a name. */
export interface RefusedQuery {
  readonly attempt: Attempt;
  readonly user: SignedIn | null;
  readonly refusal: Refusal;
  /** What was wrong with the token that was shown. Not in `refusal`, whose detail the caller gets to see. */
  readonly tokenFault?: TokenFault | null;
}

/** What the batch read for one call. */
export interface QueryFacts {
  readonly signedIn: SignedIn | null;
  readonly authority: AuthorityFacts;
  /** Rows of the tariff that were switched on. */
  readonly tariff: readonly TariffSwitch[];
}

/** When the decision is made: the batch's time and its day in Europe/Istanbul. */
export interface QueryTime {
  readonly now: Date;
  readonly today: string;
}

/** The rules in the order of CONTRACT §4, each a verb of its own; quota and idempotency follow set-wise. Pure. */
export function decideQuery(
  attempt: Attempt,
  facts: QueryFacts,
  rules: Rules,
  time: QueryTime,
): AllowedQuery | RefusedQuery {
  try {
    const user = authenticateUser(facts.signedIn, rules.twoStepFrom, time.today);
    const question = requireQuestion(attempt);
    const authority = requireAuthority(facts.authority, { ...time, ...rules.authority });
    const acting = requirePurpose(question.purpose, authority, rules);
    const account = requireAgreement(attempt.client, rules, time.today);
    const subject = checkNumbers(question.subject, time.today);
    const feeClass = feeClassOn(account, time.today);
    const price = unitPriceOn(facts.tariff, rules.feeInputs, feeClass, rules.service, time.today);
    return {
      attempt,
      question,
      user,
      ...acting,
      cooperative: authority.cooperative,
      account: { ...account, feeClass },
      subject,
      price,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { attempt, user: facts.signedIn, refusal: error };
  }
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AuthorityFacts } from '../../src/authority/facts.js';
import type { TariffSwitch } from '../../src/fees/tariff/tariff.js';
import type { SignedIn } from '../../src/sign-in/access-tokens.js';
import { decideQuery } from '../../src/verification/decide-query.js';
import type { Attempt, Question } from '../../src/verification/question.js';
import type { Rules } from '../../src/verification/rules.js';
import {
  attemptOf,
  CLIENT,
  factsOf,
  NOW,
  QUESTION,
  RULES,
  SIGNED_IN,
  seat,
  staff,
  TARIFF,
  TODAY,
} from './support/parts.js';

interface Call {
  attempt: Attempt;
  signedIn: SignedIn | null;
  authority: AuthorityFacts;
  rules: Rules;
  tariff?: readonly TariffSwitch[];
}

const SOUND: Call = {
  attempt: attemptOf(),
  signedIn: SIGNED_IN,
  authority: factsOf({ seats: [seat()] }),
  rules: RULES,
};

function withQuestion(call: Call, changes: Partial<Question>): Call {
  const { question } = call.attempt;
  if (!question.ok) return call;
  return {
    ...call,
    attempt: { ...call.attempt, question: { ok: true, value: { ...question.value, ...changes } } },
  };
}

/** Everything that can be wrong, in the order of CONTRACT §4; each with the code that it is refused with. */
const FAULTS: readonly { code: string; spoil: (call: Call) => Call }[] = [
  { code: 'TOKEN_INVALID', spoil: (call) => ({ ...call, signedIn: null }) },
  {
    code: 'TWO_STEP_REQUIRED',
    spoil: (call) => ({
      ...call,
      signedIn: call.signedIn && { ...call.signedIn, acr: 'urn:koopbis:acr:one' },
    }),
  },
  {
    code: 'REQUEST_INVALID body',
    spoil: (call) => ({
      ...call,
      attempt: { ...call.attempt, question: { ok: false, code: 'REQUEST_INVALID', reason: 'body' } },
    }),
  },
  {
    code: 'OUTSIDE_OWN_AREA',
    spoil: (call) => ({ ...call, authority: factsOf({ roles: [staff({ il: 'Van' })] }) }),
  },
  { code: 'PURPOSE_NOT_ALLOWED unknown-purpose', spoil: (call) => withQuestion(call, { purpose: 'merak' }) },
  {
    code: 'SERVICE_NOT_IN_AGREEMENT no-account',
    spoil: (call) => ({ ...call, attempt: { ...call.attempt, client: { ...CLIENT, account: null } } }),
  },
  {
    code: 'IDENTITY_NUMBER_INVALID format',
    spoil: (call) => withQuestion(call, { subject: { ...QUESTION.subject, kimlikNo: '1' } }),
  },
];

const decide = (call: Call) =>
  decideQuery(
    call.attempt,
    { signedIn: call.signedIn, authority: call.authority, tariff: call.tariff ?? TARIFF },
    call.rules,
    { now: NOW, today: TODAY },
  );

function refusalOf(call: Call): string | null {
  const decided = decide(call);
  if (!('refusal' in decided)) return null;
  const { code, detail } = decided.refusal;
  return detail.reason === undefined ? code : `${code} ${detail.reason}`;
}

describe('decideQuery', () => {
  it('lets a sound call through with all that the record needs', () => {
    expect(decide(SOUND)).toMatchObject({
      question: QUESTION,
      grant: { role: 'board', basis: seat().seatId },
      account: { id: 'paying' },
      price: { unitPriceKurus: 2, basis: 'per-query', gazette: 'RG 27399' },
      cooperative: { version: 7 },
    });
  });

  it('with several things wrong, the earliest in the order of the contract is told', () => {
    fc.assert(
      fc.property(fc.subarray([...FAULTS], { minLength: 1 }), (wrong) => {
        // Spoilt from the last to the first, so that an earlier fault is not undone by a later one.
        const call = [...wrong].reverse().reduce((spoilt, fault) => fault.spoil(spoilt), SOUND);
        const first = FAULTS.find((fault) => wrong.includes(fault));
        expect(refusalOf(call)).toBe(first?.code);
      }),
    );
  });

  it('a refusal stands under the name of whoever signed in, and under none where nobody did', () => {
    const weak = { ...SIGNED_IN, acr: 'none' };
    expect(decide({ ...SOUND, signedIn: weak })).toMatchObject({ user: weak });
    expect(decide({ ...SOUND, signedIn: null })).toMatchObject({ user: null });
    expect(decide({ ...SOUND, authority: factsOf() })).toMatchObject({ user: SIGNED_IN });
  });

  it('a body that is wrong in its values is judged after the right to ask, so that strangers learn nothing', () => {
    const bad = withQuestion(SOUND, { subject: { ...QUESTION.subject, dogumTarihi: 'x' } });
    expect(refusalOf({ ...bad, authority: factsOf() })).toBe('NOT_AUTHORISED_FOR_COOPERATIVE no-seat');
    expect(refusalOf(bad)).toBe('REQUEST_INVALID subject.dogumTarihi: format');
  });

  it('a tariff without a price stops the query as a fault of ours, not as a refusal', () => {
    expect(() => decide({ ...SOUND, tariff: [] })).toThrow(RangeError);
  });
});

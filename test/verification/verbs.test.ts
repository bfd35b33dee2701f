import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import type { Grant } from '../../src/authority/decide.js';
import { Refusal } from '../../src/errors/refusal.js';
import { ACR_ONE_STEP, ACR_STEP_UP, ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import { authenticateUser } from '../../src/sign-in/authenticate-user.js';
import { checkNumbers } from '../../src/verification/check-numbers.js';
import type { AllowedQuery } from '../../src/verification/decide-query.js';
import { claimOf } from '../../src/verification/idempotency.js';
import { requireAgreement } from '../../src/verification/require-agreement.js';
import { requireAuthority } from '../../src/verification/require-authority.js';
import { requirePurpose } from '../../src/verification/require-purpose.js';
import { requireQuestion } from '../../src/verification/require-question.js';
import {
  attemptOf,
  CLIENT,
  COOPERATIVE,
  digitsOf,
  factsOf,
  NOW,
  QUESTION,
  RULES,
  SIGNED_IN,
  SUBJECT,
  seat,
  staff,
  TODAY,
} from './support/parts.js';

/** Code and reason of a refusal; fails where nothing is refused. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.code, error.detail.reason].filter((part) => part !== undefined).join(' ');
  }
  throw new Error('nothing was refused');
}

describe('authenticateUser', () => {
  it('lets in who signed in with two steps, or stepped up', () => {
    for (const acr of [ACR_TWO_STEP, ACR_STEP_UP]) {
      expect(authenticateUser({ ...SIGNED_IN, acr }, TODAY, TODAY).acr).toBe(acr);
    }
  });

  it.each(['', 'urn:koopbis:acr:one-step', 'URN:KOOPBIS:ACR:TWO-STEP', `${ACR_TWO_STEP} `, '3'])(
    'counts the strength "%s" as none',
    (acr) => {
      expect(refusalOf(() => authenticateUser({ ...SIGNED_IN, acr }, TODAY, TODAY))).toBe(
        'TWO_STEP_REQUIRED',
      );
    },
  );

  it('lets one step act until the day before the rule is in force, never on that day, never without a day', () => {
    const signedIn = { ...SIGNED_IN, acr: ACR_ONE_STEP };
    expect(authenticateUser(signedIn, '2025-07-31', '2025-07-30').acr).toBe(ACR_ONE_STEP);
    for (const [from, today] of [
      ['2025-07-31', '2025-07-31'],
      ['2025-07-31', '2026-01-01'],
      [null, '2025-07-30'],
    ] as const)
      expect(refusalOf(() => authenticateUser(signedIn, from, today))).toBe('TWO_STEP_REQUIRED');
  });

  it('counts an unknown strength as none before the rule is in force, too', () => {
    const signedIn = { ...SIGNED_IN, acr: 'urn:koopbis:acr:other' };
    expect(refusalOf(() => authenticateUser(signedIn, '2025-07-31', '2025-07-30'))).toBe('TWO_STEP_REQUIRED');
  });

  it('knows nobody without a token that holds', () => {
    expect(refusalOf(() => authenticateUser(null, null, TODAY))).toBe('TOKEN_INVALID');
  });
});

describe('requireQuestion', () => {
  it('passes a sound question on, and says what is wrong with another', () => {
    expect(requireQuestion(attemptOf())).toBe(QUESTION);
    const bad = attemptOf({ question: { ok: false, code: 'REQUEST_INVALID', reason: 'body.purpose' } });
    expect(refusalOf(() => requireQuestion(bad))).toBe('REQUEST_INVALID body.purpose');
    const large = attemptOf({ question: { ok: false, code: 'BODY_TOO_LARGE' } });
    expect(refusalOf(() => requireQuestion(large))).toBe('BODY_TOO_LARGE');
  });
});

describe('requireAuthority', () => {
  const time = { now: NOW, today: TODAY, staleAfterHours: 48, nothingAfterHours: 96, afterTermDays: 0 };

  it('gives the grants and the cooperative that they are for', () => {
    const granted = requireAuthority(factsOf({ seats: [seat()] }), time);
    expect(granted).toMatchObject({ grants: [{ role: 'board' }], cooperative: COOPERATIVE });
  });

  it('names the reason, and tells staff from elsewhere that it is outside their area', () => {
    const ended = factsOf({ seats: [seat({ endsOn: TODAY })] });
    expect(refusalOf(() => requireAuthority(ended, time))).toBe('NOT_AUTHORISED_FOR_COOPERATIVE term-ended');
    const elsewhere = factsOf({ roles: [staff({ il: 'İzmir' })] });
    expect(refusalOf(() => requireAuthority(elsewhere, time))).toBe('OUTSIDE_OWN_AREA');
  });
});

describe('requirePurpose', () => {
  const authority = (...grants: [Grant, ...Grant[]]) => ({
    kind: 'granted' as const,
    grants,
    cooperative: COOPERATIVE,
  });
  const BOARD_SEAT = { role: 'board', basis: 'b' } as const;
  const OFFICE = { role: 'directorate', basis: 'd' } as const;

  it('chooses the capacity that the purpose is for', () => {
    expect(requirePurpose('ortak-kayit', authority(OFFICE, BOARD_SEAT), RULES).grant).toEqual(BOARD_SEAT);
    expect(requirePurpose('resen-kontrol', authority(BOARD_SEAT, OFFICE), RULES).grant).toEqual(OFFICE);
  });

  it.each([
    ['a purpose that is not in the list', 'merak', 'PURPOSE_NOT_ALLOWED unknown-purpose'],
    ['a name that every object has', 'constructor', 'PURPOSE_NOT_ALLOWED unknown-purpose'],
    ['a purpose of others', 'resen-kontrol', 'PURPOSE_NOT_ALLOWED role'],
    ['a purpose of another service', 'genel-kurul', 'PURPOSE_NOT_ALLOWED service'],
  ])('refuses %s', (_name, code, expected) => {
    expect(refusalOf(() => requirePurpose(code, authority(BOARD_SEAT), RULES))).toBe(expected);
  });

  it('a member of the supervisory board may use none of the purposes of the board', () => {
    const denetci = authority({ role: 'denetci', basis: 'x' });
    expect(refusalOf(() => requirePurpose('ortak-kayit', denetci, RULES))).toBe('PURPOSE_NOT_ALLOWED role');
  });
});

describe('requireAgreement', () => {
  it.each(['2025-01-01', TODAY, '2027-12-31'])('holds on %s, first and last day included', (day) => {
    expect(requireAgreement(CLIENT, RULES, day).id).toBe('paying');
  });

  it.each([
    ['before it begins', CLIENT, RULES, '2024-12-31', 'not-in-force'],
    ['after it ended', CLIENT, RULES, '2028-01-01', 'not-in-force'],
    ['without an account', { ...CLIENT, account: null }, RULES, TODAY, 'no-account'],
    ['with an account that is gone', { ...CLIENT, account: 'gone' }, RULES, TODAY, 'no-account'],
    [
      'for a service that it does not name',
      CLIENT,
      { ...RULES, service: { name: 'TumKutukDogrulaServis' as const, version: '2025/08/01' } },
      TODAY,
      'service',
    ],
  ])('refuses %s', (_name, client, rules, day, reason) => {
    expect(refusalOf(() => requireAgreement(client, rules, day))).toBe(`SERVICE_NOT_IN_AGREEMENT ${reason}`);
  });

  it.each(['', '2025', '2025-6-1', '2025-06-01T00:00:00Z', 'bugün'])(
    'allows nothing on %j, which is no day',
    (day) => {
      expect(refusalOf(() => requireAgreement(CLIENT, RULES, day))).toBe(
        'SERVICE_NOT_IN_AGREEMENT not-in-force',
      );
    },
  );
});

describe('checkNumbers', () => {
  const check = (changes: Partial<typeof QUESTION.subject>) =>
    checkNumbers({ ...QUESTION.subject, ...changes }, TODAY);

  it('gives the person in the form in which KPS is asked', () => {
    const { ad, soyad, dogumTarihi, kimlikNo } = check({ ad: '  ismail   ali ', soyad: 'ılgaz' });
    expect({ ad, soyad, dogumTarihi }).toEqual({
      ad: 'İSMAİL ALİ',
      soyad: 'ILGAZ',
      dogumTarihi: { year: 1980, month: 2, day: 29 },
    });
    expect(kimlikNo.reveal()).toBe(digitsOf(SUBJECT));
  });

  it('knows people without a surname, and dates with unknown parts', () => {
    expect(check({ soyad: '' }).soyad).toBe('');
    expect(check({ dogumTarihi: '1950-00-00' }).dogumTarihi).toEqual({ year: 1950, month: null, day: null });
  });

  const wrongCheckDigit = digitsOf(SUBJECT).replace(/.$/, (last) => String((Number(last) + 1) % 10));

  it.each([
    ['a wrong check digit', { kimlikNo: wrongCheckDigit }, 'IDENTITY_NUMBER_INVALID checksum'],
    ['ten digits', { kimlikNo: '1234567890' }, 'IDENTITY_NUMBER_INVALID format'],
    ['a leading zero', { kimlikNo: '01234567890' }, 'IDENTITY_NUMBER_INVALID format'],
    ['a number with blanks', { kimlikNo: ` ${digitsOf(SUBJECT)}` }, 'IDENTITY_NUMBER_INVALID format'],
    ['the empty text as number', { kimlikNo: '' }, 'IDENTITY_NUMBER_INVALID format'],
  ])('refuses %s', (_name, changes, expected) => {
    expect(refusalOf(() => check(changes))).toBe(expected);
  });

  it.each([
    ['ad', { ad: '' }],
    ['ad', { ad: '   ' }],
    ['ad', { ad: 'AY\u0000ŞE' }],
    ['soyad', { soyad: '\ud800' }],
    ['dogumTarihi', { dogumTarihi: '1981-02-29' }],
    ['dogumTarihi', { dogumTarihi: '1981-00-01' }],
    ['dogumTarihi', { dogumTarihi: '2026-05-05' }],
    ['dogumTarihi', { dogumTarihi: '1.2.1980' }],
  ])('names the field %s that is wrong, and not what stands in it', (field, changes) => {
    const text = refusalOf(() => check(changes));
    expect(text).toMatch(new RegExp(`^REQUEST_INVALID subject\\.${field}: [a-z-]+$`));
  });

  it('never repeats what was sent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme' }), (sent) => {
        const fields = [{ kimlikNo: sent }, { dogumTarihi: sent }];
        for (const changes of fields) expect(refusalOf(() => check(changes))).not.toContain(sent);
      }),
    );
  });
});

describe('claimOf', () => {
  const tagger = createPersonTagger({ id: 1, key: Buffer.alloc(32, 5) });
  const claim = (key: string | null, question = QUESTION, client = CLIENT, user = SIGNED_IN) =>
    claimOf(
      {
        attempt: attemptOf({ client, headers: { ...attemptOf().headers, idempotencyKey: key } }),
        question,
        user,
      } as unknown as AllowedQuery,
      tagger,
    );

  it('is null without a key', () => {
    expect(claim(null)).toBeNull();
  });

  it('has the scope of client, person and key, and of nothing else', () => {
    const scope = claim('k')?.scope.toString('hex');
    expect(claim('k', { ...QUESTION, reference: 'other' })?.scope.toString('hex')).toBe(scope);
    expect(claim('k2')?.scope.toString('hex')).not.toBe(scope);
    expect(claim('k', QUESTION, { ...CLIENT, id: 'other' })?.scope.toString('hex')).not.toBe(scope);
  });

  it('tells any change of the body', () => {
    const bodies = [
      QUESTION,
      { ...QUESTION, purpose: 'resen-kontrol' },
      { ...QUESTION, cooperative: '0000000000000018' },
      { ...QUESTION, reference: null },
      { ...QUESTION, retryOf: '66666666-6666-4666-8666-666666666666' },
      ...(['kimlikNo', 'ad', 'soyad', 'dogumTarihi'] as const).map((name) => ({
        ...QUESTION,
        subject: { ...QUESTION.subject, [name]: `${QUESTION.subject[name]}x` },
      })),
    ];
    const requests = bodies.map((question) => claim('k', question)?.request.toString('hex'));
    expect(new Set(requests).size).toBe(bodies.length);
  });
});

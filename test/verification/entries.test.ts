import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../src/audit/canonical-json.js';
import type { EntryDraft } from '../../src/audit/entry.js';
import { openLine } from '../../src/audit/entry-line.js';
import { istanbulQuarter } from '../../src/calendar/istanbul-day.js';
import { Refusal } from '../../src/errors/refusal.js';
import type { AllowedQuery } from '../../src/verification/decide-query.js';
import { decideQuery } from '../../src/verification/decide-query.js';
import { intentEntry, readEntry, refusedEntry, replayedEntry } from '../../src/verification/entries.js';
import {
  bookingOf,
  bookingOfLine,
  type Ending,
  feeLineOf,
  outcomeEntry,
} from '../../src/verification/outcome-entry.js';
import type { AdmittedQuery } from '../../src/verification/record-intent.js';
import {
  attemptOf,
  BOARD,
  digitsOf,
  factsOf,
  NOW,
  QUESTION,
  RULES,
  SIGNED_IN,
  SUBJECT,
  seat,
  TARIFF,
  TODAY,
} from './support/parts.js';

const ALLOWED = decideQuery(
  attemptOf(),
  { signedIn: SIGNED_IN, authority: factsOf({ seats: [seat()] }), tariff: TARIFF },
  RULES,
  { now: NOW, today: TODAY },
) as AllowedQuery;
const DEADLINE = new Date(NOW.getTime() + 15_000);
const RECORDED = {
  queryId: ALLOWED.attempt.queryId,
  state: 'answered',
  outcome: 'match',
  problem: null,
  units: 1,
  checkedAt: NOW,
  leafIndex: 4n,
  leafHash: Buffer.alloc(32),
} as const;

const lineOf = (draft: EntryDraft) => `{"at":"${NOW.toISOString()}",${openLine(draft, new Map()).rest}`;

describe('what stands in clear in an entry', () => {
  const drafts: readonly [string, EntryDraft][] = [
    ['an intent', intentEntry(ALLOWED, RULES, DEADLINE)],
    ['a repeated answer', replayedEntry(ALLOWED, RECORDED, RULES)],
    ['a reading', readEntry(ALLOWED.attempt, SIGNED_IN, RECORDED.queryId, RULES)],
    [
      'a refusal',
      refusedEntry(
        {
          attempt: ALLOWED.attempt,
          user: SIGNED_IN,
          refusal: new Refusal('IDENTITY_NUMBER_INVALID', { reason: 'checksum' }),
        },
        RULES,
      ),
    ],
    [
      'a refusal of nobody',
      refusedEntry({ attempt: attemptOf(), user: null, refusal: new Refusal('TOKEN_INVALID') }, RULES),
    ],
  ];

  it.each(drafts)('of %s is never a number, a name, a birth date or an address', (_name, draft) => {
    const clear = canonicalJson(draft.data);
    const { ad, soyad, dogumTarihi } = QUESTION.subject;
    for (const secret of [digitsOf(BOARD), digitsOf(SUBJECT), ad, soyad, dogumTarihi, '192.0.2.7']) {
      expect(clear).not.toContain(secret);
    }
  });

  it.each(drafts)('of %s names client, institution, instance, screen and request', (_name, draft) => {
    expect(draft.data).toMatchObject({
      client: 'union-portal',
      institution: 'Birlik',
      instance: 'bridge-1',
      screen: 'ORT-01',
      requestId: 'r-1',
    });
  });

  it('of an intent is the whole right that it rests on', () => {
    expect(intentEntry(ALLOWED, RULES, DEADLINE).data).toMatchObject({
      account: 'paying',
      authority: { basis: seat().seatId, role: 'board', version: 7 },
      cooperative: QUESTION.cooperative,
      deadline: DEADLINE.toISOString(),
      legalGround: 'm.9(3)',
      price: { basis: 'per-query', gazette: 'RG 27399', unitPriceKurus: 2 },
      purpose: 'ortak-kayit',
      query: ALLOWED.attempt.queryId,
      reference: '2026/17',
      retryOf: null,
    });
  });
});

describe('what is sealed in an entry', () => {
  it('is the number of each side under its own person, and the address, by which nobody is searched', () => {
    const sealed = intentEntry(ALLOWED, RULES, DEADLINE).personal.map(({ field, side, text, indexed }) => ({
      field,
      side,
      text,
      indexed,
    }));
    expect(sealed).toEqual([
      { field: 'actor.number', side: 'actor', text: digitsOf(BOARD), indexed: true },
      { field: 'actor.address', side: 'actor', text: '192.0.2.7', indexed: false },
      { field: 'subject.number', side: 'subject', text: digitsOf(SUBJECT), indexed: true },
    ]);
  });

  it('of a refusal and of a repeated answer is the asking side only', () => {
    const refused = refusedEntry(
      { attempt: attemptOf(), user: SIGNED_IN, refusal: new Refusal('RATE_LIMITED') },
      RULES,
    );
    for (const { personal } of [refused, replayedEntry(ALLOWED, RECORDED, RULES)]) {
      expect(personal.map((value) => value.field)).toEqual(['actor.number', 'actor.address']);
    }
  });

  it('of a refusal without a person is nothing', () => {
    const draft = refusedEntry(
      { attempt: attemptOf(), user: null, refusal: new Refusal('TOKEN_INVALID') },
      RULES,
    );
    expect(draft.personal).toEqual([]);
    expect(draft.data.actor).toBeNull();
  });
});

describe('the booking of a query', () => {
  const admitted = { ...ALLOWED, intentLeaf: 3n, actorTag: Buffer.alloc(16, 2) } as unknown as AdmittedQuery;

  it('read back from the line of its intent is the one that was made with it', () => {
    const line = lineOf(intentEntry(ALLOWED, RULES, DEADLINE));
    expect(bookingOfLine(line)).toEqual({
      queryId: ALLOWED.attempt.queryId,
      booking: bookingOf(admitted, RULES.service),
    });
  });

  it.each([
    ['another kind of entry', '{"kind":"query.outcome","v":1,"data":{}}'],
    ['another version', '{"kind":"query.intent","v":2,"data":{}}'],
    ['an intent without its members', '{"kind":"query.intent","v":1,"data":{"price":{}}}'],
  ])('is not read from %s', (_name, line) => {
    expect(() => bookingOfLine(line)).toThrow(TypeError);
  });

  const ENDING: Ending = {
    queryId: ALLOWED.attempt.queryId,
    intentLeaf: 3n,
    conclusion: { state: 'answered', outcome: 'match', units: 1, sent: true },
    messageIds: [ALLOWED.attempt.messageId],
    sentAt: new Date('2026-06-30T20:59:59.999Z'),
    booking: bookingOf(admitted, RULES.service),
  };

  it('belongs to the quarter of the moment of sending, in Istanbul', () => {
    expect(feeLineOf(ENDING, Buffer.alloc(16)).quarter).toBe('2026-Q2');
    const later = { ...ENDING, sentAt: new Date('2026-06-30T21:00:00.000Z') };
    expect(feeLineOf(later, Buffer.alloc(16)).quarter).toBe('2026-Q3');
    expect(outcomeEntry('query.outcome', later, NOW, 'i').data).toMatchObject({
      fee: { quarter: istanbulQuarter(later.sentAt), amountKurus: 2, units: 1 },
    });
  });

  it('of a late outcome carries no fee: what was booked as unknown stands', () => {
    expect(outcomeEntry('query.late-outcome', ENDING, NOW, 'i').data.fee).toBeNull();
  });

  it('of every end names the code, the reason and the provider’s number where there is one', () => {
    const refused: Ending = {
      ...ENDING,
      conclusion: {
        state: 'refused',
        code: 'KPS_REFUSED',
        reason: 'provider-error',
        hataKod: 8,
        units: 1,
        sent: true,
      },
    };
    expect(outcomeEntry('query.outcome', refused, NOW, 'i').data).toMatchObject({
      code: 'KPS_REFUSED',
      reason: 'provider-error',
      hataKod: 8,
      outcome: null,
      state: 'refused',
      sent: true,
      intent: 3,
    });
    expect(outcomeEntry('query.outcome', ENDING, NOW, 'i').data).toMatchObject({
      code: null,
      reason: null,
      hataKod: null,
      outcome: 'match',
      state: 'answered',
    });
  });
});

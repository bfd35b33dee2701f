import { describe, expect, it } from '@jest/globals';
import type { KpsNotSentReason, KpsReply, RegisterRecord } from '../../src/kps/port.js';
import type { Subject } from '../../src/verification/check-numbers.js';
import { conclude, isNonMatch } from '../../src/verification/conclude.js';
import { resultOf } from '../../src/verification/outcome-entry.js';
import { person, SUBJECT } from './support/parts.js';

const SUBJECT_DATA: Subject = {
  kimlikNo: person(SUBJECT),
  ad: 'AYŞE NUR',
  soyad: 'YILMAZ',
  dogumTarihi: { year: 1980, month: 2, day: 29 },
};
const RECORD: RegisterRecord = {
  ad: 'AYŞE NUR',
  soyad: 'YILMAZ',
  dogumTarihi: { year: 1980, month: 2, day: 29 },
  status: 'open',
};

type Bare<T> = T extends unknown ? Omit<T, 'messageIds'> : never;
const concluded = (reply: Bare<KpsReply>) =>
  conclude(SUBJECT_DATA, { ...reply, messageIds: ['m'] } as KpsReply);
const record = (changes: Partial<RegisterRecord>) =>
  concluded({ kind: 'record', record: { ...RECORD, ...changes } });

describe('an answer of the register', () => {
  it.each([
    ['open', 'match'],
    ['dead', 'deceased'],
    ['closed', 'inactive'],
  ] as const)('that is equal and %s is %s, for one unit', (status, outcome) => {
    expect(record({ status })).toEqual({ state: 'answered', outcome, units: 1, sent: true });
    expect(concluded({ kind: 'confirmed', status })).toEqual({
      state: 'answered',
      outcome,
      units: 1,
      sent: true,
    });
  });

  it.each([
    ['one given name is missing', { ad: 'AYŞE' }],
    ['a name is abbreviated', { ad: 'AYŞE N.' }],
    ['a dot is missing', { ad: 'AYSE NUR' }],
    ['the surname differs', { soyad: 'YILDIZ' }],
    ['the record has no surname', { soyad: '' }],
    ['the day differs', { dogumTarihi: { year: 1980, month: 2, day: 28 } }],
    ['the record does not know the day', { dogumTarihi: { year: 1980, month: 2, day: null } }],
    ['the record has no given name', { ad: '' }],
  ])('where %s is a mismatch, whatever the status', (_name, changes) => {
    for (const status of ['open', 'dead', 'closed'] as const) {
      expect(record({ ...changes, status })).toEqual({
        state: 'answered',
        outcome: 'mismatch',
        units: 1,
        sent: true,
      });
    }
  });

  it('of the verification service that does not confirm is a mismatch; no record is not-found', () => {
    expect(concluded({ kind: 'not-confirmed' })).toEqual({
      state: 'answered',
      outcome: 'mismatch',
      units: 1,
      sent: true,
    });
    expect(concluded({ kind: 'no-record' })).toEqual({
      state: 'answered',
      outcome: 'not-found',
      units: 1,
      sent: true,
    });
  });
});

describe('what is charged, and whether the key stays bound', () => {
  it('a fault costs nothing, an answer with an error number costs one; both were sent', () => {
    expect(concluded({ kind: 'refused', reason: 'soap-fault', answered: false })).toEqual({
      state: 'refused',
      code: 'KPS_REFUSED',
      reason: 'soap-fault',
      hataKod: null,
      units: 0,
      sent: true,
    });
    expect(concluded({ kind: 'refused', reason: 'provider-error', answered: true, hataKod: 10 })).toEqual({
      state: 'refused',
      code: 'KPS_REFUSED',
      reason: 'provider-error',
      hataKod: 10,
      units: 1,
      sent: true,
    });
  });

  it.each<KpsNotSentReason>([
    'connection-refused',
    'sts-unavailable',
    'sts-refused',
    'password-refused',
    'breaker-open',
    'clock-skew',
    'deadline-passed',
  ])('%s costs nothing, was not sent and says when to come again', (reason) => {
    const conclusion = concluded({ kind: 'not-sent', reason });
    expect(conclusion).toMatchObject({
      state: 'refused',
      code: 'KPS_UNAVAILABLE',
      reason,
      units: 0,
      sent: false,
    });
    expect(conclusion).toHaveProperty('retryAfterS', 30);
    expect(concluded({ kind: 'not-sent', reason, retryAfterS: 1 })).toHaveProperty('retryAfterS', 1);
  });

  it.each(['timeout', 'connection-lost', 'answer-unreadable', 'answer-not-ours'] as const)(
    '%s is unknown: counted as charged, and sent',
    (reason) => {
      expect(concluded({ kind: 'unknown', reason })).toEqual({
        state: 'unknown',
        code: 'KPS_OUTCOME_UNKNOWN',
        reason,
        units: 1,
        sent: true,
      });
    },
  );
});

describe('what counts as a guess', () => {
  it('only what told the person that the data are wrong', () => {
    const guesses = [
      record({ soyad: 'X' }),
      concluded({ kind: 'not-confirmed' }),
      concluded({ kind: 'no-record' }),
    ];
    expect(guesses.map(isNonMatch)).toEqual([true, true, true]);
    const others = [
      record({}),
      record({ status: 'dead' }),
      record({ status: 'closed' }),
      concluded({ kind: 'refused', reason: 'provider-error', answered: true }),
      concluded({ kind: 'not-sent', reason: 'breaker-open' }),
      concluded({ kind: 'unknown', reason: 'timeout' }),
    ];
    expect(others.map(isNonMatch)).toEqual([false, false, false, false, false, false]);
  });
});

describe('the word in the book', () => {
  it('is the outcome, or how it failed, with what was never sent apart', () => {
    expect(resultOf(record({}))).toBe('match');
    expect(resultOf(concluded({ kind: 'refused', reason: 'http-error', answered: false }))).toBe('refused');
    expect(resultOf(concluded({ kind: 'not-sent', reason: 'clock-skew' }))).toBe('not-sent');
    expect(resultOf(concluded({ kind: 'unknown', reason: 'timeout' }))).toBe('unknown');
  });
});

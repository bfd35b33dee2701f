import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../../src/audit/catalogue/catalogue.js';
import { dayTyped, instantTyped, isDay, localOf } from '../../../src/console/security/search/instants.js';
import { judge } from '../../../src/console/security/search/judge.js';
import {
  KIND_GROUPS,
  KIND_WORDS,
  kindsOf,
  kindWord,
} from '../../../src/console/security/search/kind-words.js';
import { sealedWord } from '../../../src/console/security/search/words.js';

const NOW = new Date('2026-05-06T20:30:00Z');

describe('a moment as it is typed', () => {
  it('is taken in Europe/Istanbul in the forms of browsers and people; anything else stays as it is', () => {
    for (const [text, taken] of [
      ['2026-05-04T09:30', '2026-05-04T09:30:00+03:00'],
      ['2026-05-04T09:30:15', '2026-05-04T09:30:00+03:00'],
      ['04.05.2026 09:30', '2026-05-04T09:30:00+03:00'],
      ['4.5.2026', '2026-05-04'],
      ['2026-05-04', '2026-05-04'],
      ['dün', 'dün'],
      ['04.05.2026 9', '04.05.2026 9'],
      ['', ''],
    ])
      expect(instantTyped(text as string)).toBe(taken);
    expect(dayTyped('04.05.2026')).toBe('2026-05-04');
    expect(localOf('2026-05-04T09:30:00+03:00')).toBe('2026-05-04T09:30');
    expect([isDay('2026-02-28'), isDay('2026-02-30'), isDay('x')]).toEqual([true, false, false]);
  });
});

describe('the words of the log', () => {
  it('are there for every kind of entry and every sealed field, in both languages', () => {
    expect(Object.keys(KIND_WORDS).sort()).toEqual(Object.keys(CATALOGUE).sort());
    for (const { en, tr } of Object.values(KIND_WORDS))
      expect([tr, en].every((text) => text.length > 0)).toBe(true);
    const fields = new Set(Object.values(CATALOGUE).flatMap(({ sealed }) => Object.keys(sealed)));
    for (const field of fields) expect([field, typeof sealedWord(field)]).toEqual([field, 'object']);
    expect(kindWord('constructor')).toBe('constructor');
  });

  it('group kinds so that all groups together are no more than a search may name', () => {
    const all = kindsOf(Object.keys(KIND_GROUPS));
    const basis = { authority: 'A', documentNo: '1', date: '2026-05-04' };
    expect(judge({ basis, criteria: { kinds: all } }, NOW).ok).toBe(true);
    expect(kindsOf(['ret', 'ret', 'constructor', ''])).toEqual(['query.refused']);
  });
});

describe('a search that is judged', () => {
  it('is sound on the day of its document, in Istanbul, and not before', () => {
    const body = (date: string) => ({ basis: { authority: 'A', documentNo: '1', date }, criteria: {} });
    expect(judge(body('2026-05-06'), NOW).ok).toBe(true);
    expect(judge(body('2026-05-06'), new Date('2026-05-05T20:59:59Z'))).toMatchObject({
      ok: false,
      faults: { date: expect.anything() },
    });
    expect(judge(body('2026-05-06'), new Date('2026-05-05T21:00:00Z')).ok).toBe(true);
  });
});

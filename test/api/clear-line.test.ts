import { describe, expect, it } from '@jest/globals';
import { applicationSchema, verdictSchema } from '../../src/api/appointments/appointment-schema.js';
import { searchSchema } from '../../src/api/audit-search-schema.js';
import { questionSchema } from '../../src/api/verification-schema.js';
import { digitsOf } from '../audit/support/parts.js';

const subject = { kimlikNo: '1', ad: 'A', soyad: 'B', dogumTarihi: '1950-01-01' };
const cooperative = '0123456789000015';
const basis = { authority: 'Savcılık', documentNo: '2026/1', date: '2026-01-05' };

/** Every text of a request that comes to stand in an entry in clear. */
const TEXTS: Readonly<Record<string, (text: string) => boolean>> = {
  'reference of a query': (reference) =>
    questionSchema.safeParse({ purpose: 'ortak-kayit', cooperative, reference, subject }).success,
  'number of a board’s decision': (no) =>
    applicationSchema.safeParse({
      ...{ cooperative, vkn: '1234567890', from: '2026-01-05', subject },
      decision: { no, date: '2026-01-05', documentSha256: 'a'.repeat(64) },
    }).success,
  'reason of a directorate': (reason) => verdictSchema.safeParse({ decision: 'refuse', reason }).success,
  'authority of a search': (authority) =>
    searchSchema.safeParse({ basis: { ...basis, authority }, criteria: {} }).success,
  'document of a search': (documentNo) =>
    searchSchema.safeParse({ basis: { ...basis, documentNo }, criteria: {} }).success,
  'reference that is searched for': (reference) =>
    searchSchema.safeParse({ basis, criteria: { reference } }).success,
};

describe.each(Object.entries(TEXTS))('the %s', (_, isTaken) => {
  it('is taken as a plain line', () => {
    expect(isTaken('İl 2026-12 sayılı')).toBe(true);
  });

  it('is refused with what turns or hides a text, wherever a request holds one', () => {
    for (const hidden of ['\0', '\u0007', '\u001b', '\u009b', '\u200b', '\u200f', '\u202e', '\u2066'])
      expect([hidden, isTaken(`yaz${hidden}ı`)]).toEqual([hidden, false]);
    for (const end of ['\n', '\r\n', '\u2028', '\u2029'])
      expect([end, isTaken(`bir${end}iki`)]).toEqual([end, false]);
  });

  it('is refused with a number of a person', () => {
    expect(isTaken(`kişi ${digitsOf(5)}`)).toBe(false);
  });
});

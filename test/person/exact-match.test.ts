import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactMatch } from '../../src/person/exact-match.js';

const record = { ad: 'AYŞE NUR', soyad: 'IŞIK', dogumTarihi: { year: 1980, month: 6, day: 7 } };
const letters = fc
  .array(fc.constantFrom(...'AIİŞĞUÜOÖ'), { minLength: 1, maxLength: 3 })
  .map((all) => all.join(''));
const person = fc.record({
  ad: letters,
  soyad: fc.oneof(letters, fc.constant('')),
  dogumTarihi: fc.record({
    year: fc.constantFrom(1980, 1981),
    month: fc.constant(null),
    day: fc.constant(null),
  }),
});

describe('the exact match of m.9(3)', () => {
  it('holds for equal names and dates, however they were typed', () => {
    expect(exactMatch({ ...record, ad: ' ayşe  nur', soyad: 'ışık' }, record)).toEqual({
      equal: true,
      differs: [],
    });
  });

  it('names each field that differs', () => {
    const other = { ad: 'AYŞE', soyad: 'İŞİK', dogumTarihi: { year: 1980, month: 6, day: 8 } };
    expect(exactMatch({ ...record, ad: other.ad }, record)).toEqual({ equal: false, differs: ['ad'] });
    expect(exactMatch({ ...record, soyad: other.soyad }, record)).toEqual({
      equal: false,
      differs: ['soyad'],
    });
    expect(exactMatch({ ...record, dogumTarihi: other.dogumTarihi }, record)).toEqual({
      equal: false,
      differs: ['dogumTarihi'],
    });
    expect(exactMatch(other, record)).toEqual({ equal: false, differs: ['ad', 'soyad', 'dogumTarihi'] });
  });

  it('takes no part of a name for the name, and no order of names for another', () => {
    for (const ad of ['AYŞE', 'NUR', 'NUR AYŞE', 'AYŞENUR', 'AYŞE-NUR', 'A. NUR', 'AYSE NUR']) {
      expect(exactMatch({ ...record, ad }, record).equal).toBe(false);
    }
  });

  it('lets an empty surname match only an empty surname', () => {
    const without = { ...record, soyad: '' };
    expect(exactMatch(without, { ...without }).equal).toBe(true);
    expect(exactMatch(without, record).differs).toEqual(['soyad']);
    expect(exactMatch(record, without).differs).toEqual(['soyad']);
  });

  it('lets an unknown part of the date match only an unknown part', () => {
    const unknown = { ...record, dogumTarihi: { year: 1980, month: 6, day: null } };
    expect(exactMatch(unknown, { ...unknown }).equal).toBe(true);
    expect(exactMatch(unknown, record).differs).toEqual(['dogumTarihi']);
    expect(exactMatch(record, unknown).differs).toEqual(['dogumTarihi']);
  });

  it('confirms nobody by a record without a given name', () => {
    const nameless = { ...record, ad: '' };
    expect(exactMatch(nameless, { ...nameless }).differs).toEqual(['ad']);
  });

  it('confirms nobody by a name that is no name, even where both sides are the same', () => {
    for (const bad of ['AYŞE1', 'AYŞE\u200b', 'АYŞE']) {
      expect(exactMatch({ ...record, ad: bad }, { ...record, ad: bad }).differs).toEqual(['ad']);
      expect(exactMatch({ ...record, soyad: bad }, { ...record, soyad: bad }).differs).toEqual(['soyad']);
    }
  });

  it('is symmetric, and equal exactly for the same three values', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        const same = a.ad === b.ad && a.soyad === b.soyad && a.dogumTarihi.year === b.dogumTarihi.year;
        expect(exactMatch(a, b)).toEqual(exactMatch(b, a));
        expect(exactMatch(a, b).equal).toBe(same);
        expect(exactMatch(a, { ...a }).equal).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparableUnvan, sameUnvan } from '../../../src/mersis/calls/unvan.js';

describe('a trade name', () => {
  it.each([
    ['S.S. Işık Konut Yapı Kooperatifi', 'S.S. IŞIK KONUT YAPI KOOPERATİFİ'],
    ['  S.S.  Çınar \t Tarım\u00a0Satış  ', 'S.S. ÇINAR TARIM SATIŞ'],
    ['S.S. O\u2019Neill', "S.S. O'NEILL".replace('NEILL', 'NEİLL')],
    ['S.S. Gu\u0308nes\u0327', 'S.S. GÜNEŞ'],
  ])('%j is %j', (one, other) => {
    expect(sameUnvan(one, other)).toBe(true);
  });

  it.each([
    ['S.S. Işık', 'S.S. İşik'],
    ['S.S. Işık', 'SS Işık'],
    ['S.S. Işık Kooperatifi', 'S.S. Işık Koop.'],
    ['', ''],
    [' ', '\t'],
  ])('%j is not %j: nothing is guessed', (one, other) => {
    expect(sameUnvan(one, other)).toBe(false);
  });

  it('has one form, however often it is made, and compares the same both ways round', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        expect(comparableUnvan(comparableUnvan(one))).toBe(comparableUnvan(one));
        expect(sameUnvan(one, other)).toBe(sameUnvan(other, one));
      }),
    );
  });
});

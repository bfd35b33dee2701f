import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { containsKimlikNo, containsLoneKimlikNo } from '../../src/person/contains-kimlik-no.js';
import { kimlikCheckDigits } from '../../src/person/kimlik-no.js';

const numbers = fc.stringMatching(/^[1-9][0-9]{8}$/).map((nine) => nine + kimlikCheckDigits(nine));
const around = fc.stringMatching(/^[ -.:;/_(),]{0,5}$/);

describe('text for a field that is shown in clear', () => {
  it('is found to hold an identity number wherever in it the number stands', () => {
    fc.assert(
      fc.property(around, numbers, around, (before, number, after) => {
        expect(containsKimlikNo(`Karar${before || ' '}${number}${after}`)).toBe(true);
      }),
    );
  });

  it('is found to hold one that is glued to letters', () => {
    expect(containsKimlikNo('TC11111111110A')).toBe(true);
  });

  it('of a machine may hold one glued to hexadecimal letters, since chance makes them, but none that stands alone', () => {
    expect(containsLoneKimlikNo('f11111111110a')).toBe(false);
    expect(containsLoneKimlikNo('req-11111111110')).toBe(true);
  });

  it('is found to hold one behind other digits that are none', () => {
    expect(containsKimlikNo('11111111111 11111111110')).toBe(true);
  });

  it('may hold eleven digits that are no identity number, and longer or shorter runs', () => {
    for (const text of [
      '',
      '2026/118',
      '11111111111',
      '01111111110',
      '1111111111',
      '111111111100',
      '0454053692000015',
    ]) {
      expect(containsKimlikNo(text)).toBe(false);
    }
  });
});

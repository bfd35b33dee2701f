import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { containsKimlikNo, idContainsKimlikNo } from '../../src/person/contains-kimlik-no.js';
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

  it('is found to hold one at the head of a natural person’s MERSİS number', () => {
    expect(containsKimlikNo('1111111111000015')).toBe(true);
    expect(idContainsKimlikNo('1111111111000015')).toBe(true);
  });

  it('that is an id of a program may hold one by chance, where the id has a form that only programs make', () => {
    for (const id of [
      '0f3b8a52-7c1d-4e6f-9a2b-11111111110a',
      '0F3B8A52-7C1D-4E6F-9A2B-A11111111110',
      'c11111111110abcd',
      'f11111111110aaaaaaaaaaaaaaaaaaaa',
    ]) {
      expect(idContainsKimlikNo(id)).toBe(false);
    }
  });

  it('that is an id of any other form may not, whatever letters stand beside the number', () => {
    for (const id of [
      'req-11111111110',
      'tc11111111110',
      'id11111111110',
      'f11111111110a',
      'TC11111111110.1',
    ]) {
      expect(idContainsKimlikNo(id)).toBe(true);
    }
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

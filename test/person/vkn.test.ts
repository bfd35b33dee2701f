import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isVkn, vknCheckDigit } from '../../src/person/vkn.js';

const nine = fc.stringMatching(/^[0-9]{9}$/);

/** The formulation of the stdnum libraries, apart from ours. */
function checkDigitByStdnum(number: string): string {
  let sum = 0;
  [...number].reverse().forEach((n, index) => {
    const c1 = (Number(n) + index + 1) % 10;
    if (c1 !== 0) sum += (c1 * 2 ** (index + 1)) % 9 || 9;
  });
  return String((10 - (sum % 10)) % 10);
}

describe('a tax number (VKN)', () => {
  it('passes and fails as the published samples do', () => {
    expect(isVkn('4540536920')).toBe(true);
    expect(isVkn('1111111111')).toBe(false);
  });

  it('has the check digit that the stdnum libraries compute', () => {
    fc.assert(
      fc.property(nine, (digits) => {
        expect(vknCheckDigit(digits)).toBe(checkDigitByStdnum(digits));
      }),
      { numRuns: 2000 },
    );
  });

  it('passes with its check digit and with no other', () => {
    fc.assert(
      fc.property(nine, (digits) => {
        const passing = [...'0123456789'].filter((last) => isVkn(digits + last));
        expect(passing).toEqual([vknCheckDigit(digits)]);
      }),
    );
  });

  it('is ten ASCII digits in a string', () => {
    for (const text of [
      '',
      '454053692',
      '45405369200',
      ' 4540536920',
      '4540536920\n',
      '454053692O',
      '٤٥٤٠٥٣٦٩٢٠',
      4540536920,
      null,
      undefined,
    ]) {
      expect(isVkn(text)).toBe(false);
    }
  });

  it('gets a check digit for nine digits only', () => {
    for (const text of ['', '45405369', '4540536920', '45405369x'])
      expect(() => vknCheckDigit(text)).toThrow(RangeError);
  });
});

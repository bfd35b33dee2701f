import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kimlikCheckDigits } from '../../src/person/kimlik-no.js';
import { type MersisNo, mersisHolder, parseMersisNo, vknOfMersisNo } from '../../src/person/mersis-no.js';
import { vknCheckDigit } from '../../src/person/vkn.js';

const five = fc.stringMatching(/^[0-9]{5}$/);
const vkns = fc.stringMatching(/^[0-9]{9}$/).map((digits) => digits + vknCheckDigit(digits));
const kimlikNos = fc.stringMatching(/^[1-9][0-9]{8}$/).map((digits) => digits + kimlikCheckDigits(digits));

function parsed(text: string): MersisNo {
  const result = parseMersisNo(text);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

describe('a MERSİS number', () => {
  it('of a legal person is 0, VKN and any five digits', () => {
    fc.assert(
      fc.property(vkns, five, (vkn, tail) => {
        const text = `0${vkn}${tail}`;
        expect(parseMersisNo(text)).toEqual({ ok: true, value: text });
        expect(mersisHolder(parsed(text))).toBe('legal-person');
        expect(vknOfMersisNo(parsed(text))).toBe(vkn);
      }),
    );
  });

  it('of a natural person is an identity number and any five digits, and holds no VKN', () => {
    fc.assert(
      fc.property(kimlikNos, five, (kimlikNo, tail) => {
        const text = kimlikNo + tail;
        expect(parseMersisNo(text)).toEqual({ ok: true, value: text });
        expect(mersisHolder(parsed(text))).toBe('natural-person');
        expect(vknOfMersisNo(parsed(text))).toBeNull();
      }),
    );
  });

  it('with wrong check digits inside is used all the same, with a warning', () => {
    for (const text of ['0111111111100015', '1111111111100015', '9900000000100015']) {
      expect(parseMersisNo(text)).toEqual({ ok: true, value: text, warning: 'checksum' });
    }
  });

  it('is always taken if it is sixteen digits, and warns exactly where the inner number fails', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{16}$/), (text) => {
        const inner = text.startsWith('0')
          ? vknCheckDigit(text.slice(1, 10)) === text[10]
          : kimlikCheckDigits(text.slice(0, 9)) === text.slice(9, 11);
        expect(parseMersisNo(text)).toEqual({
          ok: true,
          value: text,
          ...(inner ? {} : { warning: 'checksum' }),
        });
      }),
    );
  });

  it('is sixteen ASCII digits in a string and nothing else', () => {
    const good = '0454053692000015';
    const bad = [
      '',
      good.slice(1),
      `${good}0`,
      ` ${good}`,
      `${good}\n`,
      good.replace('5', 'S'),
      '0454-0536-9200-0015',
      '０４５４０５３６９２００００１５',
    ];
    for (const text of [...bad, 454053692000015, null, undefined, [good]]) {
      expect(parseMersisNo(text)).toEqual({ ok: false, problem: 'format' });
    }
  });
});

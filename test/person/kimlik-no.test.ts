import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KimlikNo, kimlikCheckDigits } from '../../src/person/kimlik-no.js';

const nine = (first: string) =>
  fc
    .tuple(fc.constantFrom(...first), fc.stringMatching(/^[0-9]{8}$/))
    .map(([head, rest]: [string, string]) => head + rest);
const citizens = nine('12345678').map((digits) => digits + kimlikCheckDigits(digits));
const foreigners = nine('9').map((digits) => digits + kimlikCheckDigits(digits));

function parsed(text: string): KimlikNo {
  const result = KimlikNo.parse(text);
  if (!result.ok) throw new Error(`not a number: ${result.problem}`);
  return result.value;
}

/** The rule as a table of weights, apart from the code: d10 = 7*odd - even, d11 = 8*odd (facts/kps.md §6). */
function checkDigitsByBigInt(digits: string): string {
  const d = [...digits].map(BigInt);
  const sum = (odd: number) => d.filter((_, i) => i % 2 === odd).reduce((a, b) => a + b, 0n);
  const modulo = (n: bigint) => ((n % 10n) + 10n) % 10n;
  return `${modulo(7n * sum(0) - sum(1))}${modulo(8n * sum(0))}`;
}

afterEach(() => {
  KimlikNo.throwWhenPrinted = true;
});

describe('the check digits of an identity number', () => {
  it('let the published number pass and refuse its neighbour', () => {
    expect(KimlikNo.parse('11111111110').ok).toBe(true);
    expect(KimlikNo.parse('11111111111')).toEqual({ ok: false, problem: 'checksum' });
    expect(kimlikCheckDigits('111111111')).toBe('10');
  });

  it('are right where the difference is negative and a plain remainder would keep the sign', () => {
    expect(kimlikCheckDigits('190909090')).toBe(checkDigitsByBigInt('190909090'));
    expect(KimlikNo.parse(`190909090${kimlikCheckDigits('190909090')}`).ok).toBe(true);
  });

  it('agree with the rule written another way', () => {
    fc.assert(
      fc.property(nine('123456789'), (digits) => {
        expect(kimlikCheckDigits(digits)).toBe(checkDigitsByBigInt(digits));
      }),
    );
  });

  it('find every single wrong digit of a citizen’s number', () => {
    fc.assert(
      fc.property(citizens, fc.nat(10), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
        const wrong = (Number(number[at]) + shift) % 10;
        const altered = number.slice(0, at) + wrong + number.slice(at + 1);
        fc.pre(!/^[09]/.test(altered));
        expect(KimlikNo.parse(altered)).toEqual({ ok: false, problem: 'checksum' });
      }),
    );
  });

  it('are both checked: a right last digit alone is not enough', () => {
    // 11111111110 with d10 and d11 moved together so that d11 still is the sum of the ten before it.
    expect(KimlikNo.parse('11111111121')).toEqual({ ok: false, problem: 'checksum' });
  });

  it('are computed for nine digits only', () => {
    for (const text of ['', '12345678', '1234567890', '12345678a', '１２３４５６７８９']) {
      expect(() => kimlikCheckDigits(text)).toThrow(RangeError);
    }
  });
});

describe('reading an identity number', () => {
  it('gives back the very digits that were read', () => {
    fc.assert(
      fc.property(fc.oneof(citizens, foreigners), (number) => {
        expect(parsed(number).reveal()).toBe(number);
      }),
    );
  });

  it('tells citizens from foreigners by the first digit alone', () => {
    fc.assert(fc.property(citizens, (number) => parsed(number).kind === 'citizen'));
    fc.assert(fc.property(foreigners, (number) => parsed(number).kind === 'foreigner'));
    const not99 = `98765432${'1'}`;
    expect(parsed(not99 + kimlikCheckDigits(not99)).kind).toBe('foreigner');
  });

  it('only warns where a foreigner’s number fails the checksum', () => {
    fc.assert(
      fc.property(foreigners, fc.integer({ min: 1, max: 9 }), (number, shift) => {
        const altered = number.slice(0, 10) + ((Number(number[10]) + shift) % 10);
        const result = KimlikNo.parse(altered);
        expect(result.ok && result.warning).toBe('checksum');
        expect(result.ok && result.value.reveal()).toBe(altered);
      }),
    );
  });

  it('gives no warning with a number that holds', () => {
    fc.assert(
      fc.property(fc.oneof(citizens, foreigners), (number) => !('warning' in KimlikNo.parse(number))),
    );
  });

  it('refuses whatever is not eleven ASCII digits in a string', () => {
    const bad = [
      '',
      '1111111111',
      '111111111100',
      '01111111110',
      ' 11111111110',
      '11111111110\n',
      '1111 1111110',
      '+1111111111',
      '1111111111a',
      '١١١١١١١١١١٠',
      '１１１１１１１１１１０',
      11111111110,
      11111111110n,
      null,
      undefined,
      ['11111111110'],
      { toString: () => '11111111110' },
      new String('11111111110'),
    ];
    for (const text of bad) expect(KimlikNo.parse(text)).toEqual({ ok: false, problem: 'format' });
  });

  it('never throws and never says ok for other text', () => {
    fc.assert(
      fc.property(fc.anything(), (text) => {
        fc.pre(typeof text !== 'string' || !/^[1-9][0-9]{10}$/.test(text));
        expect(KimlikNo.parse(text)).toEqual({ ok: false, problem: 'format' });
      }),
    );
  });
});

describe('comparing identity numbers', () => {
  it('is by their digits', () => {
    fc.assert(
      fc.property(citizens, citizens, (a, b) => {
        expect(parsed(a).equals(parsed(b))).toBe(a === b);
        expect(parsed(a).equals(parsed(a))).toBe(true);
      }),
    );
  });
});

describe('an identity number that is about to be printed', () => {
  const number = '11111111110';
  const printings: Record<string, (no: KimlikNo) => string> = {
    String: (no) => String(no),
    'a template': (no) => `${no}`,
    concatenation: (no) => '> '.concat(no as unknown as string),
    'JSON.stringify': (no) => JSON.stringify({ no }),
    'util.inspect': (no) => inspect({ no }, { showHidden: true, depth: null, getters: true }),
    'Array.join': (no) => [no].join(','),
    'toLocaleString()': (no) => no.toLocaleString(),
    'an error message': (no) => new Error(no as unknown as string).message,
    'a property key': (no) => Object.keys({ [no as unknown as string]: 1 }).join(),
  };

  for (const [way, print] of Object.entries(printings)) {
    it(`throws in tests: ${way}`, () => {
      expect(() => print(parsed(number))).toThrow('a kimlik number was about to be printed');
    });

    it(`shows *** in production: ${way}`, () => {
      KimlikNo.throwWhenPrinted = false;
      const text = print(parsed(number));
      expect(text).toContain('***');
      expect(text).not.toMatch(/[0-9]{3}/);
    });
  }

  it('is no number either: arithmetic gives NaN', () => {
    KimlikNo.throwWhenPrinted = false;
    expect(Number(parsed(number))).toBeNaN();
  });

  it('shows no digits to what copies objects: structured clone, spread, entries, V8 serialisation, raw inspection', () => {
    const no = parsed(number);
    const seen = [
      JSON.stringify(structuredClone({ no })),
      JSON.stringify({ ...no }),
      JSON.stringify(Object.entries(no)),
      JSON.stringify(Reflect.ownKeys(no)),
      serialize({ no }).toString('latin1'),
      inspect(no, { customInspect: false, showHidden: true, depth: null, getters: true }),
    ];
    for (const text of seen) expect(text).not.toContain('111');
  });
});

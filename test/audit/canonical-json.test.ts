import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../src/audit/canonical-json.js';
import { canonicalize } from './support/oracle.js';

/** Text of every kind of Unicode: all planes, controls, noncharacters, line separators, combining marks; no lone surrogate. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    '\u0000',
    '\n',
    '\u2028\u2029',
    '\u007f',
    '"\\',
    'İıŞğ',
    '😂',
    '\ufb33',
    '\r',
    '__proto__',
  ),
);
const integer = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(0, -0, 1, -1));
const json = fc.letrec<{ value: Json; list: Json[]; object: Record<string, Json> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    integer,
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(text, tie('value'), { maxKeys: 6, noNullPrototype: false }),
})).value;

const refused = (value: unknown) => {
  expect(() => canonicalJson(value as Json)).toThrow(TypeError);
};

describe('canonical JSON', () => {
  it('gives the bytes of an independent implementation of RFC 8785', () => {
    fc.assert(
      fc.property(json, (value) => expect(canonicalJson(value)).toBe(canonicalize(value))),
      {
        numRuns: 500,
      },
    );
  });

  it('reads back as the same value', () => {
    const noMinusZero = (_: string, value: unknown) => (value === 0 ? 0 : value);
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value), noMinusZero));
      }),
    );
  });

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, integer), { selector: ([name]) => name }), (members) => {
        const backwards = [...members].reverse();
        expect(canonicalJson(Object.fromEntries(backwards))).toBe(canonicalJson(Object.fromEntries(members)));
      }),
    );
  });

  it('sorts members by UTF-16 code units as the vector of RFC 8785 §3.2.3 does', () => {
    const vector = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalJson(vector).matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('holds no line end, whatever the text', () => {
    fc.assert(fc.property(json, (value) => !/[\n\r]/.test(canonicalJson(value))));
  });

  it('refuses numbers that two programs could write differently', () => {
    for (const value of [0.5, 1e21, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY])
      refused(value);
    fc.assert(
      fc.property(
        fc.double().filter((n) => !Number.isSafeInteger(n)),
        (n) => refused({ deep: [n] }),
      ),
    );
  });

  it('refuses lone surrogates in values and in names', () => {
    for (const lone of ['\ud800', '\udfff', 'a\ud83d', '\ude00\ud83d']) {
      refused(lone);
      refused({ [lone]: 1 });
    }
  });

  it('refuses what JSON has no word for, wherever it stands', () => {
    for (const value of [undefined, () => 1, Symbol('s'), 10n]) {
      refused(value);
      refused([value]);
      refused({ name: value });
    }
  });

  it('refuses holes in arrays and objects of classes, which would lose their content in silence', () => {
    const holes: number[] = [1, 2, 3];
    delete holes[1];
    class Money {
      readonly kurus = 5;
    }
    for (const value of [
      holes,
      new Array(2),
      new Date(0),
      new Map([['a', 1]]),
      new Money(),
      Buffer.from('a'),
    ])
      refused(value);
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }) as Json)).toBe('{"a":1}');
  });
});

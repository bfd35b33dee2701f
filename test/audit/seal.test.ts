import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openBytes, openValue, type SealedValue, sealBytes, sealValue } from '../../src/audit/seal.js';

const key = Buffer.alloc(32, 7);
const ENTRY = '11111111-1111-4111-8111-111111111111';
const FIELD = 'subject.number';
const INVALID = expect.objectContaining({ code: 'SEALED_VALUE_INVALID' });
const seal = (text: string) => sealValue(text, 'k1', key, ENTRY, FIELD);
const flips = (bytes: Buffer) =>
  Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const copy = Buffer.from(bytes);
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
    return copy;
  });

describe('a sealed value', () => {
  it('opens to its text with its key, in its entry and field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(openValue(seal(text), key, ENTRY, FIELD)).toBe(text);
      }),
    );
  });

  it('does not open in another field, another entry or with another key', () => {
    const sealed = seal('secret');
    expect(() => openValue(sealed, key, ENTRY, 'actor.number')).toThrow(INVALID);
    expect(() => openValue(sealed, key, ENTRY.replace('1', '2'), FIELD)).toThrow(INVALID);
    expect(() => openValue(sealed, randomBytes(32), ENTRY, FIELD)).toThrow(INVALID);
    expect(() => openValue(sealed, Buffer.alloc(16), ENTRY, FIELD)).toThrow(INVALID);
  });

  it('does not open where any bit of it was flipped', () => {
    const sealed = seal('secret');
    for (const member of ['box', 'nonce'] as const) {
      for (const bytes of flips(Buffer.from(sealed[member], 'base64url'))) {
        const forged = { ...sealed, [member]: bytes.toString('base64url') };
        expect(() => openValue(forged, key, ENTRY, FIELD)).toThrow(INVALID);
      }
    }
  });

  it('does not open where it was cut, grown or spelt otherwise', () => {
    const sealed = seal('a');
    const spellings = (text: string) => [
      '',
      text.slice(1),
      text.slice(0, -1),
      `${text}A`,
      `${text}=`,
      ` ${text}`,
      `${text}!`,
    ];
    const forged: SealedValue[] = [
      ...spellings(sealed.box).map((box) => ({ ...sealed, box })),
      ...spellings(sealed.nonce).map((nonce) => ({ ...sealed, nonce })),
    ];
    for (const value of forged) expect(() => openValue(value, key, ENTRY, FIELD)).toThrow(INVALID);
  });

  it('is another one each time: equal texts cannot be seen to be equal', () => {
    const all = Array.from({ length: 50 }, () => seal('same'));
    expect(new Set(all.map((one) => one.nonce)).size).toBe(50);
    expect(new Set(all.map((one) => one.box)).size).toBe(50);
  });

  it('says nothing about why it does not open', () => {
    const failure = (() => {
      try {
        return openValue(seal('4711'), randomBytes(32), ENTRY, FIELD);
      } catch (error) {
        return error as Error;
      }
    })() as Error;
    expect(failure.cause).toBeUndefined();
    expect(failure.message).not.toContain(ENTRY);
  });
});

describe('sealed bytes', () => {
  it('open at their place with their key, and nowhere else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), fc.string(), (bytes, place, other) => {
        const sealed = sealBytes(Buffer.from(bytes), key, place);
        expect(openBytes(sealed, key, place)).toEqual(Buffer.from(bytes));
        if (other !== place) expect(() => openBytes(sealed, key, other)).toThrow(INVALID);
        expect(() => openBytes(sealed, randomBytes(32), place)).toThrow(INVALID);
      }),
    );
  });

  it('do not open where any bit was flipped or anything is missing', () => {
    const sealed = sealBytes(Buffer.from('twelve bytes'), key, 'here');
    for (const forged of flips(sealed)) expect(() => openBytes(forged, key, 'here')).toThrow(INVALID);
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => openBytes(sealed.subarray(0, length), key, 'here')).toThrow(INVALID);
  });
});

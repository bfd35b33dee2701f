import { describe, expect, it } from '@jest/globals';
import {
  hashRecoveryCode,
  newRecoveryCodes,
  plainRecoveryCode,
} from '../../../src/sign-in/step-up/recovery-codes.js';
import { tagger } from '../../audit/support/parts.js';

const PLAIN = '7K3QDXM2PA01TWC';

describe('recovery codes', () => {
  it('are ten, each of 75 bits and unlike every other', () => {
    const codes = Array.from({ length: 20 }, newRecoveryCodes).flat();
    expect(codes).toHaveLength(200);
    expect(new Set(codes).size).toBe(200);
    for (const code of codes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){2}[0-9A-HJKMNP-TV-Z]{5}$/);
    const letters = new Set(codes.join('').replaceAll('-', ''));
    expect(letters.size).toBe(32);
  });

  it.each([
    '7K3QD-XM2PA-01TWC',
    '7k3qd-xm2pa-01twc',
    ' 7k3qd xm2pa 01twc\n',
    '7k3qd–xm2pa–oıtwc',
    '7K3QDXM2PAOİTWC',
    '7k3qdxm2paoltwc',
  ])('are understood as somebody may type them: %j', (typed) => {
    expect(plainRecoveryCode(typed)).toBe(PLAIN);
  });

  it.each([
    '',
    '287082',
    PLAIN.slice(1),
    `${PLAIN}0`,
    `${PLAIN.slice(1)}U`,
    `${PLAIN.slice(1)}é`,
    '-'.repeat(41),
  ])('are none where they have not their form: %j', (typed) => {
    expect(plainRecoveryCode(typed)).toBeNull();
  });

  it('are kept as keyed hashes that differ from person to person', () => {
    const hashes = [1, 2].map((n) => hashRecoveryCode(tagger, Buffer.alloc(16, n), PLAIN));
    expect(hashes.map((hash) => hash.length)).toEqual([32, 32]);
    expect(hashes[0]?.equals(hashes[1] as Buffer)).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { isSecret, matchedStep, newSecret, otpauthUri, qrSvgOf } from '../../../src/sign-in/step-up/totp.js';

/** The seed of RFC 6238, Appendix B (`12345678901234567890`), and its SHA-1 rows, cut to six digits. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const ROWS = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const;
const at = (seconds: number) => new Date(seconds * 1000);

describe('a TOTP code', () => {
  it.each(ROWS)('of RFC 6238, Appendix B, at %d s is %s', (seconds, code) => {
    expect(matchedStep(SEED, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('is known one step before and after its own, and no further', () => {
    const [[, code]] = ROWS;
    expect([-1, 0, 29, 30, 59, 60, 89, 90].map((second) => matchedStep(SEED, code, at(second)))).toEqual([
      null,
      1,
      1,
      1,
      1,
      1,
      1,
      null,
    ]);
  });

  it.each(['', '28708', '2870820', '28708a', ' 287082', '287082\n', '２８７０８２', '-28708', '2.8708'])(
    'is not %j',
    (code) => {
      expect(matchedStep(SEED, code, at(59))).toBeNull();
    },
  );
});

describe('a secret', () => {
  it('has 160 bits and is never the same', () => {
    const secrets = Array.from({ length: 20 }, newSecret);
    expect(new Set(secrets).size).toBe(20);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(secrets.every(isSecret)).toBe(true);
  });

  it.each(['', 'A'.repeat(16), 'not base32!', '1'.repeat(32), 'A'.repeat(200)])(
    'that is %j is none, and makes no error that could quote it',
    (secret) => {
      expect(isSecret(secret)).toBe(false);
    },
  );

  it('comes as an address of authenticator programs that names nobody', () => {
    const uri = new URL(otpauthUri(SEED));
    expect(decodeURIComponent(uri.href.split('?')[0] ?? '')).toBe('otpauth://totp/KOOPBİS:KOOPBİS');
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: SEED, issuer: 'KOOPBİS' });
    expect(matchedStep(SEED, generateSync({ secret: SEED, epoch: 1000 }), at(1000))).toBe(33);
  });

  it('comes as a picture that needs neither style nor script', async () => {
    const svg = await qrSvgOf(otpauthUri(newSecret()));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"[^>]*><path/);
    expect(svg).not.toMatch(/style|script|href|url\(|<image|on[a-z]+=/i);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { SigningKey } from '../../../src/sign-in/provider/keys.js';
import { logoutToken } from '../../../src/sign-in/provider/logout-token.js';

const NOW = new Date('2026-05-04T09:00:00.400Z');
const CLAIMS = { issuer: 'https://giris.example', clientId: 'core', sub: 'pairwise-1', sid: 'sid-1' };

const keyOf = (kid: string, signsFrom: string, signsUntil: string): SigningKey => ({
  jwk: {
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    kid,
    alg: 'RS256',
  } as SigningKey['jwk'],
  signsFrom: new Date(signsFrom),
  signsUntil: new Date(signsUntil),
});
const OLD = keyOf('old', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z');
const CURRENT = keyOf('current', '2026-04-01T00:00:00Z', '2026-07-01T00:00:00Z');
const NEXT = keyOf('next', '2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z');
const KEYS = [OLD, CURRENT, NEXT];
const published = createLocalJWKSet({
  keys: KEYS.map(({ jwk: { kty, n, e, kid, alg } }) => ({ kty, n, e, kid, alg })) as never,
});
const verify = (token: string) =>
  jwtVerify(token, published, {
    issuer: CLAIMS.issuer,
    audience: 'core',
    typ: 'logout+jwt',
    algorithms: ['RS256'],
    currentDate: NOW,
  });

describe('a logout token', () => {
  it('says what OpenID Connect Back-Channel Logout asks for, and nothing else', async () => {
    const { payload, protectedHeader } = await verify(await logoutToken(CLAIMS, KEYS, NOW));
    const iat = Math.floor(NOW.getTime() / 1000);
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'logout+jwt', kid: 'current' });
    expect(payload).toEqual({
      iss: CLAIMS.issuer,
      aud: 'core',
      sub: 'pairwise-1',
      sid: 'sid-1',
      iat,
      exp: iat + 120,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    // An ID token has one; a logout token must not (§2.4), so that neither passes for the other.
    expect(payload).not.toHaveProperty('nonce');
  });

  it('names no session where the application was never given one', async () => {
    const { payload } = await verify(await logoutToken({ ...CLAIMS, sid: '' }, KEYS, NOW));
    expect(payload).not.toHaveProperty('sid');
    expect(payload.sub).toBe('pairwise-1');
  });

  it('has an id that no other has', async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => logoutToken(CLAIMS, KEYS, NOW)));
    const ids = await Promise.all(tokens.map(async (token) => (await verify(token)).payload.jti));
    expect(new Set(ids).size).toBe(3);
  });

  it('is signed by the key that signs now, neither by one before nor by one to come', async () => {
    const signer = async (now: string) => {
      const token = await logoutToken(CLAIMS, KEYS, new Date(now));
      return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')).kid;
    };
    expect(await signer('2026-03-31T23:59:59Z')).toBe('old');
    expect(await signer('2026-04-01T00:00:00Z')).toBe('current');
    expect(await signer('2026-07-01T00:00:00Z')).toBe('next');
  });

  it('is not made where there is no key', async () => {
    await expect(logoutToken(CLAIMS, [], NOW)).rejects.toThrow('no key');
  });
});

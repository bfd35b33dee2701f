import { createDecipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  authenticatorOf,
  basicAuthenticator,
  kamusmAuthenticator,
} from '../../../src/audit/timestamp/authenticators.js';
import { buildRequest } from '../../../src/audit/timestamp/request.js';
import type { AuthoritySettings } from '../../../src/audit/timestamp/settings.js';
import { valuesOf } from './support/der.js';
import { describeWithOpenssl, OTHER_POLICY, Workshop } from './support/openssl.js';

const imprint = createHash('sha256').update('a checkpoint').digest();

describe('a request', () => {
  it('carries version, imprint, nonce as a positive integer, and the wish for the certificate', () => {
    // The highest bit is set: without a zero in front the number would be negative.
    const nonce = Buffer.from('f0e1d2c3b4a59687', 'hex');
    const parts = valuesOf(valuesOf(buildRequest({ imprint, nonce, policy: null }))[0]?.content as Buffer);
    expect(parts.map(({ raw }) => raw.toString('hex'))).toEqual([
      '020101',
      `3031300d060960864801650304020105000420${imprint.toString('hex')}`,
      '020900f0e1d2c3b4a59687',
      '0101ff',
    ]);
  });

  it('refuses an imprint that is no SHA-256 and a nonce under 64 bits', () => {
    const nonce = randomBytes(16);
    for (const wrong of [
      { imprint: randomBytes(20), nonce },
      { imprint, nonce: randomBytes(7) },
    ])
      expect(() => buildRequest({ ...wrong, policy: null })).toThrow(
        expect.objectContaining({ code: 'WRONG_USE' }),
      );
  });
});

describeWithOpenssl('a request, as openssl reads it', () => {
  it('is a time stamp request with our imprint, nonce and policy', () => {
    const shop = new Workshop();
    try {
      const nonce = randomBytes(16);
      const query = shop.write('query', buildRequest({ imprint, nonce, policy: OTHER_POLICY }));
      const text = shop.run('ts', '-query', '-in', query, '-text');
      expect(text).toContain('Hash Algorithm: sha256');
      expect(text).toContain(`Policy OID: ${OTHER_POLICY}`);
      expect(text).toContain('Certificate required: yes');
      expect(BigInt(/Nonce: (0x[0-9A-F]+)/.exec(text)?.[1] ?? '0')).toBe(
        BigInt(`0x${nonce.toString('hex')}`),
      );
    } finally {
      shop.close();
    }
  });
});

/** Takes an `identity` header apart by hand and gives what its cipher holds. */
function readIdentity(header: string, password: string) {
  const [outer, ...behind] = valuesOf(Buffer.from(header, 'hex'));
  const parts = valuesOf(outer?.content as Buffer);
  expect([outer?.tag, behind.length, parts.map(({ tag }) => tag)]).toEqual([0x30, 0, [2, 4, 2, 4, 4]]);
  const [customer, salt, iterations, iv, box] = parts.map(({ content }) => content) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const count = Number(`0x${iterations.toString('hex')}`);
  const key = pbkdf2Sync(password, salt, count, 32, 'sha256');
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  return {
    customer: Number(`0x${customer.toString('hex')}`),
    count,
    iv,
    salt,
    plain: Buffer.concat([decipher.update(box), decipher.final()]),
  };
}

describe('the authenticators', () => {
  it('Kamu SM: the identity header holds customer, salt, 100 iterations, IV and the imprint under the password', () => {
    const { identity, ...others } = kamusmAuthenticator(1_234_567, 'gizli-ş', randomBytes).headers(imprint);
    expect(others).toEqual({});
    expect(identity).toMatch(/^[0-9a-f]+$/);
    const read = readIdentity(identity as string, 'gizli-ş');
    expect(read).toMatchObject({ customer: 1_234_567, count: 100, plain: imprint });
    expect([read.iv.length, read.salt.length]).toEqual([16, 16]);
  });

  it('Kamu SM: two requests over one imprint have nothing in common', () => {
    const authenticator = kamusmAuthenticator(9, 'gizli', randomBytes);
    const [one, two] = [authenticator.headers(imprint), authenticator.headers(imprint)].map(({ identity }) =>
      readIdentity(identity as string, 'gizli'),
    );
    expect(one?.salt.equals(two?.salt as Buffer)).toBe(false);
    expect(one?.iv.equals(two?.iv as Buffer)).toBe(false);
  });

  it('Basic: user name and password in UTF-8; a user name with a colon is refused', () => {
    const { authorization = '' } = basicAuthenticator('köprü', 'a:b').headers(imprint);
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8')).toBe('köprü:a:b');
    expect(() => basicAuthenticator('a:b', 'c')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('are chosen by the settings, which must have what they need', () => {
    const base = { id: 'one', url: 'http://tsa.example', policies: [], ca: '', timeoutMs: 1000 };
    const of = (over: Partial<AuthoritySettings> & Pick<AuthoritySettings, 'authentication'>) =>
      authenticatorOf({ ...base, ...over }, randomBytes);
    expect(of({ authentication: 'none' }).headers(imprint)).toEqual({});
    expect(
      Object.keys(of({ authentication: 'basic', userName: 'u', password: 'p' }).headers(imprint)),
    ).toEqual(['authorization']);
    expect(
      Object.keys(of({ authentication: 'kamusm', customerNo: 1, password: 'p' }).headers(imprint)),
    ).toEqual(['identity']);
    for (const over of [
      { authentication: 'basic', userName: 'u' },
      { authentication: 'basic', password: 'p' },
      { authentication: 'kamusm', password: 'p' },
      { authentication: 'kamusm', customerNo: 1 },
    ] as const)
      expect(() => of(over)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bearerToken, checkHeaders, NO_HEADERS, requestIdOf } from '../../src/api/request-headers.js';
import { digitsOf, SUBJECT } from '../verification/support/parts.js';

const NUMBER = digitsOf(SUBJECT);
const reasonOf = (headers: Record<string, string>): string | null => {
  const checked = checkHeaders(headers);
  return checked.ok ? null : checked.reason;
};

describe('the headers of a call', () => {
  it('may all be absent', () => {
    expect(checkHeaders({})).toEqual({ ok: true, value: NO_HEADERS });
  });

  it('are taken over as they came where they have their form', () => {
    const checked = checkHeaders({
      'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
      'x-koopbis-screen': 'ORT/01.a_b-c',
      'x-koopbis-user-address': '2001:db8::1',
      'x-request-id': 'req-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(checked).toEqual({
      ok: true,
      value: {
        idempotencyKey: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
        screen: 'ORT/01.a_b-c',
        userAddress: '2001:db8::1',
        requestId: 'req-1',
      },
    });
  });

  it.each([
    ['idempotency-key', 64, 'k'],
    ['x-koopbis-screen', 32, 's'],
    ['x-request-id', 64, 'r'],
  ])('%s may have %i characters and not one more', (name, limit, letter) => {
    expect(reasonOf({ [name]: letter.repeat(limit) })).toBeNull();
    expect(reasonOf({ [name]: letter.repeat(limit + 1) })).toBe(name);
    expect(reasonOf({ [name]: '' })).toBe(name);
  });

  it.each([
    ['idempotency-key', 'a b'],
    ['idempotency-key', 'ç'],
    ['idempotency-key', 'a\r\nX-Evil: 1'],
    ['idempotency-key', 'a\n'],
    ['x-koopbis-screen', 'ekran 1'],
    ['x-koopbis-screen', 'a\n'],
    ['x-koopbis-screen', 'ekran;1'],
    ['x-request-id', 'a/b'],
    ['x-request-id', 'a\nb'],
    ['x-request-id', 'one, two'],
    ['traceparent', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01'],
    ['traceparent', `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-${'a'.repeat(500)}`],
    ['x-koopbis-user-address', 'localhost'],
    ['x-koopbis-user-address', '192.0.2.7, 192.0.2.8'],
    ['x-koopbis-user-address', '192.0.2.256'],
    ['x-koopbis-user-address', '10.0.0.0/8'],
    ['x-koopbis-user-address', ''],
    ['x-koopbis-user-address', 'fe80::1%eth0'],
    ['x-koopbis-user-address', `fe80::1%${'a'.repeat(4000)}`],
  ])('%s is refused as "%s", by name', (name, value) => {
    expect(reasonOf({ [name]: value })).toBe(name);
  });

  it.each([
    ['x-koopbis-screen', NUMBER],
    ['x-koopbis-screen', `ORT-${NUMBER}`],
    ['x-koopbis-screen', `TC${NUMBER}`],
    ['x-request-id', NUMBER],
    ['x-request-id', `req.${NUMBER}`],
  ])('%s may not carry an identity number: it stands in clear (%#)', (name, value) => {
    expect(reasonOf({ [name]: value })).toBe(name);
    if (name === 'x-request-id') expect(requestIdOf({ [name]: value })).toBeNull();
  });

  it('a refused request id is not used; a random one is, whatever digits it holds between letters', () => {
    expect(requestIdOf({ 'x-request-id': 'a b' })).toBeNull();
    expect(requestIdOf({})).toBeNull();
    const random = `4a0c0b8e-40d5-43dd-bc93-a${NUMBER}`;
    expect(requestIdOf({ 'x-request-id': random })).toBe(random);
  });

  it('the reason is one of our names, never what was sent', () => {
    const names = [
      'idempotency-key',
      'x-koopbis-screen',
      'x-request-id',
      'traceparent',
      'x-koopbis-user-address',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ maxLength: 100 }), (name, value) => {
        const reason = reasonOf({ [name]: value });
        expect([null, name]).toContain(reason);
      }),
    );
  });
});

describe('the bearer token', () => {
  const token = 'A'.repeat(43);

  it.each([`Bearer ${token}`, `bearer ${token}`, `BEARER ${token}==`])(
    'is found in "%s"',
    (authorization) => {
      expect(bearerToken({ authorization })).not.toBeNull();
    },
  );

  it.each([
    '',
    'Bearer',
    `Bearer  ${token}`,
    `Basic ${token}`,
    `Bearer ${token} ${token}`,
    `Bearer ${token},`,
    'Bearer short',
    `Bearer ${'A'.repeat(257)}`,
    `Bearer ${token}\n`,
    `DPoP ${token}`,
  ])('is not found in "%s"', (authorization) => {
    expect(bearerToken({ authorization })).toBeNull();
    expect(bearerToken({})).toBeNull();
  });
});

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { browserSecret, keepBrowserSecret } from '../../../src/sign-in/web/sign-in-cookie.js';

const SECRET = 'A'.repeat(43);
const requestOf = (cookie?: string) => {
  const request = new IncomingMessage(new Socket());
  if (cookie !== undefined) request.headers.cookie = cookie;
  return request;
};

describe('the secret that binds a round trip to its browser', () => {
  it('is found among other cookies', () => {
    expect(browserSecret(requestOf(`a=1; __Host-giris=${SECRET};b=2`))).toBe(SECRET);
  });

  it.each([
    ['none', undefined],
    ['an empty one', '__Host-giris='],
    ['one of another length', `__Host-giris=${SECRET}A`],
    ['one with other characters', `__Host-giris=${'A'.repeat(42)}!`],
    ['one without the prefix, which another host could have set', `giris=${SECRET}`],
    ['one with a longer name', `x__Host-giris=${SECRET}`],
    ['one written in small letters', `__host-giris=${SECRET}`],
  ])('is not there with %s', (_what, cookie) => {
    expect(browserSecret(requestOf(cookie))).toBeNull();
  });

  it('is 256 random bits, another for each browser', () => {
    const made = [1, 2, 3].map(() => {
      const request = requestOf();
      return keepBrowserSecret(request, new ServerResponse(request), 1000);
    });
    expect(new Set(made).size).toBe(3);
    for (const one of made) expect(Buffer.from(one, 'base64url')).toHaveLength(32);
  });

  it('is kept by a browser that has one, so that its tabs do not throw each other out', () => {
    const request = requestOf(`__Host-giris=${SECRET}`);
    const response = new ServerResponse(request);
    expect(keepBrowserSecret(request, response, 1000)).toBe(SECRET);
  });

  it('goes to this host alone, over HTTPS, unseen by scripts, for as long as a trip may take', () => {
    const request = requestOf();
    const response = new ServerResponse(request);
    response.setHeader('Set-Cookie', 'other=1');
    const secret = keepBrowserSecret(request, response, 900_001);
    expect(response.getHeader('Set-Cookie')).toEqual([
      'other=1',
      `__Host-giris=${secret}; Path=/; Max-Age=901; Secure; HttpOnly; SameSite=Lax`,
    ]);
  });
});

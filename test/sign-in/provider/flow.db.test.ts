import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oidc from 'openid-client';
import { CORE, openProviderHouse, PORTAL, type ProviderHouse } from './support/house.js';
import { named } from './support/upstream.js';
import { signIn } from './support/walk.js';

let house: ProviderHouse;
beforeAll(async () => {
  house = await openProviderHouse();
});
afterAll(() => house?.close());

describe('an application that signs people in with openid-client', () => {
  it('gets tokens by code and PKCE over its certificate, and the ID token says who, how strong and when', async () => {
    const before = Date.now();
    const { claims, tokens } = await signIn(house);
    expect(claims).toMatchObject({
      iss: house.issuer,
      aud: CORE,
      acr: 'urn:koopbis:acr:two-step',
      amr: ['mfa'],
      sub: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    expect(claims.auth_time).toBeGreaterThanOrEqual(Math.floor(before / 1000));
    expect(claims).not.toHaveProperty('kimlik_no');
    expect(tokens.expires_in).toBe(600);
    expect(tokens.refresh_token).toEqual(expect.any(String));
    expect(tokens.access_token).not.toContain('.');
    void oidc;
    void PORTAL;
    void named;
  });
});

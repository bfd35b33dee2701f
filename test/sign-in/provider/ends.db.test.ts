import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { hashToken, readAccessTokens } from '../../../src/sign-in/access-tokens.js';
import { endSession } from '../../../src/sign-in/end-session.js';
import { formOf, saysOf } from './support/browser.js';
import { CORE, openProviderHouse, outOf, type ProviderHouse, REPORTS } from './support/house.js';
import { named, UPSTREAM_ORIGIN } from './support/upstream.js';
import { pressOn, returnOf, signIn } from './support/walk.js';

let house: ProviderHouse;
beforeAll(async () => {
  house = await openProviderHouse();
});
afterAll(() => house?.close());

const sizeOf = async () => (await house.told()).length;
const sessionOf = async (token: string): Promise<string> => {
  const text = 'SELECT session_id FROM bridge.access_token WHERE token_hash = $1';
  const { rows } = await house.test.db.query<{ session_id: string }>({ text, values: [hashToken(token)] });
  return rows[0]?.session_id ?? '';
};
/** Whether the API would take it, over the certificate of its client. */
const isSignedIn = async (token: string, clientId = CORE) => {
  const presented = {
    tokenHash: hashToken(token),
    clientId,
    certificateSha256: Buffer.from(house.certificates.clients[clientId as typeof CORE].sha256, 'hex'),
  };
  const { masterKeys } = house.log;
  const [found] = await readAccessTokens(house.test.db as never, masterKeys, [presented], new Date());
  return found !== null;
};

describe('the end of a session', () => {
  it('ends its access token, its refresh token and the sign-in of its browser at once', async () => {
    const { client, tokens, browser } = await signIn(house);
    const session = await sessionOf(tokens.access_token);
    expect(await isSignedIn(tokens.access_token)).toBe(true);
    await endSession(house.log.appender, session, 'ended-by-administrator', new Date());
    expect(await isSignedIn(tokens.access_token)).toBe(false);
    await expect(
      oidc.fetchUserInfo(client, tokens.access_token, oidc.skipSubjectCheck),
    ).rejects.toBeDefined();
    await expect(oidc.refreshTokenGrant(client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(new URL((await browser.go('/hesabim')).url).origin).toBe(UPSTREAM_ORIGIN);
  });

  it('by the clock does the same, before any chore has seen it', async () => {
    for (const column of ['idle_until', 'expires_at']) {
      const { client, tokens, browser } = await signIn(house);
      const session = await sessionOf(tokens.access_token);
      await house.test.db.query({
        text: `UPDATE bridge.sign_in_session SET ${column} = now() - interval '1 second' WHERE session_id = $1`,
        values: [session],
      });
      expect(await isSignedIn(tokens.access_token)).toBe(false);
      await expect(oidc.refreshTokenGrant(client, tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      await expect(
        oidc.fetchUserInfo(client, tokens.access_token, oidc.skipSubjectCheck),
      ).rejects.toBeDefined();
      expect(new URL((await browser.go('/hesabim')).url).origin).toBe(UPSTREAM_ORIGIN);
    }
  });

  it('that a person orders for another browser of theirs is done and written down', async () => {
    const who = named('200000012');
    const office = await signIn(house, { who });
    const home = await signIn(house, { who });
    const session = await sessionOf(office.tokens.access_token);
    const page = await home.browser.go('/hesabim');
    expect(page.body).toContain(session);
    const from = await sizeOf();
    const { csrf = '' } = formOf(page).hidden;
    await home.browser.ask('/hesabim/oturumlar/kapat', { form: { csrf, oturum: session } });
    expect(
      (await house.told(from)).map(({ kind, data }) => [kind, (data as { session: string }).session]),
    ).toEqual([
      ['session.end-ordered', session],
      ['session.ended', session],
    ]);
    expect(await isSignedIn(office.tokens.access_token)).toBe(false);
    expect(await isSignedIn(home.tokens.access_token)).toBe(true);
  });
});

describe('signing out', () => {
  it('from an application ends the session, is an entry, and brings the browser back with the state', async () => {
    const { client, tokens, browser } = await signIn(house);
    const session = await sessionOf(tokens.access_token);
    const from = await sizeOf();
    const url = oidc.buildEndSessionUrl(client, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: outOf(CORE),
      state: 'geri',
    });
    const page = await browser.go(url.href);
    expect(saysOf(page).page).toBe('sign-out');
    expect(await sizeOf()).toBe(from);
    const end = await browser.submit(page, { logout: 'yes' });
    expect(end.url).toBe(`${outOf(CORE)}?state=geri`);
    expect((await house.told(from)).map(({ kind, data }) => [kind, data])).toEqual([
      ['session.ended', { reason: 'signed-out', session }],
    ]);
    expect(await isSignedIn(tokens.access_token)).toBe(false);
    await expect(oidc.refreshTokenGrant(client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(new URL((await browser.go('/hesabim')).url).origin).toBe(UPSTREAM_ORIGIN);
  });

  it('that is answered with no keeps the session', async () => {
    const { client, tokens, browser } = await signIn(house, { id: REPORTS });
    const first = await signIn(house, { browser });
    const url = oidc.buildEndSessionUrl(client, { id_token_hint: tokens.id_token ?? '' });
    const from = await sizeOf();
    await browser.submit(await browser.go(url.href));
    expect((await house.told(from)).map(({ kind }) => kind)).not.toContain('session.ended');
    expect(await isSignedIn(first.tokens.access_token)).toBe(true);
    expect(saysOf(await browser.go('/hesabim')).page).toBe('account');
  });

  it('where nobody is signed in any more goes straight back to the application, without a script', async () => {
    const { client, tokens, browser } = await signIn(house);
    const session = await sessionOf(tokens.access_token);
    await endSession(house.log.appender, session, 'idle', new Date());
    const url = oidc.buildEndSessionUrl(client, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: outOf(CORE),
      state: 'geri',
    });
    expect((await browser.go(url.href)).url).toBe(`${outOf(CORE)}?state=geri`);
    const page = await house.browser().go('/oidc/session/end');
    expect([page.status, saysOf(page).page]).toEqual([200, 'signed-out']);
  });
});

describe('an application that the session was used for', () => {
  it('is told of its end with a token that our published keys verify', async () => {
    const { tokens, claims } = await signIn(house, { who: named('200000013') });
    const session = await sessionOf(tokens.access_token);
    const stop = house.signIn().startChores();
    try {
      const from = house.logouts.length;
      await endSession(house.log.appender, session, 'ended-by-administrator', new Date());
      const sid = String(claims.sid);
      const mine = () =>
        house.logouts.slice(from).find(({ body }) => decodeJwt(body.get('logout_token') ?? '').sid === sid);
      while (mine() === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
      const told = mine();
      expect(told?.contentType).toContain('application/x-www-form-urlencoded');
      const jwks = JSON.parse((await house.browser().ask('/oidc/jwks')).body);
      const { payload, protectedHeader } = await jwtVerify(
        told?.body.get('logout_token') ?? '',
        createLocalJWKSet(jwks),
        { issuer: house.issuer, audience: CORE, typ: 'logout+jwt' },
      );
      expect(protectedHeader.alg).toBe('RS256');
      expect(payload).toMatchObject({
        sub: claims.sub,
        sid,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      expect(payload).not.toHaveProperty('nonce');
    } finally {
      await stop();
    }
  });
});

describe('GET /giris', () => {
  it('signs a person in without any application and leads to their own account', async () => {
    const browser = house.browser();
    const sent = await browser.go('/giris');
    const end = await pressOn(browser, await browser.go(returnOf(house, sent, named('200000014'))));
    expect([end.status, saysOf(end).page, new URL(end.url).pathname]).toEqual([200, 'account', '/hesabim']);
    expect(end.body).toContain('ÇİĞDEM NUR KÖSEÜŞÜMEZ');
    expect(new URL((await browser.go('/giris')).url).pathname).toBe('/hesabim');
  });

  it('gives our own pages no code and no token', async () => {
    const browser = house.browser();
    const url = `/oidc/auth?${new URLSearchParams({
      client_id: 'bridge',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${house.issuer}/hesabim`,
    })}`;
    const page = await browser.go(url);
    expect(new URL(page.url).searchParams.get('code')).toBeNull();
    const form = { grant_type: 'authorization_code', client_id: 'bridge', code: 'x' };
    expect((await house.post(`${house.issuer}/oidc/token`, form, null)).status).toBe(400);
  });
});

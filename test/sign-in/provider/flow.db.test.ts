import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import {
  ACR_STEP_UP,
  ACR_TWO_STEP,
  hashToken,
  readAccessTokens,
} from '../../../src/sign-in/access-tokens.js';
import { CORE, openProviderHouse, PORTAL, type ProviderHouse, REPORTS } from './support/house.js';
import { named, UPSTREAM_ORIGIN } from './support/upstream.js';
import { begin, signIn, walk } from './support/walk.js';

let house: ProviderHouse;
beforeAll(async () => {
  house = await openProviderHouse();
});
afterAll(() => house?.close());

const tokenRow = async (token: string) => {
  const text =
    'SELECT client_id, certificate_sha256, expires_at FROM bridge.access_token WHERE token_hash = $1';
  const { rows } = await house.test.db.query<{
    client_id: string;
    certificate_sha256: Buffer;
    expires_at: Date;
  }>({ text, values: [hashToken(token)] });
  return rows[0];
};

/** How strong the API takes a token to be. */
const acrAtApi = async (token: string) => {
  const certificateSha256 = Buffer.from(house.certificates.clients[CORE].sha256, 'hex');
  const shown = [{ tokenHash: hashToken(token), clientId: CORE, certificateSha256 }];
  const [user] = await house.test.db.transaction((tx) =>
    readAccessTokens(tx, house.log.masterKeys, shown, new Date()),
  );
  return user?.acr;
};

/** Moves the end of the step-up of this token's session. */
const stepUpUntil = (token: string, minutes: number) =>
  house.test.db.query({
    text: `UPDATE bridge.sign_in_session SET step_up_until = now() + make_interval(mins => $2)
      WHERE session_id = (SELECT session_id FROM bridge.access_token WHERE token_hash = $1)`,
    values: [hashToken(token), minutes],
  });

/** Signed in with step-up, as a browser is in which the second step was just proven. */
async function steppedUp() {
  const first = await signIn(house);
  await stepUpUntil(first.tokens.access_token, 10);
  return signIn(house, { browser: first.browser, more: { acr_values: ACR_STEP_UP } });
}

const strength = async ({ access_token, claims }: Awaited<ReturnType<typeof oidc.refreshTokenGrant>>) => {
  const known = claims();
  return { acr: known?.acr, amr: known?.amr, api: await acrAtApi(access_token) };
};
const STEPPED_UP = { acr: ACR_STEP_UP, amr: ['mfa', 'otp'], api: ACR_STEP_UP };
const TWO_STEPS = { acr: ACR_TWO_STEP, amr: ['mfa'], api: ACR_TWO_STEP };

describe('a step-up', () => {
  it('holds in ID token and API alike, also refreshed, until it decays, and in neither afterwards', async () => {
    const { client, tokens } = await steppedUp();
    expect(await strength(tokens)).toEqual(STEPPED_UP);
    const renewed = await oidc.refreshTokenGrant(client, tokens.refresh_token ?? '');
    expect(await strength(renewed)).toEqual(STEPPED_UP);
    await stepUpUntil(renewed.access_token, -1);
    const decayed = await oidc.refreshTokenGrant(client, renewed.refresh_token ?? '');
    expect(await strength(decayed)).toEqual(TWO_STEPS);
    const again = await oidc.refreshTokenGrant(client, decayed.refresh_token ?? '');
    expect(await strength(again)).toEqual(TWO_STEPS);
  });

  it('that has decayed between code and token is in neither', async () => {
    const first = await signIn(house);
    await stepUpUntil(first.tokens.access_token, 10);
    const begun = await begin(first.client, { acr_values: ACR_STEP_UP });
    const callback = await walk(house, first.browser, begun.url);
    await stepUpUntil(first.tokens.access_token, -1);
    const tokens = await oidc.authorizationCodeGrant(first.client, callback, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    });
    expect(await strength(tokens)).toEqual(TWO_STEPS);
  });

  it('is in no token of an application that did not ask for it, whatever the browser has proven', async () => {
    const { browser } = await steppedUp();
    const { tokens } = await signIn(house, { browser });
    expect(await strength(tokens)).toEqual(TWO_STEPS);
  });
});

describe('an application that signs people in with openid-client', () => {
  it('finds everything by discovery, with the addresses for its certificate on the other listener', async () => {
    const client = await house.client(CORE);
    const metadata = client.serverMetadata();
    expect(metadata.issuer).toBe(house.issuer);
    expect(metadata.authorization_endpoint).toBe(`${house.issuer}/oidc/auth`);
    expect(metadata.mtls_endpoint_aliases).toEqual({
      token_endpoint: `${house.apiOrigin}/oidc/token`,
      userinfo_endpoint: `${house.apiOrigin}/oidc/userinfo`,
      revocation_endpoint: `${house.apiOrigin}/oidc/token/revocation`,
    });
    expect(metadata.code_challenge_methods_supported).toEqual(['S256']);
    expect(metadata.subject_types_supported).toEqual(['pairwise']);
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(true);
    expect(metadata.backchannel_logout_supported).toBe(true);
    // What our own pages do is not for applications: no code, no secret. A form that sends itself needs a script.
    expect(metadata.token_endpoint_auth_methods_supported).toEqual(['tls_client_auth', 'private_key_jwt']);
    expect(metadata.response_types_supported).toEqual(['code']);
    expect(metadata.response_modes_supported).toEqual(['query']);
    expect(metadata.id_token_signing_alg_values_supported).toEqual(['RS256']);
  });

  it('gets tokens by code and PKCE over its certificate, and the ID token says who, how strong and when', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { claims, tokens } = await signIn(house);
    expect(claims).toMatchObject({
      iss: house.issuer,
      aud: CORE,
      acr: 'urn:koopbis:acr:two-step',
      amr: ['mfa'],
      sub: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    expect(claims.auth_time).toBeGreaterThanOrEqual(before);
    expect(claims).not.toHaveProperty('kimlik_no');
    expect(claims).not.toHaveProperty('given_name');
    expect(tokens.expires_in).toBe(600);
    expect(tokens.access_token).not.toContain('.');
    expect(tokens.refresh_token).not.toContain('.');
  });

  it('gets an access token that is bound to the certificate it showed, and is worth something at the API', async () => {
    const { tokens } = await signIn(house);
    const certificate = new X509Certificate(readFileSync(house.certificates.clients[CORE].cert));
    const row = await tokenRow(tokens.access_token);
    expect(row?.client_id).toBe(CORE);
    expect(row?.certificate_sha256).toEqual(createHash('sha256').update(certificate.raw).digest());
  });

  it('gets number and names with the scope kimlik, in the ID token and from userinfo over its certificate', async () => {
    const who = named('200000002');
    const { claims, client, tokens } = await signIn(house, { who, more: { scope: 'openid kimlik' } });
    const known = {
      kimlik_no: who.person.reveal(),
      given_name: 'ÇİĞDEM NUR',
      family_name: 'KÖSEÜŞÜMEZ',
    };
    expect(claims).toMatchObject(known);
    const info = await oidc.fetchUserInfo(client, tokens.access_token, claims.sub);
    expect(info).toMatchObject({ ...known, sub: claims.sub });
  });

  it('gets neither number nor names where its registration does not have the scope', async () => {
    const client = await house.client(REPORTS);
    const begun = await begin(client, { scope: 'openid kimlik' });
    const browser = house.browser();
    const answer = await browser.go(begun.url);
    expect(new URL(answer.url).searchParams.get('error')).toBe('invalid_scope');
    const { claims } = await signIn(house, { id: REPORTS });
    expect(claims).not.toHaveProperty('kimlik_no');
  });

  it('knows the same person as the same subject again, another application as another one', async () => {
    const who = named('200000003');
    const first = await signIn(house, { who });
    const again = await signIn(house, { who: named('200000003') });
    const elsewhere = await signIn(house, { id: REPORTS, who: named('200000003') });
    const other = await signIn(house, { who: named('200000004') });
    expect(again.claims.sub).toBe(first.claims.sub);
    expect(new Set([first, elsewhere, other].map(({ claims }) => claims.sub)).size).toBe(3);
    for (const { claims } of [first, elsewhere, other])
      expect(JSON.stringify(claims)).not.toContain(who.person.reveal());
  });

  it('authenticates by private_key_jwt as well, and its token is bound to its certificate all the same', async () => {
    const { claims, client, tokens } = await signIn(house, { id: PORTAL });
    expect(claims.aud).toBe(PORTAL);
    const row = await tokenRow(tokens.access_token);
    expect(row?.certificate_sha256.toString('hex')).toBe(house.certificates.clients[PORTAL].sha256);
    await expect(oidc.fetchUserInfo(client, tokens.access_token, claims.sub)).resolves.toMatchObject({
      sub: claims.sub,
    });
  });

  it('is let in without e-Devlet where the browser has a session, and each application stands in an entry once', async () => {
    const first = await signIn(house);
    const from = (await house.told()).length;
    const begun = house.upstream.begun.length;
    const second = await signIn(house, { id: REPORTS, browser: first.browser });
    expect(house.upstream.begun).toHaveLength(begun);
    expect(second.claims.auth_time).toBe(first.claims.auth_time);
    await signIn(house, { id: REPORTS, browser: first.browser });
    const joined = (await house.told(from)).filter(({ kind }) => kind === 'session.joined');
    expect(joined.map(({ data }) => data)).toEqual([
      expect.objectContaining({ client: REPORTS, session: expect.any(String) }),
    ]);
  });

  it('has the person prove themselves anew with prompt=login, and the session before ends', async () => {
    const first = await signIn(house);
    const from = (await house.told()).length;
    const begun = house.upstream.begun.length;
    await signIn(house, { browser: first.browser, more: { prompt: 'login' } });
    expect(house.upstream.begun.slice(begun)).toEqual([{ fresh: true }]);
    const kinds = (await house.told(from)).map(({ kind, data }) => [
      kind,
      (data as { reason?: string }).reason,
    ]);
    expect(kinds).toContainEqual(['session.ended', 'signed-in-again']);
  });

  it('is told login_required with prompt=none where nobody is signed in', async () => {
    const client = await house.client(CORE);
    const begun = await begin(client, { prompt: 'none' });
    const { url } = await house.browser().go(begun.url);
    expect(new URL(url).origin).toBe(`https://${CORE}.example`);
    expect(new URL(url).searchParams.get('error')).toBe('login_required');
  });

  it('gets a new refresh token for each one; one that was used is refused and takes its successors with it', async () => {
    const { client, tokens } = await signIn(house);
    const old = tokens.refresh_token ?? '';
    const next = await oidc.refreshTokenGrant(client, old);
    expect(next.refresh_token).not.toBe(old);
    expect(await acrAtApi(next.access_token)).toBe(ACR_TWO_STEP);
    const from = (await house.told()).length;
    await expect(oidc.refreshTokenGrant(client, old)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.refreshTokenGrant(client, next.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await acrAtApi(next.access_token)).toBeUndefined();
    const refused = (await house.told(from)).filter(({ kind }) => kind === 'token.refused');
    expect(refused.map(({ data }) => data)).toEqual([
      { client: CORE, error: 'invalid_grant', reason: 'used-before', session: expect.any(String) },
      { client: CORE, error: 'invalid_grant', reason: 'unknown', session: null },
    ]);
  });

  it('takes a token back, and the API knows it no more', async () => {
    const { client, tokens } = await signIn(house);
    await oidc.tokenRevocation(client, tokens.access_token);
    expect(await tokenRow(tokens.access_token)).toBeUndefined();
    await expect(
      oidc.fetchUserInfo(client, tokens.access_token, oidc.skipSubjectCheck),
    ).rejects.toBeDefined();
  });

  it('still verifies an ID token of the old key by the published set after the next key has taken over', async () => {
    const { tokens, browser } = await signIn(house);
    const old = tokens.id_token ?? '';
    const text = "UPDATE bridge.sign_in_key SET signs_from = now() - interval '90 days', signs_until = now()";
    await house.test.db.query({ text });
    await house.restart();
    const { tokens: next } = await signIn(house, { browser });
    const [before, after] = [old, next.id_token ?? ''].map((token) => decodeProtectedHeader(token).kid);
    expect(after).not.toBe(before);
    const client = await house.client(CORE);
    const own = client[oidc.customFetch];
    const keys = createRemoteJWKSet(new URL(client.serverMetadata().jwks_uri ?? ''), {
      [customFetch]: (url, options) => own?.(url, options as never) as never,
    });
    for (const token of [old, next.id_token ?? ''])
      await expect(jwtVerify(token, keys, { issuer: house.issuer, audience: CORE })).resolves.toBeDefined();
    const set = JSON.stringify(
      await (await own?.(client.serverMetadata().jwks_uri ?? '', { method: 'GET' } as never))?.json(),
    );
    expect(set).not.toMatch(/"(?:d|p|q|dp|dq|qi)":/);
  });

  it('sends the browser to the upstream first, with a state for this trip alone', async () => {
    const client = await house.client(CORE);
    const [one, two] = [house.browser(), house.browser()];
    const sent = await Promise.all([one, two].map(async (browser) => browser.go((await begin(client)).url)));
    expect(sent.map(({ url }) => new URL(url).origin)).toEqual([UPSTREAM_ORIGIN, UPSTREAM_ORIGIN]);
    expect(new Set(sent.map(({ url }) => url)).size).toBe(2);
  });

  it('prints no secret, number or name into the log of the process', async () => {
    const who = named('200000007');
    const { tokens, callback } = await signIn(house, { who, more: { scope: 'openid kimlik' } });
    const printed = house.printed.join('');
    for (const secret of [
      tokens.access_token,
      tokens.refresh_token ?? '-',
      callback.searchParams.get('code') ?? '-',
      who.person.reveal(),
      'KÖSEÜŞÜMEZ',
    ])
      expect(printed).not.toContain(secret);
  });
});

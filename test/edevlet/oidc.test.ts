import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { BegunTrip, NamedPerson } from '../../src/edevlet/port.js';
import type { UpstreamSettings } from '../../src/edevlet/settings.js';
import { createUpstream } from '../../src/edevlet/upstream.js';
import {
  CALL_FAULTS,
  json,
  type Loopback,
  type LoopbackCertificates,
  limitsFor,
  makeLoopbackCertificates,
  type Reply,
  startLoopback,
} from './support/loopback.js';
import { CLIENT_ID, failureOf, REDIRECT_URI, SECRET, settingsFor } from './support/settings.js';

const NUMBER = '10000000146';
const ACCESS_TOKEN = 'opaque access token';
const HIDDEN = [ACCESS_TOKEN, NUMBER, 'ZÜBEYDE', 'the-code', 'eyJ'];
const PERSON = { kimlik_no: NUMBER, given_name: 'ZÜBEYDE', family_name: 'ÖZGÜL' };
const HOUR_MS = 3_600_000;

let certificates: LoopbackCertificates;
let server: Loopback;
let key: CryptoKey;
let foreignKey: CryptoKey;
let now: Date;
let settings: UpstreamSettings;

beforeAll(async () => {
  certificates = await makeLoopbackCertificates();
  server = await startLoopback(certificates);
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  foreignKey = (await generateKeyPair('RS256')).privateKey;
  jwks = json({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' }] });
});
beforeEach(() => {
  now = new Date();
  server.seen.length = 0;
  server.replies.clear();
  server.replies.set('/.well-known/openid-configuration', json(metadata()));
  server.replies.set('/jwks', (...call) => jwks(...call));
  settings = settingsFor(
    { origin: server.origin, ca: certificates.ca },
    { profile: 'oidc', issuer: server.origin, baseUrl: 'https://unused.example/', scopes: ['kimlik'] },
  );
});
afterAll(() => server.close());

let jwks: Reply = json({});
const metadata = (changes: object = {}) => ({
  issuer: server.origin,
  authorization_endpoint: `${server.origin}/auth`,
  token_endpoint: `${server.origin}/token`,
  userinfo_endpoint: `${server.origin}/userinfo`,
  jwks_uri: `${server.origin}/jwks`,
  id_token_signing_alg_values_supported: ['RS256'],
  authorization_response_iss_parameter_supported: true,
  ...changes,
});
const upstream = () => createUpstream(settings, { now: () => now });
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
const paths = () => server.seen.map((one) => one.path);

interface Trip {
  readonly claims?: JWTPayload;
  readonly sign?: (claims: JWTPayload) => Promise<string> | string;
  readonly search?: (begun: BegunTrip) => string;
  readonly kept?: Partial<BegunTrip['kept']>;
  readonly answer?: object;
}

const signed = (claims: JWTPayload, by = key, header: object = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(by);

/** Begins, has the upstream answer the token request with an ID token of these claims, and finishes. */
async function walk(trip: Trip = {}): Promise<NamedPerson> {
  const one = upstream();
  const begun = await one.begin({ fresh: false });
  const claims: JWTPayload = {
    iss: server.origin,
    aud: CLIENT_ID,
    sub: 'subject-1',
    iat: seconds(now),
    exp: seconds(now) + 300,
    auth_time: seconds(now) - 100,
    nonce: begun.kept.nonce,
    acr: 'urn:example:two',
    amr: ['pwd', 'otp'],
    ...PERSON,
    ...trip.claims,
  };
  const idToken = await (trip.sign ?? signed)(JSON.parse(JSON.stringify(claims)));
  const answer = { access_token: ACCESS_TOKEN, token_type: 'Bearer', id_token: idToken, ...trip.answer };
  if (!server.replies.has('/token')) server.replies.set('/token', json(answer));
  const search =
    trip.search?.(begun) ??
    `?${new URLSearchParams({ code: 'the-code', state: begun.state, iss: server.origin })}`;
  return one.finish(search, begun.state, { ...begun.kept, ...trip.kept });
}
const endOf = async (trip: Trip = {}) => {
  const { code, fields } = await failureOf(walk(trip), HIDDEN);
  return { code, fields };
};
const without = (name: string): JWTPayload => ({ [name]: undefined });

describe('a sign-in that begins at an OpenID provider', () => {
  it('asks by discovery, with PKCE S256 and a nonce always, whatever the settings of the dialect say', async () => {
    settings = { ...settings, pkce: false, scopeSeparator: ';' };
    const { url, state, kept } = await upstream().begin({ fresh: false });
    const asked = Object.fromEntries(new URL(url).searchParams);
    expect(url.startsWith(`${server.origin}/auth?`)).toBe(true);
    expect(asked).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      scope: 'openid kimlik',
      state,
      nonce: kept.nonce,
      code_challenge: createHash('sha256')
        .update(kept.codeVerifier ?? '')
        .digest('base64url'),
      code_challenge_method: 'S256',
      max_age: '28800',
    });
    expect(Buffer.from(state, 'base64url')).toHaveLength(32);
    expect(paths()).toEqual(['/.well-known/openid-configuration']);
  });

  it('asks for a new proof where a fresh one is needed', async () => {
    const { searchParams } = new URL((await upstream().begin({ fresh: true })).url);
    expect([searchParams.get('prompt'), searchParams.get('max_age')]).toEqual(['login', '0']);
  });

  it('asks for discovery once for all that wait, and again after an hour', async () => {
    const one = upstream();
    await Promise.all([1, 2, 3].map(() => one.begin({ fresh: false })));
    now = new Date(now.getTime() + HOUR_MS - 1);
    await one.begin({ fresh: false });
    expect(server.seen).toHaveLength(1);
    now = new Date(now.getTime() + 1);
    await one.begin({ fresh: false });
    expect(server.seen).toHaveLength(2);
  });

  it('does not keep a failed discovery, and keeps a good one while asking again fails', async () => {
    const one = upstream();
    const good = json(metadata());
    const discovery = '/.well-known/openid-configuration';
    server.replies.set(discovery, json({}, 503));
    expect((await failureOf(one.begin({ fresh: false }))).code).toBe('UPSTREAM_UNAVAILABLE');
    server.replies.set(discovery, good);
    await one.begin({ fresh: false });
    server.replies.set(discovery, json({}, 503));
    now = new Date(now.getTime() + HOUR_MS);
    await one.begin({ fresh: false });
    await one.begin({ fresh: false });
    expect(server.seen).toHaveLength(3);
    now = new Date(now.getTime() + 60_000);
    await one.begin({ fresh: false });
    expect(server.seen).toHaveLength(4);
  });

  it.each(CALL_FAULTS)(
    '%s instead of a discovery is an upstream that is away',
    async (_what, reply, { fields: { reason } }) => {
      settings = { ...settings, ...limitsFor(reason) };
      server.replies.set('/.well-known/openid-configuration', reply);
      const { code, fields } = await failureOf(upstream().begin({ fresh: false }));
      expect([code, fields.step]).toEqual(['UPSTREAM_UNAVAILABLE', 'discovery']);
    },
  );

  it.each([
    ['of another issuer', { issuer: 'https://other.example' }],
    ['without keys', { jwks_uri: undefined }],
    ['without an address for tokens', { token_endpoint: undefined }],
    ['with an address that is not https', { authorization_endpoint: 'http://localhost/auth' }],
  ])('takes no discovery %s', async (_what, change) => {
    server.replies.set('/.well-known/openid-configuration', json(metadata(change)));
    expect((await failureOf(upstream().begin({ fresh: false }))).code).toBe('UPSTREAM_UNAVAILABLE');
  });
});

describe('a return from an OpenID provider', () => {
  it('names the person from an ID token whose signature was checked, without asking for more', async () => {
    const named = await walk();
    expect(named.person.reveal()).toBe(NUMBER);
    expect({ ...named, person: null }).toEqual({
      person: null,
      ad: 'ZÜBEYDE',
      soyad: 'ÖZGÜL',
      evidence: { level: 'urn:example:two', amr: ['pwd', 'otp'] },
      authTime: new Date((seconds(now) - 100) * 1000),
    });
    expect(paths()).toEqual(['/.well-known/openid-configuration', '/token', '/jwks']);
    const form = Object.fromEntries(new URLSearchParams(server.seen[1]?.body));
    expect(form).toMatchObject({ code: 'the-code', client_secret: SECRET, redirect_uri: REDIRECT_URI });
    expect(form.code_verifier).toMatch(/^[\w-]{43}$/);
    expect(server.seen[1]?.headers.authorization).toBeUndefined();
  });

  it('takes from the user-info answer of the same subject what the ID token leaves out', async () => {
    server.replies.set(
      '/userinfo',
      json({ sub: 'subject-1', ...PERSON, acr: 'urn:example:three', amr: ['hwk'] }),
    );
    const named = await walk({
      claims: { ...without('kimlik_no'), family_name: undefined, given_name: 'AYŞE' },
    });
    expect(named.person.reveal()).toBe(NUMBER);
    expect([named.ad, named.soyad]).toEqual(['AYŞE', 'ÖZGÜL']);
    expect(named.evidence).toEqual({ level: 'urn:example:two', amr: ['pwd', 'otp'] });
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${ACCESS_TOKEN}`);
  });

  it('takes no answer about another subject, and none where no address for it is known', async () => {
    server.replies.set('/userinfo', json({ sub: 'subject-2', ...PERSON }));
    expect(await endOf({ claims: without('kimlik_no') })).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { step: 'userinfo' },
    });
    server.replies.delete('/token');
    server.replies.set('/.well-known/openid-configuration', json(metadata({ userinfo_endpoint: undefined })));
    expect(await endOf({ claims: without('kimlik_no') })).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { step: 'token' },
    });
  });

  it('takes names of claims from the settings', async () => {
    settings = { ...settings, oidcClaims: { number: 'tckn', givenName: 'ad', familyName: 'soyad' } };
    expect(await walk({ claims: { tckn: NUMBER, ad: 'A', soyad: 'B' } })).toMatchObject({
      ad: 'A',
      soyad: 'B',
    });
  });

  it('knows no strength where the upstream says none', async () => {
    expect((await walk({ claims: { acr: undefined, amr: undefined } })).evidence).toEqual({
      level: null,
      amr: [],
    });
  });

  it.each<[string, JWTPayload]>([
    ['of another issuer', { iss: 'https://other.example' }],
    ['for another client', { aud: 'another' }],
    ['of another sign-in', { nonce: 'another' }],
    ['without a nonce', without('nonce')],
    ['that is over', { exp: seconds(new Date()) - 3600 }],
    ['without a subject', without('sub')],
    ['that does not say when', without('auth_time')],
    ['of a sign-in of yesterday', { auth_time: seconds(new Date()) - 86_400 }],
    ['of a sign-in of tomorrow', { auth_time: seconds(new Date()) + 86_400 }],
    ['with a number that is none', { kimlik_no: '10000000147' }],
    ['with a list for acr', { acr: ['urn:example:two'] }],
    ['with a text for amr', { amr: 'pwd otp' }],
    ['with numbers in amr', { amr: [1] }],
    ['with an endless amr', { amr: Array(21).fill('pwd') }],
  ])('an ID token %s names nobody', async (_what, claims) => {
    server.replies.set('/userinfo', json({ sub: 'subject-1', ...PERSON }));
    expect(await endOf({ claims })).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { step: 'token' },
    });
  });

  it.each<[string, Trip['sign']]>([
    ['signed by another key', (claims) => signed(claims, foreignKey)],
    ['signed by a key that nobody knows', (claims) => signed(claims, foreignKey, { kid: 'k2' })],
    ['that nobody signed', (claims) => new UnsecuredJWT(claims).encode()],
    [
      'signed with our secret',
      (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET)),
    ],
    [
      'whose claims were changed',
      async (claims) => {
        const [header, , signature] = (await signed(claims)).split('.');
        const changed = { ...claims, acr: 'urn:example:three' };
        return `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
      },
    ],
    ['that is none', () => 'eyJ'],
  ])('an ID token %s names nobody', async (_what, sign) => {
    expect(await endOf(sign === undefined ? {} : { sign })).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { step: 'token' },
    });
  });

  it('an answer without an ID token names nobody', async () => {
    expect(await endOf({ answer: { id_token: undefined } })).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
    });
  });

  it('a return for another issuer, or for none, is asked about nowhere', async () => {
    const search = (iss?: string) => (begun: BegunTrip) =>
      `?${new URLSearchParams({ code: 'the-code', state: begun.state, ...(iss === undefined ? {} : { iss }) })}`;
    expect(await endOf({ search: search('https://other.example') })).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
    });
    expect(await endOf({ search: search() })).toMatchObject({ code: 'UPSTREAM_ANSWER_INVALID' });
    expect(paths()).not.toContain('/token');
  });

  it('a trip that was begun without PKCE or nonce is not finished', async () => {
    for (const kept of [{ codeVerifier: null }, { nonce: null }]) {
      expect(await endOf({ kept })).toEqual({
        code: 'UPSTREAM_ANSWER_INVALID',
        fields: { reason: 'state', step: 'return' },
      });
    }
    expect(paths()).not.toContain('/token');
  });

  it('going back and refusal end as what they are', async () => {
    expect(await endOf({ search: () => '?error=access_denied' })).toMatchObject({
      code: 'UPSTREAM_CANCELLED',
    });
    expect(await endOf({ search: () => '?error=login_required' })).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      fields: { upstreamCode: 'login_required', step: 'return' },
    });
    server.replies.set('/token', json({ error: 'invalid_grant' }, 400));
    expect(await endOf()).toEqual({
      code: 'UPSTREAM_REFUSED',
      fields: { upstreamCode: 'invalid_grant', status: 400, step: 'token' },
    });
    server.replies.set('/token', json({ error: 'x' }, 401, { 'www-authenticate': 'Basic realm="x"' }));
    expect(await endOf()).toEqual({
      code: 'UPSTREAM_REFUSED',
      fields: { upstreamCode: 'challenge', status: 401, step: 'token' },
    });
  });

  it.each(CALL_FAULTS)(
    '%s instead of tokens, keys or claims names nobody',
    async (_what, reply, { code, fields }) => {
      settings = { ...settings, ...limitsFor(fields.reason) };
      server.replies.set('/userinfo', reply);
      expect(await endOf({ claims: without('kimlik_no') })).toMatchObject({
        code,
        fields: { step: 'userinfo' },
      });
      server.replies.delete('/token');
      server.replies.set('/jwks', reply);
      expect(await endOf()).toMatchObject({ code, fields: { step: 'token' } });
      server.replies.set('/token', reply);
      expect(await endOf()).toMatchObject({ code, fields: { step: 'token' } });
    },
  );
});

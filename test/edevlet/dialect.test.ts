import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'undici';
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
  raw,
  startLoopback,
} from './support/loopback.js';
import { CLIENT_ID, failureOf, REDIRECT_URI, SECRET, settingsFor } from './support/settings.js';

const TOKEN_PATH = '/OAuth2AuthorizationServer/AccessTokenController';
const RESOURCE_PATH = '/OAuth2AuthorizationServer/AuthenticationController';
const STATE = 'a-state-of-thirty-two-characters-or-more';
const RETURN = `?code=the-code&state=${STATE}`;
const NOTHING_KEPT = { codeVerifier: null, nonce: null };
const ACCESS_TOKEN = 'opaque access token';
const NUMBER = '10000000146';
const HIDDEN = [ACCESS_TOKEN, NUMBER, 'ZÜBEYDE', 'the-code'];
const PERSON = { kimlikNo: NUMBER, ad: 'ZÜBEYDE', soyad: 'ÖZGÜL' };
const IDENTITY = { sonucKodu: 'EDV09.000', sonucAciklamasi: 'Başarılı', level: '2' };
const NAMES = { sonucKodu: 'EDV09.000', sonucAciklamasi: 'Başarılı', kullaniciBilgileri: PERSON };

let certificates: LoopbackCertificates;
let server: Loopback;
beforeAll(async () => {
  certificates = await makeLoopbackCertificates();
  server = await startLoopback(certificates);
});
beforeEach(() => {
  server.seen.length = 0;
  server.replies.clear();
  server.replies.set(TOKEN_PATH, json({ access_token: ACCESS_TOKEN }));
  resource(json(IDENTITY), json(NAMES));
});
afterAll(() => server.close());

/** What the resource call answers, by data set. */
function resource(identity: Reply, names: Reply): void {
  server.replies.set(RESOURCE_PATH, (seen, response) =>
    (`${seen.body} ${seen.query}`.includes('Ad-Soyad') ? names : identity)(seen, response),
  );
}
const upstream = (changes: Partial<UpstreamSettings> = {}) =>
  createUpstream(settingsFor({ origin: server.origin, ca: certificates.ca }, changes), {
    now: () => new Date(),
  });
const finish = (changes: Partial<UpstreamSettings> = {}) =>
  upstream(changes).finish(RETURN, STATE, NOTHING_KEPT);
const endOf = async (changes: Partial<UpstreamSettings> = {}) => {
  const { code, fields } = await failureOf(finish(changes), HIDDEN);
  return { code, fields };
};
const form = (index: number) => Object.fromEntries(new URLSearchParams(server.seen[index]?.body));

describe('a sign-in that begins at e-Devlet', () => {
  it('sends the browser with the parameters of the dialect and a state of 32 random bytes', async () => {
    const begun = await upstream().begin({ fresh: true });
    const { origin, pathname, searchParams } = new URL(begun.url);
    expect(`${origin}${pathname}`).toBe(`${server.origin}/OAuth2AuthorizationServer/AuthorizationController`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      scope: 'Kimlik-Dogrula;Ad-Soyad',
      state: begun.state,
    });
    expect(begun.url).toContain('Kimlik-Dogrula%3BAd-Soyad');
    expect(Buffer.from(begun.state, 'base64url')).toHaveLength(32);
    expect(begun.kept).toEqual({ codeVerifier: null, nonce: null });
    expect((await upstream().begin({ fresh: false })).state).not.toBe(begun.state);
    expect(server.seen).toHaveLength(0);
  });

  it('separates scopes by a blank and uses PKCE where the settings say so', async () => {
    const one = upstream({ scopeSeparator: ' ', pkce: true });
    const { url, state, kept } = await one.begin({ fresh: false });
    const { searchParams } = new URL(url);
    expect(searchParams.get('scope')).toBe('Kimlik-Dogrula Ad-Soyad');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    await one.finish(`?code=c&state=${state}`, state, kept);
    expect(form(0).code_verifier).toBe(kept.codeVerifier);
    expect(kept.codeVerifier).toMatch(/^[\w-]{43}$/);
  });

  it('finds its three addresses below a base that has no final slash', async () => {
    const { url } = await upstream({ baseUrl: `${server.origin}/OAuth2AuthorizationServer` }).begin({
      fresh: false,
    });
    expect(new URL(url).pathname).toBe('/OAuth2AuthorizationServer/AuthorizationController');
  });

  it('takes no address that is not https, and no CA that cannot be read', () => {
    for (const wrong of [
      { baseUrl: 'http://localhost/' },
      { redirectUri: 'http://localhost/giris/donus' },
      { baseUrl: 'nonsense' },
      { profile: 'oidc' as const },
      { ca: ['-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'] },
    ]) {
      expect(() => upstream(wrong)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });
});

describe('a return from e-Devlet', () => {
  it('names the person after one token request and two resource calls with the same token', async () => {
    const named = await finish();
    expect(named.person.reveal()).toBe(NUMBER);
    expect({ ...named, person: null }).toEqual({
      person: null,
      ad: 'ZÜBEYDE',
      soyad: 'ÖZGÜL',
      evidence: { level: '2', amr: [] },
      authTime: null,
    });
    expect(server.seen.map((one) => `${one.method} ${one.path}`)).toEqual([
      `POST ${TOKEN_PATH}`,
      `POST ${RESOURCE_PATH}`,
      `POST ${RESOURCE_PATH}`,
    ]);
    expect(form(0)).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: REDIRECT_URI,
      client_id: CLIENT_ID,
      client_secret: SECRET,
    });
    const asked = { clientId: CLIENT_ID, accessToken: ACCESS_TOKEN, resourceId: '1' };
    expect([form(1), form(2)]).toEqual([
      { ...asked, kapsam: 'Kimlik-Dogrula' },
      { ...asked, kapsam: 'Ad-Soyad' },
    ]);
  });

  it('never sends the secret as Basic, nor the token as Bearer, nor takes a compressed answer', async () => {
    await finish();
    for (const { headers } of server.seen) {
      expect(headers.authorization).toBeUndefined();
      expect(headers['accept-encoding']).toBeUndefined();
    }
  });

  it('puts the fields into the address or into JSON where the settings say so, under the names that they give', async () => {
    const { resource: settings } = settingsFor({ origin: server.origin, ca: certificates.ca });
    const fields = { clientId: 'c', accessToken: 'a', resourceId: 'r', scope: 's' };
    const asked = { c: CLIENT_ID, a: ACCESS_TOKEN, r: '7', s: 'Kimlik-Dogrula' };
    await finish({ resource: { ...settings, transport: 'query', fields, resourceId: '7' } });
    expect(server.seen[1]).toMatchObject({ method: 'POST', body: '' });
    expect(Object.fromEntries(server.seen[1]?.query ?? [])).toEqual(asked);
    await finish({ resource: { ...settings, transport: 'json', fields, resourceId: '7' } });
    expect(server.seen[4]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(server.seen[4]?.body ?? '')).toEqual(asked);
  });

  it('reads answers under the names that the settings give', async () => {
    const { resource: settings } = settingsFor({ origin: server.origin, ca: certificates.ca });
    const answer = { code: 'k', person: 'p', number: 'n', givenName: 'g', familyName: 'f', level: 'l' };
    resource(json({ k: 'OK', l: '5' }), json({ k: 'OK', p: { n: NUMBER, g: 'A', f: 'B' } }));
    const named = await finish({ resource: { ...settings, answer, successCode: 'OK' } });
    expect(named).toMatchObject({ ad: 'A', soyad: 'B', evidence: { level: '5' } });
  });

  it.each([
    [
      'with everything that OAuth knows',
      { token_type: 'Bearer', expires_in: 300, refresh_token: 'r', scope: 'x' },
    ],
    [
      'with members of types that OAuth does not know',
      { token_type: null, expires_in: 'soon', scope: [], id_token: 7 },
    ],
    ['with empty error members', { token_type: '', error: null, error_description: null }],
  ])('takes a token answer %s', async (_what, more) => {
    server.replies.set(TOKEN_PATH, json({ access_token: ACCESS_TOKEN, ...more }));
    expect((await finish()).ad).toBe('ZÜBEYDE');
  });

  it.each([
    ['missing', {}, null],
    ['null', { level: null }, null],
    ['empty', { level: '' }, null],
    ['a number', { level: 2 }, '2'],
    ['a word that no row has', { level: 'E-İMZA ' }, 'E-İMZA '],
  ])('keeps the level as it came: %s', async (_what, more, level) => {
    resource(json({ sonucKodu: 'EDV09.000', ...more }), json(NAMES));
    expect((await finish()).evidence).toEqual({ level, amr: [] });
  });
});

describe('what e-Devlet refuses', () => {
  it.each([200, 400, 401, 403])(
    'an error of the token request under HTTP %i is a refusal with its code',
    async (status) => {
      const body = { error: 'invalid_grant', error_description: `${NUMBER} ${SECRET}` };
      server.replies.set(TOKEN_PATH, json(body, status));
      expect(await endOf()).toEqual({
        code: 'UPSTREAM_REFUSED',
        fields: { upstreamCode: 'invalid_grant', status: 400, step: 'token' },
      });
      expect(server.seen).toHaveLength(1);
    },
  );

  it('an error counts though a token stands beside it', async () => {
    server.replies.set(TOKEN_PATH, json({ access_token: ACCESS_TOKEN, error: 'x', error_description: 7 }));
    expect(await endOf()).toMatchObject({ code: 'UPSTREAM_REFUSED', fields: { upstreamCode: 'x' } });
  });

  it.each([
    ['another code', { sonucKodu: 'EDV09.004', sonucAciklamasi: NUMBER }, 'EDV09.004'],
    ['the code in other letters', { ...NAMES, ...IDENTITY, sonucKodu: 'edv09.000' }, 'edv09.000'],
    ['the code with a blank', { ...NAMES, ...IDENTITY, sonucKodu: 'EDV09.000 ' }, 'EDV09.000'],
    ['an error in the manner of OAuth', { error: 'invalid_token' }, 'invalid_token'],
    ['a code that is a number of a person', { sonucKodu: NUMBER }, 'hidden'],
    [
      'a code that is a text',
      { sonucKodu: `<b>${'Ş'.repeat(50)}</b>${'y'.repeat(99)}` },
      `bb${'y'.repeat(38)}`,
    ],
  ])('%s of a resource call is a refusal, whatever stands beside it', async (_what, body, upstreamCode) => {
    const ends = (step: string) => ({
      code: 'UPSTREAM_REFUSED',
      fields: { upstreamCode, status: 200, step },
    });
    resource(json(body), json(NAMES));
    expect(await endOf()).toEqual(ends('identity'));
    expect(server.seen).toHaveLength(2);
    resource(json(IDENTITY), json(body));
    expect(await endOf()).toEqual(ends('names'));
  });

  it('asks nobody about a return that is an error, or that is not ours', async () => {
    const ends = async (search: string) => {
      const { code, fields } = await failureOf(upstream().finish(search, STATE, NOTHING_KEPT), HIDDEN);
      return [code, fields.step];
    };
    expect(await ends('?error=access_denied')).toEqual(['UPSTREAM_CANCELLED', 'return']);
    expect(await ends('?error=invalid_scope')).toEqual(['UPSTREAM_REFUSED', 'return']);
    expect(await ends(`?state=${STATE}`)).toEqual(['UPSTREAM_ANSWER_INVALID', 'return']);
    expect(await ends('?code=the-code&state=another')).toEqual(['UPSTREAM_ANSWER_INVALID', 'return']);
    expect(server.seen).toHaveLength(0);
  });
});

describe('what is no answer of e-Devlet', () => {
  it.each(CALL_FAULTS)('%s instead of a token names nobody', async (_what, reply, { code, fields }) => {
    server.replies.set(TOKEN_PATH, reply);
    expect(await endOf(limitsFor(fields.reason))).toEqual({ code, fields: { ...fields, step: 'token' } });
    expect(server.seen).toHaveLength(1);
  });

  it.each(CALL_FAULTS)('%s instead of a data set names nobody', async (_what, reply, { code, fields }) => {
    resource(reply, json(NAMES));
    expect(await endOf(limitsFor(fields.reason))).toEqual({ code, fields: { ...fields, step: 'identity' } });
    resource(json(IDENTITY), reply);
    expect(await endOf(limitsFor(fields.reason))).toEqual({ code, fields: { ...fields, step: 'names' } });
  });

  it.each([
    ['a token that is a number', json({ access_token: 7 })],
    ['an empty token', json({ access_token: '' })],
    ['a token with a line break', json({ access_token: 'a\nb' })],
    ['an endless token', json({ access_token: 'x'.repeat(4097) })],
    ['an error that is no text beside a token', json({ access_token: ACCESS_TOKEN, error: 7 })],
    ['a token under HTTP 400', json({ access_token: ACCESS_TOKEN }, 400)],
    ['a token behind a prototype', raw(`{"__proto__":{"access_token":"${ACCESS_TOKEN}"}}`)],
  ])('%s is no token', async (_what, reply) => {
    server.replies.set(TOKEN_PATH, reply);
    expect(await endOf()).toMatchObject({ code: 'UPSTREAM_ANSWER_INVALID', fields: { reason: 'schema' } });
  });

  it('another type of token than bearer is not used', async () => {
    server.replies.set(TOKEN_PATH, json({ access_token: ACCESS_TOKEN, token_type: 'mac' }));
    expect(await endOf()).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { reason: 'protocol', step: 'token' },
    });
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['a number of ten digits', { ...PERSON, kimlikNo: '1000000014' }],
    ['a number with a wrong check digit', { ...PERSON, kimlikNo: '10000000147' }],
    ['a number with blanks', { ...PERSON, kimlikNo: ` ${NUMBER}` }],
    ['a number behind a point', { ...PERSON, kimlikNo: 10000000146.5 }],
    ['no number', { ad: 'ZÜBEYDE', soyad: 'ÖZGÜL' }],
    ['a list of numbers', { ...PERSON, kimlikNo: [NUMBER] }],
    ['no given name', { kimlikNo: NUMBER, soyad: 'ÖZGÜL' }],
    ['an empty given name', { ...PERSON, ad: ' ' }],
    ['a name with a control character', { ...PERSON, ad: 'ZÜ\u0000BEYDE' }],
    ['a name with a line break', { ...PERSON, soyad: 'ÖZ\nGÜL' }],
    ['a name that turns the direction of writing', { ...PERSON, soyad: 'ÖZ\u202eGÜL' }],
    ['a name with half a character', { ...PERSON, soyad: 'ÖZ\ud800GÜL' }],
    ['a name of 101 characters', { ...PERSON, ad: 'Z'.repeat(101) }],
    ['a surname that is no text', { ...PERSON, soyad: {} }],
    ['no object', 'ZÜBEYDE'],
  ])('%s names nobody', async (_what, kullaniciBilgileri) => {
    resource(json(IDENTITY), json({ ...NAMES, kullaniciBilgileri }));
    expect(await endOf()).toEqual({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { reason: 'schema', step: 'names' },
    });
  });

  it.each<[string, unknown]>([
    ['an object', { value: '2' }],
    ['true', true],
    ['a fraction', 2.5],
    ['a text of 201 characters', '2'.repeat(201)],
    ['a text with a control character', '2\u0000'],
    ['a text with a number of a person', `2 ${NUMBER}`],
  ])('a level that is %s is no level', async (_what, level) => {
    resource(json({ ...IDENTITY, level }), json(NAMES));
    expect(await endOf()).toEqual({
      code: 'UPSTREAM_ANSWER_INVALID',
      fields: { reason: 'schema', step: 'identity' },
    });
  });

  it.each<[string, object, [string, string]]>([
    ['a number as JSON', { kimlikNo: Number(NUMBER) }, ['ZÜBEYDE', 'ÖZGÜL']],
    [
      'a name in decomposed letters',
      { ad: 'ZU\u0308BEYDE  NUR ', soyad: 'O\u0308ZGU\u0308L' },
      ['ZÜBEYDE NUR', 'ÖZGÜL'],
    ],
    ['an empty surname', { soyad: '' }, ['ZÜBEYDE', '']],
    ['null for a surname', { soyad: null }, ['ZÜBEYDE', '']],
    ['no surname', { soyad: undefined }, ['ZÜBEYDE', '']],
  ])('%s is understood', async (_what, change, [ad, soyad]) => {
    resource(json(IDENTITY), json({ ...NAMES, kullaniciBilgileri: { ...PERSON, ...change } }));
    const named = await finish();
    expect(named.person.reveal()).toBe(NUMBER);
    expect([named.ad, named.soyad]).toEqual([ad, soyad]);
  });

  it('a foreigner is named by a YKN, whatever its check digits', async () => {
    resource(json(IDENTITY), json({ ...NAMES, kullaniciBilgileri: { ...PERSON, kimlikNo: '99000000001' } }));
    expect((await finish()).person.kind).toBe('foreigner');
  });
});

describe('who e-Devlet is', () => {
  const untrusted = (detail: string) => ({
    code: 'UPSTREAM_UNAVAILABLE',
    fields: { reason: 'connection', detail, step: 'token' },
  });

  it('nobody whose certificate no known CA has signed gets the secret', async () => {
    expect(await endOf({ ca: [] })).toEqual(untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
    expect(server.seen).toHaveLength(0);
  });

  it('nobody whose certificate has another name gets the secret', async () => {
    const other = await startLoopback({ server: certificates.misnamed });
    expect(await endOf({ baseUrl: other.origin })).toEqual(untrusted('ERR_TLS_CERT_ALTNAME_INVALID'));
    expect(other.seen).toHaveLength(0);
    await other.close();
  });

  it('is reached over the dispatcher that is given, where one is', async () => {
    const ways: string[] = [];
    const agent = new Agent({ connect: { ca: certificates.ca } });
    const dispatcher = agent.compose((dispatch) => (options, handler) => {
      ways.push(options.path);
      return dispatch(options, handler);
    });
    const settings = settingsFor({ origin: server.origin, ca: certificates.ca }, { ca: [] });
    const one = createUpstream(settings, { now: () => new Date(), dispatcher });
    expect((await one.finish(RETURN, STATE, NOTHING_KEPT)).ad).toBe('ZÜBEYDE');
    expect(ways).toEqual([TOKEN_PATH, RESOURCE_PATH, RESOURCE_PATH]);
    await agent.close();
  });

  it('nobody who does not listen keeps a person waiting', async () => {
    const gone = await startLoopback(certificates);
    await gone.close();
    expect(await endOf({ baseUrl: `${gone.origin}/` })).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      fields: { reason: 'connection', detail: 'ECONNREFUSED', step: 'token' },
    });
  });
});

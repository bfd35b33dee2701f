import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificates, type TestCertificates } from './support/certificates.js';
import { type Changes, FORM, formOf } from './support/edevlet-client.js';
import {
  type Answered,
  CLIENT,
  type EdevletHarness,
  OTHER_CLIENT,
  persons,
  STATE,
  startEdevletHarness,
} from './support/edevlet-harness.js';

const BASE = '/OAuth2AuthorizationServer/';
const START = Date.UTC(2026, 0, 5, 9);
let certificates: TestCertificates;
let stand: EdevletHarness;
let offsetMs = 0;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startEdevletHarness(certificates, { now: () => START + offsetMs });
});
afterAll(() => stand.stop());

async function expectPage(path: string, refused: string, status = 400) {
  const page = await stand.browser().get(path);
  expect(page).toMatchObject({ status, page: 'error', code: refused, location: undefined });
  expect(await stand.lastSeen('edevlet')).toMatchObject({ refused, answered: true });
  return page;
}

describe('authorize refuses on a page of its own, without any redirect,', () => {
  it.each<[string, Changes, string]>([
    ['no client', { client_id: null }, 'client'],
    ['an unknown client', { client_id: `${CLIENT.clientId}x` }, 'client'],
    ['a client in other letters', { client_id: CLIENT.clientId.toUpperCase() }, 'client'],
    ['no address', { redirect_uri: null }, 'redirect-uri'],
    ['an address of somebody else', { redirect_uri: 'https://evil.example/' }, 'redirect-uri'],
    ['an address of another client', { redirect_uri: OTHER_CLIENT.redirectUris[0] }, 'redirect-uri'],
    ['an address with a slash more', { redirect_uri: `${CLIENT.redirectUris[0]}/` }, 'redirect-uri'],
    ['an address with a query more', { redirect_uri: `${CLIENT.redirectUris[0]}?x=1` }, 'redirect-uri'],
    ['an address in other letters', { redirect_uri: 'https://LOCALHOST:1/giris/donus' }, 'redirect-uri'],
    ['no response type', { response_type: null }, 'response-type'],
    ['another response type', { response_type: 'token' }, 'response-type'],
    ['two response types', { response_type: 'code token' }, 'response-type'],
    ['no scope', { scope: null }, 'scope'],
    ['an empty scope', { scope: '' }, 'scope'],
    ['an unknown scope', { scope: 'Kimlik-Dogrula;openid' }, 'scope'],
    ['a scope in other letters', { scope: 'kimlik-dogrula' }, 'scope'],
    ['the separator of others', { scope: 'Kimlik-Dogrula Ad-Soyad' }, 'scope'],
    ['a separator at the end', { scope: 'Kimlik-Dogrula;' }, 'scope'],
    ['a scope twice', { scope: 'Ad-Soyad;Ad-Soyad' }, 'scope'],
    ['no state', { state: null }, 'state'],
    ['an empty state', { state: '' }, 'state'],
    ['a short state', { state: STATE.slice(0, 31) }, 'state'],
    ['a state without end', { state: 'x'.repeat(513) }, 'state'],
    ['a state that is not URL-safe', { state: `${STATE}"><script>` }, 'state'],
    ['a secret in the browser', { client_secret: CLIENT.clientSecret }, 'secret-in-browser'],
  ])('%s', async (_what, changes, refused) => {
    const page = await expectPage(stand.authorizePath(changes), refused);
    expect(page.text).not.toMatch(/evil|<script|gizli/);
  });

  it.each([
    ['a name twice', `&state=${STATE}`, 'query-repeated'],
    ['half a percent sign', '&x=%4', 'query-malformed'],
    ['bytes that are not UTF-8', '&x=%ff', 'query-malformed'],
    ['a line break', '&x=%0d%0aSet-Cookie:a', 'query-malformed'],
    ['a flood of names', Array.from({ length: 50 }, (_, i) => `&x${i}=`).join(''), 'query-too-many'],
  ])('%s', async (_what, more, refused) => {
    await expectPage(`${stand.authorizePath()}${more}`, refused);
  });

  it('another method', async () => {
    const reply = await stand.call(`${BASE}AuthorizationController`, {
      method: 'POST',
      headers: FORM,
      body: '',
    });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET']);
    expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'authorize', refused: 'method' });
  });
});

async function expectTokenError(answered: Promise<Answered>, error: string, refused: string) {
  const { status, json, headers } = await answered;
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(json).toEqual({ error, error_description: expect.stringMatching(/^[ -~]+$/) });
  expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'token', refused, answered: true });
}

describe('the token call refuses, under HTTP 200,', () => {
  it.each<[string, Changes, string, string]>([
    ['no grant type', { grant_type: null }, 'invalid_request', 'grant-type'],
    ['another grant type', { grant_type: 'refresh_token' }, 'unsupported_grant_type', 'grant-type'],
    ['no client', { client_id: null }, 'invalid_client', 'client'],
    ['an unknown client', { client_id: 'x' }, 'invalid_client', 'client'],
    ['no secret', { client_secret: null }, 'invalid_client', 'client'],
    ['an empty secret', { client_secret: '' }, 'invalid_client', 'client'],
    ['a wrong secret', { client_secret: `${CLIENT.clientSecret} ` }, 'invalid_client', 'client'],
    [
      'the secret of another client',
      { client_secret: OTHER_CLIENT.clientSecret },
      'invalid_client',
      'client',
    ],
    ['no code', { code: null }, 'invalid_request', 'code'],
    ['an unknown code', { code: 'x'.repeat(43) }, 'invalid_grant', 'code-unknown'],
  ])('%s', async (_what, changes, error, refused) => {
    await expectTokenError(stand.exchange({ code: 'x', ...changes }), error, refused);
  });

  it('HTTP Basic, even beside a right body', async () => {
    const Authorization = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
    const code = await stand.code();
    await expectTokenError(
      stand.exchange({ code }, { Authorization }),
      'invalid_client',
      'authorization-header',
    );
    expect((await stand.exchange({ code })).json.access_token).toEqual(expect.any(String));
  });

  it.each([
    ['JSON', 'application/json', 'content-type'],
    ['another character set', 'application/x-www-form-urlencoded; charset=iso-8859-9', 'content-type'],
    ['no content type', '', 'content-type'],
  ])('%s', async (_what, type, refused) => {
    await expectTokenError(
      stand.exchange({ code: 'x' }, { 'Content-Type': type }),
      'invalid_request',
      refused,
    );
  });

  it.each([
    ['a name twice', 'grant_type=authorization_code&code=a&code=b', 'form-repeated'],
    ['half a percent sign', 'code=%4', 'form-malformed'],
    ['raw bytes', 'client_secret=ç', 'form-malformed'],
  ])('%s', async (_what, body, refused) => {
    const reply = await stand.call(`${BASE}AccessTokenController`, { method: 'POST', headers: FORM, body });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([200, 'invalid_request']);
    expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'token', refused });
  });

  it('fields in the address', async () => {
    const code = await stand.code();
    const body = formOf({
      grant_type: 'authorization_code',
      redirect_uri: CLIENT.redirectUris[0],
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    });
    const reply = await stand.call(`${BASE}AccessTokenController?code=${code}`, {
      method: 'POST',
      headers: FORM,
      body,
    });
    expect(JSON.parse(reply.text).error).toBe('invalid_request');
    expect(await stand.lastSeen('edevlet')).toMatchObject({ refused: 'query' });
  });

  it('another address than the code was sent to, and the code is used up by it', async () => {
    for (const redirect_uri of [CLIENT.redirectUris[1], null]) {
      const code = await stand.code();
      await expectTokenError(stand.exchange({ code, redirect_uri }), 'invalid_grant', 'code-redirect-uri');
      await expectTokenError(stand.exchange({ code }), 'invalid_grant', 'code-used');
    }
  });

  it('a code of another client, and leaves it to its own', async () => {
    const code = await stand.code();
    const other = { client_id: OTHER_CLIENT.clientId, client_secret: OTHER_CLIENT.clientSecret };
    await expectTokenError(stand.exchange({ code, ...other }), 'invalid_grant', 'code-of-another-client');
    expect(await stand.lastSeen('edevlet')).toMatchObject({ kimlikNo: persons.twoStep.kimlikNo });
    expect((await stand.exchange({ code })).json.access_token).toEqual(expect.any(String));
  });

  it('a code a second time, and the token of the first dies with it', async () => {
    const code = await stand.code();
    const accessToken = String((await stand.exchange({ code })).json.access_token);
    expect((await stand.resource({ accessToken })).json.sonucKodu).toBe('EDV09.000');
    await expectTokenError(stand.exchange({ code }), 'invalid_grant', 'code-used');
    expect((await stand.resource({ accessToken })).json.sonucKodu).not.toBe('EDV09.000');
  });

  it('a code that is older than a minute', async () => {
    const [late, intime] = [await stand.code(), await stand.code()];
    offsetMs += 59_999;
    expect((await stand.exchange({ code: intime })).json.access_token).toEqual(expect.any(String));
    offsetMs += 1;
    await expectTokenError(stand.exchange({ code: late }), 'invalid_grant', 'code-expired');
  });

  it('another method, with a page', async () => {
    const reply = await stand.call(`${BASE}AccessTokenController`);
    expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
  });
});

async function expectNoData(answered: Promise<Answered>, code: string, refused: string) {
  const { status, json } = await answered;
  expect(status).toBe(200);
  expect(json).toEqual({ sonucKodu: code, sonucAciklamasi: expect.stringMatching(/./) });
  expect(await stand.lastSeen('edevlet')).toMatchObject({ refused, answered: true });
}

describe('the resource call refuses, under HTTP 200 with another code,', () => {
  let accessToken: string;
  beforeAll(async () => {
    accessToken = await stand.accessToken();
  });

  it.each<[string, Changes, string, string]>([
    ['no token', { accessToken: null }, 'EDV09.003', 'token-unknown'],
    ['an unknown token', { accessToken: 'x' }, 'EDV09.003', 'token-unknown'],
    ['no client', { clientId: null }, 'EDV09.002', 'client'],
    ['an unknown client', { clientId: 'x' }, 'EDV09.002', 'client'],
    ['another client', { clientId: OTHER_CLIENT.clientId }, 'EDV09.003', 'token-of-another-client'],
    ['no resource', { resourceId: null }, 'EDV09.001', 'resource-id'],
    ['another resource', { resourceId: '2' }, 'EDV09.001', 'resource-id'],
    ['no kapsam', { kapsam: null }, 'EDV09.004', 'kapsam-unknown'],
    ['an unknown kapsam', { kapsam: 'Her-Sey' }, 'EDV09.004', 'kapsam-unknown'],
    ['two of them', { kapsam: 'Kimlik-Dogrula;Ad-Soyad' }, 'EDV09.004', 'kapsam-unknown'],
    ['one that was not asked for', { kapsam: 'Temel-Bilgileri' }, 'EDV09.004', 'kapsam-not-granted'],
    ['names of OAuth', { client_id: CLIENT.clientId }, 'EDV09.001', 'unknown-field'],
    ['the secret sent along', { client_secret: CLIENT.clientSecret }, 'EDV09.001', 'unknown-field'],
  ])('%s', async (_what, changes, code, refused) => {
    await expectNoData(stand.resource({ accessToken, ...changes }), code, refused);
  });

  it('a Bearer header, even beside right fields', async () => {
    const headers = { Authorization: `Bearer ${accessToken}` };
    await expectNoData(stand.resource({ accessToken }, headers), 'EDV09.001', 'authorization-header');
    await expectNoData(stand.resource({ accessToken: null }, headers), 'EDV09.001', 'authorization-header');
  });

  it('fields as JSON or in the address, where a form is spoken', async () => {
    const fields = { clientId: CLIENT.clientId, accessToken, resourceId: '1', kapsam: 'Ad-Soyad' };
    const json = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fields),
    };
    const query = `?${new URLSearchParams(fields)}`;
    const inAddress = { method: 'POST', headers: FORM, body: '' };
    for (const [path, sent, refused] of [
      ['', json, 'content-type'],
      [query, inAddress, 'query'],
    ] as const) {
      const reply = await stand.call(`${BASE}AuthenticationController${path}`, sent);
      expect(JSON.parse(reply.text)).toEqual({ sonucKodu: 'EDV09.001', sonucAciklamasi: expect.any(String) });
      expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'resource', refused });
    }
  });

  it('data sets that this world knows nothing of', async () => {
    const scope = 'Iletisim-Bilgileri;Temel-Bilgileri';
    const token = await stand.accessToken({ changes: { scope } });
    const ask = (kapsam: string) => stand.resource({ accessToken: token, kapsam });
    await expectNoData(ask('Iletisim-Bilgileri'), 'EDV09.005', 'no-data');
    expect((await ask('Temel-Bilgileri')).json.kullaniciBilgileri).toMatchObject({
      dogumTarihi: '1980-02-09',
    });
    await expectNoData(ask('Ad-Soyad'), 'EDV09.004', 'kapsam-not-granted');
  });

  it('a token that is older than five minutes', async () => {
    const token = await stand.accessToken();
    offsetMs += 5 * 60_000 - 1;
    expect((await stand.resource({ accessToken: token })).json.sonucKodu).toBe('EDV09.000');
    offsetMs += 1;
    await expectNoData(stand.resource({ accessToken: token }), 'EDV09.003', 'token-expired');
  });

  it('a GET, with a page', async () => {
    const reply = await stand.call(`${BASE}AuthenticationController`);
    expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
  });
});

describe('everything else', () => {
  it.each([
    '/',
    '/favicon.ico',
    `${BASE}authorizationcontroller`,
    `${BASE}AuthorizationController/`,
    '/__proto__',
  ])('there is nothing at %s', async (path) => {
    await expectPage(path, 'path', 404);
  });

  it('a body above 8 KiB is refused without being read to its end', async () => {
    const reply = await stand.call(`${BASE}AccessTokenController`, {
      method: 'POST',
      headers: FORM,
      body: `code=${'x'.repeat(9_000)}`,
    });
    expect(reply.status).toBe(413);
    expect(await stand.lastSeen('edevlet')).toMatchObject({ refused: 'body-too-large' });
  });

  it('no secret, password, code or token is ever witnessed', async () => {
    const code = await stand.code();
    const accessToken = String((await stand.exchange({ code })).json.access_token);
    await stand.resource({ accessToken });
    const witnessed = JSON.stringify(await stand.seen('edevlet'));
    for (const secret of [code, accessToken, CLIENT.clientSecret, persons.twoStep.password, STATE])
      expect(witnessed).not.toContain(JSON.stringify(secret).slice(1, -1));
  });
});

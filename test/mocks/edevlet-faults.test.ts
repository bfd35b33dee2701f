import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificates, type TestCertificates } from './support/certificates.js';
import { call, FORM } from './support/edevlet-client.js';
import {
  CLIENT,
  type EdevletHarness,
  persons,
  STATE,
  startEdevletHarness,
} from './support/edevlet-harness.js';

let certificates: TestCertificates;
let stand: EdevletHarness;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startEdevletHarness(certificates);
});
afterEach(() => stand.control('DELETE', '/faults'));
afterAll(() => stand.stop());

async function fault(kind: string, more: object = {}): Promise<void> {
  const posted = await stand.control('POST', '/faults', { system: 'edevlet', kind, ...more });
  expect(posted.status).toBe(200);
}
const outcome = () =>
  stand.call(stand.authorizePath()).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code,
  );
const level = async (accessToken: string) =>
  (await stand.resource({ accessToken, kapsam: 'Kimlik-Dogrula' })).json;

describe('faults of e-Devlet', () => {
  it('no-level leaves the level out of a successful answer', async () => {
    await fault('no-level', { count: 1 });
    const accessToken = await stand.accessToken({ person: persons.oneStep });
    expect((await stand.resource({ accessToken })).json).toHaveProperty('kullaniciBilgileri');
    expect(await level(accessToken)).toEqual({ sonucKodu: 'EDV09.000', sonucAciklamasi: expect.any(String) });
    expect(await level(accessToken)).toHaveProperty('level', '1');
  });

  it('error-200 is an error body under HTTP 200, and uses the code up', async () => {
    await fault('error-200', { count: 1 });
    const code = await stand.code({ person: persons.oneStep });
    const answered = await stand.exchange({ code });
    expect([answered.status, answered.json]).toEqual([
      200,
      { error: 'server_error', error_description: expect.any(String) },
    ]);
    expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'token', refused: 'fault-error-200' });
    expect((await stand.exchange({ code })).json.error).toBe('invalid_grant');
    expect((await stand.exchange({ code: await stand.code() })).json).toHaveProperty('access_token');
  });

  it('cancel sends the browser back at once', async () => {
    await fault('cancel', { count: 1 });
    const page = await stand.browser().get(stand.authorizePath());
    const back = new URL(page.location ?? '');
    expect(`${back.origin}${back.pathname}`).toBe(CLIENT.redirectUris[0]);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: expect.any(String),
      state: STATE,
    });
    expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'authorize', refused: 'fault-cancel' });
    expect((await stand.browser().open(stand.authorizePath())).page).toBe('password');
  });

  it('hit and count only calls that they are about', async () => {
    await fault('error-200', { after: 1, count: 1 });
    await fault('no-level', { after: 1, count: 1 });
    const first = await stand.accessToken();
    expect(await level(first)).toHaveProperty('level');
    const second = await stand.code();
    expect((await stand.exchange({ code: second })).json).toHaveProperty('error');
    expect(await level(first)).not.toHaveProperty('level');
  });

  it('never hide that a request was wrong', async () => {
    for (const kind of ['no-level', 'error-200', 'cancel']) await fault(kind);
    expect((await stand.browser().get(stand.authorizePath({ client_id: 'x' }))).code).toBe('client');
    expect((await stand.exchange({ code: 'x' })).json.error).toBe('invalid_grant');
    expect((await level('x')).sonucKodu).toBe('EDV09.003');
  });

  it('are not those of other systems, and hit no other system', async () => {
    for (const kind of ['wrong-imprint', 'bad-password', 'hata-2'])
      expect((await stand.control('POST', '/faults', { system: 'edevlet', kind })).status).toBe(400);
    for (const kind of ['no-level', 'cancel', 'error-200'])
      expect((await stand.control('POST', '/faults', { system: 'kps', kind })).status).toBe(400);
    await fault('http-503');
    expect((await stand.rst()).status).toBe(200);
  });
});

describe('faults of any system', () => {
  it('refuse-connection refuses the connection, until it is deleted', async () => {
    await fault('refuse-connection');
    expect(await outcome()).toBe('ECONNREFUSED');
    await stand.control('DELETE', '/faults');
    expect(await outcome()).toBe(302);
  });

  it('hang answers only when the faults are deleted', async () => {
    const { next } = await stand.seen('edevlet');
    await fault('hang');
    const hanging = outcome();
    while ((await stand.seen('edevlet', next)).requests.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await stand.lastSeen('edevlet'))?.answered).toBe(false);
    await stand.control('DELETE', '/faults');
    expect(await hanging).toBe(302);
  });

  it('slow answers later', async () => {
    await fault('slow', { ms: 100, count: 1 });
    expect(await outcome()).toBe(302);
  });

  it('reset-mid-answer cuts the connection in the middle', async () => {
    const accessToken = await stand.accessToken();
    await fault('reset-mid-answer', { count: 1 });
    await expect(stand.resource({ accessToken })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await stand.lastSeen('edevlet')).toMatchObject({ answered: false });
  });

  it('truncate gives a complete HTTP answer whose JSON is cut', async () => {
    await fault('truncate', { count: 1 });
    const reply = await stand.call('/OAuth2AuthorizationServer/AccessTokenController', {
      method: 'POST',
      headers: FORM,
      body: 'x=y',
    });
    expect([reply.status, Number(reply.headers['content-length'])]).toEqual([
      200,
      Buffer.byteLength(reply.text),
    ]);
    expect(() => JSON.parse(reply.text)).toThrow();
  });

  it.each([
    ['http-503', 503],
    ['html-403', 403],
  ])('%s answers with a page', async (kind, status) => {
    await fault(kind, { count: 1 });
    expect(await outcome()).toBe(status);
    expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'authorize', refused: kind });
  });
});

describe('the connection', () => {
  it('is TLS that no client certificate is asked for', async () => {
    expect((await call(certificates.ca, stand.origin, stand.authorizePath())).status).toBe(302);
  });

  it('has a certificate that another CA does not vouch for', async () => {
    const other = await makeCertificates();
    await expect(call(other.ca, stand.origin, '/')).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|SIGNATURE|ISSUER/),
    });
  });

  it('leaves the listeners of KPS with theirs', async () => {
    const { sts } = stand.running.urls;
    await expect(call(certificates.ca, new URL(sts).origin, '/')).rejects.toThrow();
  });

  it.each(['query', 'json'] as const)(
    'carries the resource call as %s where the settings say so',
    async (way) => {
      const other = await startEdevletHarness(certificates, { resourceTransport: way });
      try {
        const fields = {
          clientId: CLIENT.clientId,
          accessToken: await other.accessToken(),
          resourceId: '1',
          kapsam: 'Ad-Soyad',
        };
        const path = '/OAuth2AuthorizationServer/AuthenticationController';
        const asQuery = () => other.call(`${path}?${new URLSearchParams(fields)}`, { method: 'POST' });
        const asJson = (body: unknown) =>
          other.call(path, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json; charset=utf-8' },
            body: JSON.stringify(body),
          });
        const codeOf = (reply: { text: string }) => JSON.parse(reply.text).sonucKodu;
        expect(codeOf(await (way === 'query' ? asQuery() : asJson(fields)))).toBe('EDV09.000');
        expect(codeOf(await (way === 'query' ? asJson(fields) : asQuery()))).toBe('EDV09.001');
        expect((await other.resource({ accessToken: fields.accessToken })).json.sonucKodu).toBe('EDV09.001');
        for (const wrong of [null, [], { ...fields, resourceId: 1 }])
          expect(codeOf(await asJson(wrong))).toBe('EDV09.001');
      } finally {
        await other.stop();
      }
    },
  );
});

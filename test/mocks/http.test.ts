import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { makeCertificates, type TestCertificates } from './support/certificates.js';
import { ACCOUNT, BILESIK_2024, bilesikBody, type Harness, people, startHarness } from './support/harness.js';
import { queryXml, rstXml, send, type Token } from './support/reference-client.js';

const body = bilesikBody('2024/04/01', people.alive);
let certificates: TestCertificates;
let stand: Harness;
let token: Token;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startHarness(certificates);
  token = await stand.token();
});
afterAll(() => stand.stop());

const good = () => queryXml(stand.running.urls.kps, token, { body, action: BILESIK_2024 });
const post = (xml: string | Buffer, more: { contentType?: string; method?: string; url?: string } = {}) =>
  send(stand.transport, { url: stand.running.urls.kps, body: xml, ...more });

describe('HTTP and XML before any SOAP', () => {
  it.each([
    ['text/xml; charset=utf-8', 415],
    ['application/soap+xml; charset=iso-8859-9', 415],
    ['', 415],
    ['application/soap+xml', 200],
    [`application/soap+xml; charset=utf-8; action="${BILESIK_2024}"`, 200],
    ['application/soap+xml; charset=utf-8; action="http://other"', 500],
  ])('the content type "%s" gets %d', async (contentType, status) => {
    expect((await post(good(), { contentType })).status).toBe(status);
  });

  it('only POST to the one path is served', async () => {
    expect((await post(good(), { method: 'PUT' })).status).toBe(405);
    expect((await post(good(), { url: `${stand.running.urls.kps}/x` })).status).toBe(404);
  });

  it.each<[string, (xml: string) => string, string]>([
    ['a DTD', (x) => x.replace('?>', '?><!DOCTYPE s [<!ENTITY a "b">]>'), 'xml-dtd'],
    ['an unfinished DTD', (x) => x.replace('?>', '?><!DOCTYPE s ['), 'xml-dtd'],
    ['a second root', (x) => `${x}<again/>`, 'xml-not-well-formed'],
    ['text behind the root', (x) => `${x}x`, 'xml-not-well-formed'],
    ['a blank before the declaration', (x) => ` ${x}`, 'xml-before-declaration'],
    ['a byte order mark', (x) => `\ufeff${x}`, 'xml-before-declaration'],
    ['a truncated message', (x) => x.slice(0, -20), 'xml-not-well-formed'],
    ['an undeclared prefix', (x) => x.replace('<s:Body>', '<s:Body z:a="1">'), 'xml-not-well-formed'],
    ['an undeclared entity', (x) => x.replace('<s:Body>', '<s:Body>&nbsp;'), 'xml-not-well-formed'],
    [
      'a processing instruction',
      (x) => x.replace('<s:Body>', '<s:Body><?x y?>'),
      'xml-processing-instruction',
    ],
    ['another encoding', (x) => x.replace('utf-8', 'iso-8859-9'), 'xml-not-utf-8'],
    [
      'a tower of elements',
      (x) => x.replace('<s:Body>', `<s:Body>${'<b>'.repeat(60)}${'</b>'.repeat(60)}`),
      'xml-too-deep',
    ],
    [
      'a flood of elements',
      (x) => x.replace('<s:Body>', `<s:Body>${'<b/>'.repeat(6_000)}`),
      'xml-too-many-elements',
    ],
    ['nothing', () => '', 'xml-before-declaration'],
  ])('%s gets 400 and no SOAP fault', async (_what, change, refused) => {
    const reply = await post(change(good()));
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('Envelope');
    expect(await stand.lastSeen('kps')).toMatchObject({ action: '', refused, answered: true });
  });

  it('bytes that are not UTF-8 get 400', async () => {
    const bytes = Buffer.from(good());
    bytes[bytes.indexOf('uuid')] = 0xff;
    expect((await post(bytes)).status).toBe(400);
    expect(await stand.lastSeen('kps')).toMatchObject({ refused: 'xml-not-utf-8' });
  });

  it('a body above the limit is refused without being read to its end', async () => {
    const reply = await post(good().replace('<s:Body>', `<s:Body>${' '.repeat(400_000)}`)).catch(
      (error: NodeJS.ErrnoException) => error,
    );
    // The sender may still be writing when the answer comes: it sees the 413 or a connection that was closed.
    expect(reply instanceof Error ? ['ECONNRESET', 'EPIPE'] : [413]).toContain(
      reply instanceof Error ? reply.code : reply.status,
    );
    expect(await stand.lastSeen('kps')).toMatchObject({ refused: 'body-too-large' });
  });
});

describe('who may connect', () => {
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );

  it.each(['sts', 'kps'] as const)(
    '%s ends the handshake of a client without certificate or with one of another CA',
    async (system) => {
      const { next } = await stand.seen(system);
      const url = stand.running.urls[system];
      const none = await failure(send({ ca: certificates.ca }, { url, body: good() }));
      const foreign = {
        ca: certificates.ca,
        cert: certificates.foreign.certPem,
        key: certificates.foreign.keyPem,
      };
      const other = await failure(send(foreign, { url, body: good() }));
      expect(none).toMatch(/ERR_SSL|ECONNRESET/);
      expect(other).toMatch(/ERR_SSL|ECONNRESET/);
      expect((await stand.seen(system, next)).requests).toEqual([]);
    },
  );

  it('resets a connection from an address that no institution declared', async () => {
    const { next } = await stand.seen('kps');
    const from = { ...stand.transport, localAddress: '127.0.0.3' };
    expect(await failure(send(from, { url: stand.running.urls.kps, body: good() }))).toBe('ECONNRESET');
    expect((await stand.seen('kps', next)).requests).toEqual([]);
  });

  it('answers from every address that the institution declared', async () => {
    const from = { ...stand.transport, localAddress: '127.0.0.2' };
    expect((await send(from, { url: stand.running.urls.kps, body: good() })).status).toBe(200);
  });

  it('holds an account to its own addresses, at the STS and with a token taken elsewhere', async () => {
    const accounts = [
      { ...ACCOUNT, sourceAddresses: ['127.0.0.1'] },
      { userName: 'KRM-2', password: 'two', sourceAddresses: ['127.0.0.2'] },
    ];
    const two = await startHarness(certificates, { settings: { accounts } });
    try {
      const { urls } = two.running;
      const from = { ...two.transport, localAddress: '127.0.0.2' };
      const rst = rstXml(urls, { password: ACCOUNT.password });
      expect(await failure(send(from, { url: urls.sts, body: rst }))).toBe('ECONNRESET');
      expect(await two.lastSeen('sts')).toMatchObject({ refused: 'source-address', answered: false });
      const query = queryXml(urls.kps, await two.token(), { body, action: BILESIK_2024 });
      expect(await failure(send(from, { url: urls.kps, body: query }))).toBe('ECONNRESET');
      expect(await two.lastSeen('kps')).toMatchObject({ refused: 'source-address', answered: false });
    } finally {
      await two.stop();
    }
  });

  it('shows the page of IIS where a stranger is to get that', async () => {
    const page = await startHarness(certificates, { settings: { unknownSource: 'html-403' } });
    try {
      const from = { ...page.transport, localAddress: '127.0.0.3' };
      const reply = await send(from, {
        url: page.running.urls.sts,
        body: rstXml(page.running.urls, { password: ACCOUNT.password }),
      });
      expect([reply.status, reply.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
      expect(await page.lastSeen('sts')).toMatchObject({ refused: 'source-address', answered: true });
    } finally {
      await page.stop();
    }
  });
});

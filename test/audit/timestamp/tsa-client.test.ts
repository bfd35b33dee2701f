import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import nock from 'nock';
import { type Authenticator, basicAuthenticator } from '../../../src/audit/timestamp/authenticators.js';
import { createTsaClient } from '../../../src/audit/timestamp/tsa-client.js';
import { isBridgeError } from '../../../src/errors/bridge-error.js';

const HOST = 'http://tsa.example';
const REPLY = { 'content-type': 'application/timestamp-reply' };
const imprint = createHash('sha256').update('a checkpoint').digest();
const request = Buffer.from('the request');
const nobody: Authenticator = { headers: () => ({}) };

const client = (authenticator = nobody, url = `${HOST}/stamp`, timeoutMs = 5_000) =>
  createTsaClient({ url, timeoutMs }, { http: axios.create(), authenticator });

/** The fields of the error that asking ends with; fails where it does not end with one of ours. */
async function failureOf(asked: Promise<Buffer>): Promise<unknown> {
  try {
    await asked;
  } catch (error) {
    if (isBridgeError(error, 'TIMESTAMP_UNAVAILABLE')) {
      // Whatever axios knows of the request, credentials among it, ends here.
      expect(error.cause).toBeUndefined();
      return error.fields;
    }
    throw error;
  }
  throw new Error('it was answered');
}

describe('the client of an authority', () => {
  beforeAll(() => {
    nock.disableNetConnect();
  });
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  it('posts the request as it is, says its type, and gives back the bytes that came', async () => {
    const bytes = Buffer.from([0x30, 0x80, 0xff, 0x00, 0xfe]);
    const scope = nock(HOST, {
      reqheaders: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    })
      .post('/stamp', request.toString())
      .reply(200, bytes, REPLY);
    expect(await client().ask(request, imprint)).toEqual(bytes);
    expect(scope.isDone()).toBe(true);
  });

  it('gives an error that came under HTTP 200 back as it is, for the check to refuse', async () => {
    nock(HOST).post('/stamp').reply(200, Buffer.from('3005300302010230', 'hex'), REPLY);
    expect((await client().ask(request, imprint)).toString('hex')).toBe('3005300302010230');
  });

  it('sends what the authenticator makes of the imprint', async () => {
    nock(HOST, { reqheaders: { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` } })
      .post('/stamp')
      .reply(200, 'x', REPLY);
    await client(basicAuthenticator('u', 'p')).ask(request, imprint);
    nock(HOST, { reqheaders: { identity: imprint.toString('hex') } })
      .post('/stamp')
      .reply(200, 'x', REPLY);
    await client({ headers: (bytes) => ({ identity: bytes.toString('hex') }) }).ask(request, imprint);
    expect(nock.isDone()).toBe(true);
  });

  it('refuses every other status, redirects too, and follows none', async () => {
    for (const status of [201, 204, 302, 307, 401, 403, 500, 503]) {
      nock(HOST)
        .post('/stamp')
        .reply(status, 'x', { ...REPLY, location: `${HOST}/elsewhere` });
      const elsewhere = nock(HOST)
        .post('/elsewhere')
        .reply(200, 'x', REPLY)
        .get('/elsewhere')
        .reply(200, 'x', REPLY);
      const failure = await failureOf(client(basicAuthenticator('u', 'p')).ask(request, imprint));
      expect(failure).toEqual({ reason: 'http-status', status });
      expect(elsewhere.pendingMocks()).toHaveLength(2);
      nock.cleanAll();
    }
  });

  it('refuses another content type: a page of a proxy under HTTP 200', async () => {
    for (const type of ['text/html', 'application/octet-stream', 'application/timestamp-reply-x', '']) {
      nock(HOST)
        .post('/stamp')
        .reply(200, '<html>', type === '' ? {} : { 'content-type': type });
      expect(await failureOf(client().ask(request, imprint))).toEqual({ reason: 'content-type' });
    }
    const spelt = { 'content-type': 'Application/Timestamp-Reply ; charset=binary' };
    nock(HOST).post('/stamp').reply(200, 'x', spelt);
    expect((await client().ask(request, imprint)).toString()).toBe('x');
  });

  it('refuses an answer over 64 KiB and takes one of 64 KiB', async () => {
    nock(HOST).post('/stamp').reply(200, Buffer.alloc(65_537), REPLY);
    expect(await failureOf(client().ask(request, imprint))).toEqual({ reason: 'too-large' });
    nock(HOST).post('/stamp').reply(200, Buffer.alloc(65_536), REPLY);
    expect(await client().ask(request, imprint)).toHaveLength(65_536);
  });

  it('does not unpack: a compressed answer stays as it came', async () => {
    nock(HOST)
      .post('/stamp')
      .reply(200, Buffer.from('not gzip'), { ...REPLY, 'content-encoding': 'gzip' });
    expect((await client().ask(request, imprint)).toString()).toBe('not gzip');
  });

  it('gives up an authority that says nothing', async () => {
    nock(HOST).post('/stamp').delay(20_000).reply(200, 'x', REPLY);
    expect(await failureOf(client(nobody, `${HOST}/stamp`, 200).ask(request, imprint))).toEqual({
      reason: 'timeout',
    });
    nock.abortPendingRequests();
  });

  it('names a connection that breaks', async () => {
    nock(HOST)
      .post('/stamp')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(await failureOf(client().ask(request, imprint))).toEqual({ reason: 'connection' });
  });
});

describe('the client over a real socket', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(200, REPLY);
      // Never silent for long, and never done.
      const drip = setInterval(() => outgoing.write('x'), 20);
      outgoing.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('gives up an answer that drips without an end', async () => {
    expect(await failureOf(client(nobody, url, 400).ask(request, imprint))).toEqual({ reason: 'timeout' });
  });

  it('takes no proxy from the environment', async () => {
    process.env.http_proxy = 'http://127.0.0.1:1';
    try {
      expect(await failureOf(client(nobody, url, 400).ask(request, imprint))).toEqual({ reason: 'timeout' });
    } finally {
      delete process.env.http_proxy;
    }
  });

  it('names a port where nobody listens', async () => {
    expect(await failureOf(client(nobody, 'http://127.0.0.1:1/').ask(request, imprint))).toEqual({
      reason: 'connection',
    });
  });
});

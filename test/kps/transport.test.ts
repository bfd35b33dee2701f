import { type AddressInfo, connect as connectTo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EndpointSettings } from '../../src/kps/settings.js';
import { tlsOptions } from '../../src/kps/tls.js';
import { createTransport, type Transport } from '../../src/kps/transport.js';
import { endpointFor, testCertificates } from './support/bench.js';
import { type Script, startServer, type TestServer } from './support/test-server.js';

const made = testCertificates();
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

const ok: Script = () => ({ body: '<a/>' });

async function serve(
  script: Script = ok,
  change: Partial<Parameters<typeof startServer>[0]> = {},
): Promise<TestServer> {
  const server = await startServer({ ...made.server, clientCa: made.ca, ...change }, '/x', script);
  cleanUp.push(() => server.close());
  return server;
}

function transport(url: string, change: Partial<EndpointSettings> = {}): Transport {
  const created = createTransport(endpointFor(url, change));
  cleanUp.push(() => created.close());
  return created;
}

/** A CONNECT proxy that records what it was asked for. */
async function startProxy(target: () => number, status = '200 OK') {
  const asked: string[] = [];
  const addresses: string[] = [];
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      asked.push(head.toString('latin1'));
      addresses.push(socket.remoteAddress ?? '');
      socket.write(`HTTP/1.1 ${status}\r\n\r\n`);
      if (status !== '200 OK') {
        socket.end();
        return;
      }
      const upstream = connectTo(target(), '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, addresses };
}

const NOT_SENT = { kind: 'not-sent', cause: 'connection' };

describe('the way to an endpoint', () => {
  it('uses one kept connection for one call after another', async () => {
    const server = await serve();
    const way = transport(server.url);
    for (let n = 0; n < 5; n += 1)
      expect(await way.post('<q/>', 5_000)).toMatchObject({ kind: 'answer', status: 200 });
    expect(server.seen).toHaveLength(5);
    // The pool may open a second one, for an answer is out before its connection counts as free.
    expect(server.connections()).toBeLessThanOrEqual(2);
    expect(server.seen[0]?.headers).toMatchObject({ 'content-type': 'application/soap+xml; charset=utf-8' });
    expect(server.seen[0]?.headers['accept-encoding']).toBeUndefined();
  });

  it('shows its certificate from PEM or PKCS#12, and is refused without it', async () => {
    const server = await serve();
    expect(await transport(server.url).post('<q/>', 5_000)).toMatchObject({ kind: 'answer' });
    expect(await transport(server.url, { mutualTls: made.clientPfx }).post('<q/>', 5_000)).toMatchObject({
      kind: 'answer',
    });
    expect(await transport(server.url, { mutualTls: null }).post('<q/>', 5_000)).toEqual(NOT_SENT);
    expect(
      (await transport(server.url, { mutualTls: made.foreignClient }).post('<q/>', 5_000)).kind,
    ).not.toBe('answer');
    expect(server.seen).toHaveLength(2);
  });

  it('does without a certificate where mutual TLS is switched off and the server wants none', async () => {
    const server = await serve(ok, { requireClient: false });
    expect(await transport(server.url, { mutualTls: null }).post('<q/>', 5_000)).toMatchObject({
      kind: 'answer',
    });
  });

  it.each<[string, Partial<Parameters<typeof startServer>[0]>, Partial<EndpointSettings>]>([
    ['of a CA that nobody named', {}, { caPems: [] }],
    ['of another CA', {}, { caPems: [made.otherCa] }],
    ['for another name', made.misnamed, {}],
    ['for the right host where another name is expected', {}, { servername: 'other.example' }],
  ])('sends nothing to a server with a certificate %s', async (_name, tls, change) => {
    const server = await serve(ok, tls);
    expect(await transport(server.url, change).post('<q/>', 5_000)).toEqual(NOT_SENT);
    expect(server.seen).toHaveLength(0);
  });

  it('says aloud that it verifies, so that no default and no environment decides it', () => {
    expect(tlsOptions(endpointFor('https://kps.invalid/'), null).rejectUnauthorized).toBe(true);
  });

  it('takes another name for the certificate and another address than DNS where settings say so', async () => {
    const server = await serve(ok, made.misnamed);
    const way = transport(`https://kps.invalid:${server.port}/x`, {
      servername: 'other.example',
      connectAddress: '127.0.0.1',
    });
    expect(await way.post('<q/>', 5_000)).toMatchObject({ kind: 'answer' });
    expect(server.seen[0]?.headers.host).toBe(`kps.invalid:${server.port}`);
  });

  it('comes from the declared address', async () => {
    const server = await serve();
    await transport(server.url, { localAddress: '127.0.0.2' }).post('<q/>', 5_000);
    expect(server.seen[0]?.remoteAddress).toBe('127.0.0.2');
  });

  it('goes through a CONNECT proxy, which sees host and port only, and verifies the server behind it', async () => {
    const server = await serve();
    const proxy = await startProxy(() => server.port);
    const way = transport(server.url, { proxy: proxy.url, localAddress: '127.0.0.2' });
    expect(await way.post('<geheim/>', 5_000)).toMatchObject({ kind: 'answer' });
    expect(server.seen[0]?.body).toBe('<geheim/>');
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toMatch(new RegExp(`^CONNECT localhost:${server.port} HTTP/1\\.1\\r\\n`));
    expect(proxy.asked[0]).not.toContain('geheim');
    expect(proxy.addresses).toEqual(['127.0.0.2']);
    expect(await transport(server.url, { proxy: proxy.url, caPems: [] }).post('<q/>', 5_000)).toEqual(
      NOT_SENT,
    );
  });

  it('sends nothing where the proxy refuses or is away', async () => {
    const server = await serve();
    const proxy = await startProxy(() => server.port, '403 Forbidden');
    expect(await transport(server.url, { proxy: proxy.url }).post('<q/>', 5_000)).toEqual(NOT_SENT);
    expect(await transport(server.url, { proxy: 'http://127.0.0.1:1' }).post('<q/>', 5_000)).toEqual(
      NOT_SENT,
    );
    expect(server.seen).toHaveLength(0);
  });

  it.each([
    ['nobody listens', 'https://localhost:1/x'],
    ['the name is unknown', 'https://kps.invalid/x'],
  ])('has sent nothing where %s', async (_name, url) => {
    expect(await transport(url).post('<q/>', 5_000)).toEqual(NOT_SENT);
  });

  it('has sent nothing where the other side accepts but never speaks TLS', async () => {
    const silent = createServer((socket) => {
      socket.on('error', () => {}).resume();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanUp.push(() => new Promise((resolve) => silent.close(resolve)));
    const { port } = silent.address() as AddressInfo;
    const way = transport(`https://localhost:${port}/x`, { connectTimeoutMs: 300 });
    expect((await way.post('<q/>', 5_000)).kind).toBe('not-sent');
  });

  it('never sends again on a new connection what a dying one may have carried', async () => {
    let calls = 0;
    const server = await serve((_seen, response) => {
      calls += 1;
      if (calls !== 2) return { body: '<a/>' };
      response.destroy();
      return null;
    });
    const way = transport(server.url);
    await way.post('<one/>', 5_000);
    expect(await way.post('<two/>', 5_000)).toEqual({ kind: 'lost', cause: 'connection', status: null });
    expect(await way.post('<three/>', 5_000)).toMatchObject({ kind: 'answer' });
    expect(server.seen.map(({ body }) => body)).toEqual(['<one/>', '<two/>', '<three/>']);
  });

  it('stops reading an answer beyond its limit', async () => {
    const server = await serve(() => ({ body: Buffer.alloc(3_000_000, 0x61) }));
    const way = transport(server.url, { maxAnswerBytes: 1_000 });
    expect(await way.post('<q/>', 5_000)).toEqual({ kind: 'lost', cause: 'too-large', status: 200 });
    expect(await transport(server.url, { maxAnswerBytes: 3_000_000 }).post('<q/>', 5_000)).toMatchObject({
      kind: 'answer',
    });
  });

  it('sends nothing after it was closed', async () => {
    const server = await serve();
    const way = createTransport(endpointFor(server.url));
    await way.post('<q/>', 5_000);
    await way.close();
    expect(await way.post('<q/>', 5_000)).toEqual(NOT_SENT);
  });

  it.each([
    'http://kps.example/',
    'kps.example',
    'https://user:secret@kps.example/',
    'https://kps.example/#x',
  ])('is refused by the address %s without quoting it', (url) => {
    expect(() => createTransport(endpointFor(url))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.not.stringContaining('kps.example'),
      }),
    );
  });

  it('is refused by a key that is none, without quoting it', () => {
    const mutualTls = { certPem: made.client.certPem, keyPem: 'GIZLI' };
    expect(() => createTransport(endpointFor('https://localhost/', { mutualTls }))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('GIZLI') }),
    );
  });
});

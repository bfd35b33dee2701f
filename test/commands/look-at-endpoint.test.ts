import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import {
  type AddressInfo,
  connect as connectPlain,
  createServer as createPlainServer,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { lookAtEndpoint } from '../../src/commands/look-at-endpoint.js';
import type { EndpointSettings } from '../../src/kps/settings.js';
import { type ListenerCertificates, makeListenerCertificates } from '../network/support/tls.js';

let certificates: ListenerCertificates;
const open: (Server | HttpServer)[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  certificates = await makeListenerCertificates();
});

afterEach(() => {
  for (const server of open.splice(0)) server.close();
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function listen(server: Server | HttpServer): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A service that wants a certificate of our CA, and keeps what was sent to it. */
async function startService(options: TlsOptions = {}): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const { server, ca } = certificates;
  const service = createTlsServer(
    { cert: server.certPem, key: server.keyPem, ca, requestCert: true, rejectUnauthorized: true, ...options },
    (socket) => {
      socket.on('data', (chunk) => received.push(chunk));
      socket.on('error', () => undefined);
    },
  );
  service.on('tlsClientError', () => undefined);
  return { port: await listen(service), received };
}

const endpoint = (port: number, changes: Partial<EndpointSettings> = {}): EndpointSettings => ({
  url: `https://localhost:${port}/x`,
  mutualTls: { certPem: certificates.core.certPem, keyPem: certificates.core.keyPem },
  caPems: [certificates.ca],
  connections: 1,
  connectTimeoutMs: 1000,
  keepAliveTimeoutMs: 1000,
  maxAnswerBytes: 1000,
  maxConcurrent: 1,
  ...changes,
});

const foreign = () => ({ certPem: certificates.foreign.certPem, keyPem: certificates.foreign.keyPem });

describe('the look at an endpoint', () => {
  it('is content with a handshake on both sides, and sends nothing', async () => {
    const { port, received } = await startService();
    expect(await lookAtEndpoint('kps', endpoint(port))).toEqual({
      name: 'kps',
      ok: true,
      text: 'TLS handshake done (TLSv1.3)',
    });
    expect(received).toEqual([]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'hears that our certificate is refused, also after the handshake: %s',
    async (version) => {
      const { port } = await startService({ minVersion: version, maxVersion: version });
      for (const mutualTls of [foreign(), null]) {
        const finding = await lookAtEndpoint('kps', endpoint(port, { mutualTls }));
        expect(finding.ok).toBe(false);
        expect(finding.text).toMatch(/certificate/);
      }
    },
  );

  it('does not trust a server of another CA, or of another name', async () => {
    const { port } = await startService();
    const untrusted = await lookAtEndpoint('sts', endpoint(port, { caPems: [] }));
    expect(untrusted).toMatchObject({
      ok: false,
      text: expect.stringMatching(/are certificate and CA right/),
    });
    const renamed = await lookAtEndpoint('sts', endpoint(port, { servername: 'kps.example' }));
    expect(renamed).toMatchObject({
      ok: false,
      text: expect.stringMatching(/^ERR_TLS_CERT_ALTNAME_INVALID/),
    });
  });

  it('knows an endpoint by its address too', async () => {
    const { port } = await startService();
    expect((await lookAtEndpoint('sts', endpoint(port, { url: `https://127.0.0.1:${port}/x` }))).ok).toBe(
      true,
    );
  });

  it('says that nobody listens', async () => {
    const closed = createPlainServer();
    const port = await listen(closed);
    closed.close();
    await once(closed, 'close');
    const finding = await lookAtEndpoint('sts', endpoint(port));
    expect(finding).toMatchObject({ ok: false, text: expect.stringMatching(/^ECONNREFUSED: .*declared/) });
  });

  it('does not wait for ever for a service that says nothing', async () => {
    const silent = createPlainServer((socket) => socket.on('error', () => undefined));
    const finding = await lookAtEndpoint('sts', endpoint(await listen(silent)));
    expect(finding).toMatchObject({ ok: false, text: expect.stringMatching(/^no answer/) });
  });

  describe('through a proxy', () => {
    async function startProxy(answer: 'connect' | 403 | 'page'): Promise<{ port: number; asked: string[] }> {
      const asked: string[] = [];
      const proxy = createHttpServer();
      proxy.on('connect', (request, socket) => {
        asked.push(request.url ?? '');
        socket.on('error', () => undefined);
        if (answer === 'page') return void socket.end('HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n');
        if (answer === 403) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        const [, port] = (request.url ?? '').split(':');
        const onward = connectPlain(Number(port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          socket.pipe(onward).pipe(socket);
        });
        onward.on('error', () => socket.destroy());
      });
      return { port: await listen(proxy), asked };
    }

    it('asks it for the service and makes the handshake with the service itself', async () => {
      const { port } = await startService();
      const proxy = await startProxy('connect');
      const via = { proxy: `http://127.0.0.1:${proxy.port}` };
      expect((await lookAtEndpoint('kps', endpoint(port, via))).ok).toBe(true);
      expect(proxy.asked).toEqual([`localhost:${port}`]);
      expect((await lookAtEndpoint('kps', endpoint(port, { ...via, mutualTls: foreign() }))).ok).toBe(false);
    });

    it.each([
      [403, /^the proxy answers 403/],
      ['page', /^the proxy answers 405/],
    ] as const)('says what it answers: %s', async (answer, text) => {
      const proxy = await startProxy(answer);
      const finding = await lookAtEndpoint('kps', endpoint(1, { proxy: `http://127.0.0.1:${proxy.port}` }));
      expect(finding).toMatchObject({ ok: false, text: expect.stringMatching(text) });
    });

    it('says that it cannot be reached', async () => {
      const finding = await lookAtEndpoint('kps', endpoint(1, { proxy: 'http://127.0.0.1:1' }));
      expect(finding).toMatchObject({
        ok: false,
        text: expect.stringMatching(/^the proxy cannot be reached \(ECONNREFUSED\)/),
      });
    });
  });
});

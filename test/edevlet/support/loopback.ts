import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Issued, issueCa, issueLeaf } from '../../../certs-example/issue.js';
import { SERVER } from '../../../certs-example/profile.js';

/** A request as the server got it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Reply = (seen: Seen, response: ServerResponse) => void;

/** An upstream on loopback, over TLS that the client verifies, answering each path by its script. */
export interface Loopback {
  readonly origin: string;
  readonly seen: Seen[];
  /** By path; without one, the answer is 404. */
  readonly replies: Map<string, Reply>;
  close(): Promise<void>;
}

export interface LoopbackCertificates {
  readonly ca: string;
  readonly server: Issued;
  /** For another name than this machine's. */
  readonly misnamed: Issued;
}

export async function makeLoopbackCertificates(): Promise<LoopbackCertificates> {
  const now = new Date();
  const ca = await issueCa('koopbis-sandbox-ca', now);
  const misnamed = { ...SERVER, dns: ['other.example'], ips: [] };
  return {
    ca: ca.certPem,
    server: await issueLeaf(SERVER, ca, now),
    misnamed: await issueLeaf(misnamed, ca, now),
  };
}

export async function startLoopback({
  server: tls,
}: Pick<LoopbackCertificates, 'server'>): Promise<Loopback> {
  const seen: Seen[] = [];
  const replies = new Map<string, Reply>();
  const sockets = new Set<Duplex>();
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'https://localhost');
    const one = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    seen.push(one);
    const reply = replies.get(url.pathname);
    if (reply === undefined) response.writeHead(404).end();
    else reply(one, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    replies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers with JSON. */
export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (_seen, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** Answers with bytes and a type of its own. */
export const raw =
  (body: string | Buffer, type: string | null = 'application/json', status = 200): Reply =>
  (_seen, response) => {
    response.writeHead(status, type === null ? {} : { 'content-type': type }).end(body);
  };

/** Limits under which the faults show. The short time is for silence alone: nothing else may fail by a slow machine. */
export const limitsFor = (reason: unknown) => ({
  timeoutMs: reason === 'timeout' ? 1_000 : 30_000,
  maxAnswerBytes: 4096,
});

const PAGE = '<!doctype html><html lang="tr"><title>Hata</title></html>';

/** What any call may meet: how it comes, and the code and the fields that it ends in. */
export const CALL_FAULTS: readonly [string, Reply, { code: string; fields: Record<string, unknown> }][] = [
  ['a page under 200', raw(PAGE, 'text/html'), invalid('content-type', { status: 200 })],
  ['a page under 403', raw(PAGE, 'text/html', 403), invalid('content-type', { status: 403 })],
  ['no content type', raw('{}', null), invalid('content-type', { status: 200 })],
  ['JSON under another type', raw('{}', 'text/plain'), invalid('content-type', { status: 200 })],
  ['JSON that is cut off', raw('{"access_tok'), invalid('not-json', { status: 200 })],
  ['an empty body', raw(''), invalid('not-json', { status: 200 })],
  ['a list', raw('[]'), invalid('not-json', { status: 200 })],
  ['null', raw('null'), invalid('not-json', { status: 200 })],
  ['bytes that are not UTF-8', raw(Buffer.from([0x7b, 0xff, 0x7d])), invalid('not-json', { status: 200 })],
  ['an object without what was asked for', raw('{}'), invalid('schema', { status: 200 })],
  ['more than the limit', raw(`{"a":"${'x'.repeat(5000)}"}`), invalid('too-large')],
  [
    'a redirect',
    json({}, 302, { location: 'https://localhost/elsewhere' }),
    invalid('redirect', { status: 302 }),
  ],
  [
    'a redirect that keeps the method',
    json({}, 307, { location: '/' }),
    invalid('redirect', { status: 307 }),
  ],
  ['no content', raw('', null, 204), invalid('http-status', { status: 204 })],
  ['HTTP 500', json({ error: 'server_error' }, 500), away('http-status', { status: 500 })],
  ['a page under 503', raw(PAGE, 'text/html', 503), away('http-status', { status: 503 })],
  ['too many requests', json({}, 429), away('http-status', { status: 429 })],
  ['silence', () => {}, away('timeout')],
  [
    'an answer that drips',
    (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    },
    away('timeout'),
  ],
  [
    'a connection that is cut',
    (_seen, response) => response.destroy(),
    away('connection', { detail: 'UND_ERR_SOCKET' }),
  ],
  [
    'an answer that is cut',
    (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '400' });
      response.write('{"access_token":"', () => response.destroy());
    },
    away('connection', { detail: 'UND_ERR_SOCKET' }),
  ],
  [
    'something that is not HTTP',
    (_seen, response) => response.socket?.end('EHLO\r\n\r\n'),
    invalid('protocol'),
  ],
];

function invalid(reason: string, more: object = {}) {
  return { code: 'UPSTREAM_ANSWER_INVALID', fields: { reason, ...more } };
}

function away(reason: string, more: object = {}) {
  return { code: 'UPSTREAM_UNAVAILABLE', fields: { reason, ...more } };
}

import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { type Agent, request } from 'node:https';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type Issued, issueCa, issueLeaf } from '../../../certs-example/issue.js';
import { CLIENTS, SERVER } from '../../../certs-example/profile.js';
import type { ServiceListenerSettings } from '../../../src/network/service-listener.js';

/** Certificates of one test file, made now. */
export interface ListenerCertificates {
  readonly ca: string;
  readonly server: Issued;
  readonly core: Issued;
  readonly stranger: Issued;
  readonly foreign: Issued;
}

export async function makeListenerCertificates(): Promise<ListenerCertificates> {
  const now = new Date();
  const [ca, foreignCa] = [
    await issueCa('koopbis-sandbox-ca', now),
    await issueCa('koopbis-foreign-ca', now),
  ];
  const [server, core, stranger, foreign] = await Promise.all([
    issueLeaf(SERVER, ca, now),
    issueLeaf(CLIENTS['koopbis-core'], ca, now),
    issueLeaf(CLIENTS.stranger, ca, now),
    issueLeaf(CLIENTS['foreign-ca'], foreignCa, now),
  ]);
  return { ca: ca.certPem, server, core, stranger, foreign };
}

/** Settings on a free port of loopback, generous but for what a test changes. */
export function listenerSettings(
  { ca, server }: ListenerCertificates,
  changes: Partial<ServiceListenerSettings> = {},
): ServiceListenerSettings {
  return {
    host: '127.0.0.1',
    port: 0,
    certificate: server.certPem,
    key: server.keyPem,
    clientCa: ca,
    maxConnections: 50,
    requestTimeoutMs: 20_000,
    headersTimeoutMs: 20_000,
    keepAliveTimeoutMs: 20_000,
    maxHeaderBytes: 4096,
    drainMs: 10_000,
    ...changes,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** One request; without an agent on a connection of its own. Rejects where no answer comes. */
export function call(
  port: number,
  ca: string,
  client: Issued | null,
  options: CallOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        ca,
        method: options.method ?? 'GET',
        path: options.path ?? '/',
        headers: options.headers ?? {},
        agent: options.agent ?? false,
        ...(client === null ? {} : { cert: client.certPem, key: client.keyPem }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** A TLS connection on which a test writes by hand. */
export async function openSocket(
  port: number,
  ca: string,
  client: Issued,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca,
    cert: client.certPem,
    key: client.keyPem,
    ...options,
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

/** Everything that comes on a connection until it is closed. */
export async function readToEnd(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.destroyed) await once(socket, 'close');
  return Buffer.concat(chunks).toString('utf8');
}

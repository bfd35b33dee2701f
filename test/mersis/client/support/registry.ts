import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Issued, issueCa, issueLeaf } from '../../../../certs-example/issue.js';
import { KPS_CLIENT, STAND_INS } from '../../../../certs-example/profile.js';
import { createMersisSource, type MersisClientOptions } from '../../../../src/mersis/mersis-client.js';
import type { MersisSource } from '../../../../src/mersis/port.js';
import type { MersisSettings } from '../../../../src/mersis/settings.js';
import { found, type Json, soapAnswer } from './answers.js';

export const WSDL_DIRECTORY = fileURLToPath(new URL('../../../../wsdl', import.meta.url));
export const PASSWORD = 'çok gizli: <&>';

export interface Certificates {
  readonly ca: Issued;
  readonly otherCa: Issued;
  readonly server: Issued;
  readonly misnamed: Issued;
  readonly client: Issued;
  readonly foreignClient: Issued;
}

let made: Promise<Certificates> | undefined;
/** Of one test run; the keys are made here and never kept. */
export function certificates(): Promise<Certificates> {
  made ??= make();
  return made;
}

async function make(): Promise<Certificates> {
  const now = new Date();
  const ca = await issueCa('koopbis-sandbox-ca', now);
  const otherCa = await issueCa('koopbis-foreign-ca', now);
  return {
    ca,
    otherCa,
    server: await issueLeaf(STAND_INS, ca, now),
    misnamed: await issueLeaf({ ...STAND_INS, dns: ['other.example'], ips: [] }, ca, now),
    client: await issueLeaf(KPS_CLIENT, ca, now),
    foreignClient: await issueLeaf(KPS_CLIENT, otherCa, now),
  };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly encrypted: boolean;
  readonly authorized: boolean;
}

export type Reply = (seen: Seen, response: ServerResponse) => void;

export interface Registry {
  readonly url: string;
  readonly seen: Seen[];
  readonly connections: () => number;
  reply: Reply;
  source(change?: Partial<MersisSettings>, options?: MersisClientOptions): MersisSource;
  close(): Promise<void>;
}

/** Answers with text or bytes. */
export const raw =
  (body: string | Buffer, type: string, status = 200, headers: Record<string, string> = {}): Reply =>
  (_seen, response) => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };

export const soapReply = (content: Json, operation?: string): Reply =>
  raw(soapAnswer(content, operation), 'text/xml; charset=utf-8');
export const restReply = (content: unknown): Reply =>
  raw(JSON.stringify({ data: content }), 'application/json');

/** A registry on loopback that asks for a certificate, answers by its script and keeps what it got. */
export async function startRegistry(
  adapter: MersisSettings['adapter'],
  tls: { server?: Issued; maxVersion?: 'TLSv1.2' } = {},
): Promise<Registry> {
  const certs = await certificates();
  const server = tls.server ?? certs.server;
  const sockets = new Set<Socket>();
  const sources: MersisSource[] = [];
  let connections = 0;
  const https = createServer({
    cert: server.certPem,
    key: server.keyPem,
    ca: certs.ca.certPem,
    requestCert: true,
    rejectUnauthorized: true,
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
  });
  https.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  https.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  const registry: Registry = {
    url: `https://localhost:${(https.address() as AddressInfo).port}/sorgu`,
    seen: [],
    connections: () => connections,
    reply: adapter === 'soap' ? soapReply(found()) : restReply(found()),
    source(change = {}, options = {}) {
      const settings = { ...settingsFor(registry.url, certs), adapter, ...change };
      const source = createMersisSource(settings, { wsdlDirectory: WSDL_DIRECTORY, ...options });
      sources.push(source);
      return source;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(sources.map((source) => source.close()));
      await new Promise((resolve) => https.close(resolve));
    },
  };
  https.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const socket = request.socket as Socket & { encrypted?: boolean; authorized?: boolean };
    const one: Seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      encrypted: socket.encrypted === true,
      authorized: socket.authorized === true,
    };
    registry.seen.push(one);
    registry.reply(one, response);
  });
  return registry;
}

export function settingsFor(url: string, certs: Certificates): MersisSettings {
  return {
    adapter: 'soap',
    url,
    userName: 'kooperatif-köprüsü',
    password: PASSWORD,
    clientCertificate: certs.client,
    caPems: [certs.ca.certPem],
    timeoutMs: 30_000,
    maxAnswerBytes: 262_144,
    maxConcurrent: 8,
  };
}

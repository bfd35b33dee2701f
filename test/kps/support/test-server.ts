import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Pair } from './certificates.js';

export interface Seen {
  readonly body: string;
  readonly action: string;
  readonly messageId: string;
  readonly headers: IncomingMessage['headers'];
  readonly remoteAddress: string;
}

export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** What a script may do with a request: answer, or take the socket and do as it likes (null). */
export type Script = (seen: Seen, response: ServerResponse) => Reply | null | Promise<Reply | null>;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  /** TCP connections accepted, handshakes that failed included. */
  readonly connections: () => number;
  script: Script;
  close(): Promise<void>;
}

const UTF8_SOAP = 'application/soap+xml; charset=utf-8';

/** A mutual-TLS server on loopback that records what it gets and answers as its script says. */
export async function startServer(
  tls: Pair & { readonly clientCa: string; readonly requireClient?: boolean },
  path: string,
  script: Script,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const required = tls.requireClient ?? true;
  const server: Server = createServer({
    cert: tls.certPem,
    key: tls.keyPem,
    ca: tls.clientCa,
    requestCert: required,
    rejectUnauthorized: required,
    minVersion: 'TLSv1.2',
  });
  const started: TestServer = {
    url: '',
    port: 0,
    seen: [],
    connections: () => connections,
    script,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('request', (request, response) => {
    void answer(started, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(started, { port, url: `https://localhost:${port}${path}` });
}

async function answer(server: TestServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const seen: Seen = {
    body,
    action: /<a:Action[^>]*>([^<]*)</.exec(body)?.[1] ?? '',
    messageId: /<a:MessageID[^>]*>urn:uuid:([^<]*)</.exec(body)?.[1] ?? '',
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress ?? '',
  };
  server.seen.push(seen);
  const reply = await server.script(seen, response);
  if (reply === null) return;
  response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? UTF8_SOAP, ...reply.headers });
  response.end(reply.body);
}

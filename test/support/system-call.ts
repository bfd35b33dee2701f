import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';

/** What came back: status, headers, the text as it was, and its JSON where it is some. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The same, for what is no text. */
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly body: any;
}

/** One call as any program with a client certificate could make it. */
export interface Call {
  readonly client?: keyof SandboxFile['clients'];
  readonly method?: string;
  readonly path?: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; `raw` is sent as it is, `chunked` without a length. */
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly chunked?: boolean;
  /** Source address on this machine; 127.0.0.1 where absent. */
  readonly from?: string;
  /** Another instance's address, `https://localhost:…`. */
  readonly api?: string;
}

export const VERIFICATIONS = '/v1/identity/verifications';
const LIMIT_MS = 40_000;

/** Calls over kept-alive mutual TLS, verified against our CA, as a registered client would. */
export class Caller {
  readonly #sandbox: Pick<SandboxFile, 'api' | 'ca' | 'clients'>;
  readonly #agents = new Map<string, Agent>();

  constructor(sandbox: Pick<SandboxFile, 'api' | 'ca' | 'clients'>) {
    this.#sandbox = sandbox;
  }

  call(call: Call): Promise<Answer> {
    const { client = 'koopbis-core', from = '127.0.0.1', api = this.#sandbox.api } = call;
    const path = call.path ?? VERIFICATIONS;
    const content = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const method = call.method ?? (content === undefined ? 'GET' : 'POST');
    const base = new URL(api);
    return new Promise((resolve, reject) => {
      const out = request(
        {
          host: base.hostname,
          port: base.port,
          path,
          method,
          agent: this.#agent(client, from, api),
          family: 4,
          localAddress: from,
          headers: {
            ...(content === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...(content === undefined || call.chunked
              ? {}
              : { 'Content-Length': Buffer.byteLength(content) }),
            ...(call.token === undefined ? {} : { Authorization: `Bearer ${call.token}` }),
            ...call.headers,
          },
          timeout: LIMIT_MS,
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', reject);
          response.on('aborted', () => reject(new Error('the answer was cut off')));
          response.on('end', () => {
            const bytes = Buffer.concat(pieces);
            const text = bytes.toString('utf8');
            const json = /json/.test(response.headers['content-type'] ?? '');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              bytes,
              body: json ? JSON.parse(text) : null,
            });
          });
        },
      );
      out.on('timeout', () => out.destroy(new Error('the API does not answer')));
      out.on('error', reject);
      out.end(content);
    });
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agent(client: keyof SandboxFile['clients'], from: string, api: string): Agent {
    const name = `${client} ${from} ${api}`;
    const known = this.#agents.get(name);
    if (known !== undefined) return known;
    const { cert, key } = this.#sandbox.clients[client];
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 64,
      ca: readFileSync(this.#sandbox.ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
    });
    this.#agents.set(name, agent);
    return agent;
  }
}

import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { SandboxFile } from './sandbox-file.js';

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

/** One call of the service API as a registered client would make it: mutual TLS, our CA, nothing switched off. */
export function callApi(
  sandbox: Pick<SandboxFile, 'api' | 'ca' | 'clients'>,
  call: {
    readonly client: keyof SandboxFile['clients'];
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  },
): Promise<ApiAnswer> {
  const { cert, key } = sandbox.clients[call.client];
  const text = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const out = request(
      new URL(call.path, sandbox.api),
      {
        method: call.method,
        ca: readFileSync(sandbox.ca),
        cert: readFileSync(cert),
        key: readFileSync(key),
        headers: { ...(text === undefined ? {} : { 'Content-Type': 'application/json' }), ...call.headers },
        timeout: 30_000,
        agent: false,
      },
      (response) => {
        let received = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          received += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const isJson = /json/.test(response.headers['content-type'] ?? '');
          const body = isJson ? (JSON.parse(received) as Record<string, unknown>) : { text: received };
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    out.on('timeout', () => out.destroy(new Error('the API does not answer')));
    out.on('error', reject);
    out.end(text);
  });
}

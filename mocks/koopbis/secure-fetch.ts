import type { CustomFetch } from 'openid-client';
import { Agent, fetch as fetchBy } from 'undici';
import type { KoopbisSettings } from './settings.js';

/** `fetch` over verified TLS with the application's certificate, which goes only to who asks for one. */
export type SecureFetch = CustomFetch;

/** A person waits before a blank page meanwhile; an identity check may take 15 seconds. */
const LIMIT_MS = 30_000;

/** Makes the application's `fetch`; `close` ends its connections. Redirects are never followed: no server of ours sends one. */
export function openSecureFetch({ ca, client }: Pick<KoopbisSettings, 'ca' | 'client'>): {
  readonly fetch: SecureFetch;
  close(): Promise<void>;
} {
  const dispatcher = new Agent({ connect: { ca, cert: client.cert, key: client.key } });
  return {
    fetch: (url, options) => {
      const signal = options.signal ?? AbortSignal.timeout(LIMIT_MS);
      const sent = { ...options, dispatcher, signal, redirect: 'manual' } as Parameters<typeof fetchBy>[1];
      return fetchBy(url, sent) as unknown as Promise<Response>;
    },
    close: () => dispatcher.destroy(),
  };
}

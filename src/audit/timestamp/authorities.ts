import type { AxiosInstance } from 'axios';
import { authenticatorOf, type RandomBytes } from './authenticators.js';
import { type CaCertificates, readCaCertificates } from './chain.js';
import type { AuthoritySettings } from './settings.js';
import { createTsaClient, type TsaClient } from './tsa-client.js';

/** An authority that can be asked, and what its replies must be. */
export interface Authority {
  readonly id: string;
  readonly policies: readonly string[];
  readonly ca: CaCertificates;
  readonly client: TsaClient;
}

/**
 * The configured authorities in their order. `http`: an axios instance whose agents decide about TLS and source address.
 * Throws `CONFIG_INVALID` for certificates that cannot be read and for missing credentials.
 */
export function openAuthorities(
  settings: readonly AuthoritySettings[],
  deps: { readonly http: AxiosInstance; readonly randomBytes: RandomBytes },
): Authority[] {
  return settings.map((one) => ({
    id: one.id,
    policies: one.policies,
    ca: readCaCertificates(one.ca),
    client: createTsaClient(one, {
      http: deps.http,
      authenticator: authenticatorOf(one, deps.randomBytes),
    }),
  }));
}

import type { Dispatcher } from 'undici';
import { BridgeError } from '../errors/bridge-error.js';
import { createDialect } from './dialect.js';
import { createEgress } from './egress.js';
import { createExchange } from './exchange.js';
import { createOidc } from './oidc.js';
import type { Upstream } from './port.js';
import type { UpstreamSettings } from './settings.js';

/** What the upstream is reached with; `dispatcher` stands in for our own connections, as where a local address is needed. */
export interface UpstreamDeps {
  now(): Date;
  readonly dispatcher?: Dispatcher | undefined;
}

/**
 * The upstream of the settings: e-Devlet in its own dialect, or OpenID Connect by discovery. One for the whole process. Nothing is asked
 * of anybody yet. Errors: `CONFIG_INVALID` (an address that is not https, a CA that cannot be read).
 */
export function createUpstream(settings: UpstreamSettings, deps: UpstreamDeps): Upstream {
  requireHttps(settings);
  const normal = { ...settings, redirectUri: new URL(settings.redirectUri).href };
  const dispatcher = deps.dispatcher ?? createEgress(settings.ca, settings.timeoutMs);
  const exchange = createExchange(dispatcher, settings);
  if (settings.profile === 'e-devlet') return createDialect(normal, exchange);
  return createOidc(normal, { exchange, now: () => deps.now() });
}

function requireHttps({ profile, baseUrl, issuer, redirectUri }: UpstreamSettings): void {
  const addresses = [redirectUri, profile === 'oidc' ? issuer : baseUrl];
  const good = addresses.every(
    (one) => one !== undefined && URL.canParse(one) && new URL(one).protocol === 'https:',
  );
  if (!good) throw new BridgeError('CONFIG_INVALID', 'the upstream needs https addresses');
}

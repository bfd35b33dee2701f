import { createTransport } from './http.js';
import type { MersisFault } from './port.js';
import type { MersisSettings } from './settings.js';

/** How knocking ended. `open`: TLS, certificate, address and account are taken; `elsewhere`: something answers that is not the service. */
export type Knocked =
  | { readonly kind: 'open' }
  | { readonly kind: 'elsewhere'; readonly status: number }
  | { readonly kind: 'fault'; readonly fault: MersisFault };

const REFUSED = [401, 403];
/** A redirect, no such path, a gateway with nobody behind it: not the service's own word about an empty message. */
const ELSEWHERE = [301, 302, 303, 307, 308, 404, 410, 502, 503, 504];

/**
 * Sends one message without content, by the same TLS, address and account as a question: asks about nobody. That the service cannot read
 * it is expected. Resolves within the limit of time. Throws `CONFIG_INVALID` as `createMersisSource` does.
 */
export async function knock(settings: MersisSettings): Promise<Knocked> {
  const transport = createTransport(settings);
  try {
    const exchange = await transport.post('', { accept: '*/*' });
    if (exchange.kind === 'none') return { kind: 'fault', fault: exchange.fault };
    const { status } = exchange;
    if (REFUSED.includes(status)) return { kind: 'fault', fault: { kind: 'refused' } };
    return ELSEWHERE.includes(status) ? { kind: 'elsewhere', status } : { kind: 'open' };
  } finally {
    await transport.close();
  }
}

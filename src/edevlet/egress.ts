import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { BridgeError } from '../errors/bridge-error.js';

/** Sign-ins at one time: three calls of some hundred milliseconds each make a hundred a second out of these. */
const CONNECTIONS = 32;

/**
 * Connections to the upstream: TLS 1.2 at least, always verified (said aloud, so that `NODE_TLS_REJECT_UNAUTHORIZED` cannot switch
 * it off), kept for the few seconds between the calls of one sign-in. `ca`: PEM texts beside the system's own. Errors: `CONFIG_INVALID`.
 */
export function createEgress(ca: readonly string[], timeoutMs: number): Dispatcher {
  return new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    connect: { secureContext: secureContext(ca), rejectUnauthorized: true, timeout: timeoutMs },
  });
}

/** Built once: reading the roots takes milliseconds. */
function secureContext(ca: readonly string[]): SecureContext {
  try {
    // createSecureContext passes over what it cannot read, and nobody would learn why e-Devlet is not trusted.
    for (const pem of ca) new X509Certificate(pem);
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] }),
    });
  } catch {
    throw new BridgeError('CONFIG_INVALID', 'a CA for the upstream cannot be read');
  }
}

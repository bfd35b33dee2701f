import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { BridgeError } from '../errors/bridge-error.js';
import type { MersisSettings } from './settings.js';

type TlsSettings = Pick<MersisSettings, 'caPems' | 'clientCertificate'>;

/** What is the same for each connection; the context is made once, for reading the roots takes milliseconds. */
export interface TlsOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: true;
}

/**
 * TLS 1.2 at least, always verified: `rejectUnauthorized` is said aloud so that `NODE_TLS_REJECT_UNAUTHORIZED` cannot
 * switch it off. Throws `CONFIG_INVALID` where certificate, key or CA cannot be read, without quoting them.
 */
export function tlsOptions(settings: TlsSettings): TlsOptions {
  return { secureContext: secureContext(settings), rejectUnauthorized: true };
}

function secureContext({ caPems, clientCertificate }: TlsSettings): SecureContext {
  try {
    // OpenSSL passes over a CA that it cannot read, and the operator would look for the fault at the server.
    for (const pem of caPems) new X509Certificate(pem);
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(caPems.length === 0 ? {} : { ca: [...rootCertificates, ...caPems] }),
      ...(clientCertificate === null
        ? {}
        : { cert: clientCertificate.certPem, key: clientCertificate.keyPem }),
    });
  } catch {
    // OpenSSL's message can quote file content: not passed on.
    throw new BridgeError('CONFIG_INVALID', 'the certificate, key or CA for MERSİS cannot be read');
  }
}

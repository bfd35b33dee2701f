import type { LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { BridgeError } from '../errors/bridge-error.js';
import type { ClientIdentity, EndpointSettings } from './settings.js';

/** The parts of a TLS connection that are the same each time; the context is built once, for the roots take milliseconds. */
export interface TlsOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: true;
  readonly family: 4 | 6;
  readonly timeout: number;
  readonly servername?: string;
  readonly lookup?: LookupFunction;
}

/**
 * TLS 1.2 at least, always verified: `rejectUnauthorized` is said aloud so that `NODE_TLS_REJECT_UNAUTHORIZED` cannot
 * switch it off. Throws `CONFIG_INVALID` where certificate, key or CA cannot be read, without quoting them.
 */
export function tlsOptions(settings: EndpointSettings, identity: ClientIdentity | null): TlsOptions {
  const { servername, connectAddress, family = 4 } = settings;
  return {
    secureContext: secureContext(settings.caPems, identity),
    rejectUnauthorized: true,
    family,
    timeout: settings.connectTimeoutMs,
    ...(servername === undefined ? {} : { servername }),
    ...(connectAddress === undefined ? {} : { lookup: fixedLookup(connectAddress, family) }),
  };
}

function secureContext(caPems: readonly string[], identity: ClientIdentity | null): SecureContext {
  try {
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(caPems.length === 0 ? {} : { ca: [...rootCertificates, ...caPems] }),
      ...(identity === null ? {} : identityOptions(identity)),
    });
  } catch {
    // OpenSSL's message can quote the passphrase prompt or file content: not passed on.
    throw new BridgeError('CONFIG_INVALID', 'the certificate, key or CA for KPS cannot be read');
  }
}

function identityOptions(identity: ClientIdentity) {
  if ('certPem' in identity) return { cert: identity.certPem, key: identity.keyPem };
  return identity.passphrase === undefined
    ? { pfx: identity.pfx }
    : { pfx: identity.pfx, passphrase: identity.passphrase };
}

function fixedLookup(address: string, family: 4 | 6): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

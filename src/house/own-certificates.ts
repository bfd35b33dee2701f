import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';

/** A certificate that the bridge itself shows. The subject is not kept: one for KPS may name a person. */
export interface OwnCertificate {
  readonly name: 'kps' | 'service' | 'web';
  readonly fingerprintSha256: string;
  readonly notAfter: Date;
}

/** The certificates of the listeners, and the one towards KPS where there is one. Errors: of the file system; `CONFIG_INVALID`. */
export async function ownCertificates(config: BridgeConfig): Promise<readonly OwnCertificate[]> {
  const { service, web } = config.listeners;
  const own = config.kps.clientCertificate;
  return [
    ...(own === undefined ? [] : [shown('kps', await kpsCertificate(own))]),
    shown('service', await readFile(service.certificate)),
    shown('web', await readFile(web.certificate)),
  ];
}

/** `bytes`: PEM, of which the first certificate is ours, or DER. */
function shown(name: OwnCertificate['name'], bytes: Buffer): OwnCertificate {
  const certificate = new X509Certificate(bytes);
  return {
    name,
    fingerprintSha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfter: new Date(certificate.validTo),
  };
}

async function kpsCertificate(own: NonNullable<BridgeConfig['kps']['clientCertificate']>): Promise<Buffer> {
  if ('certificate' in own) return readFile(own.certificate);
  // OpenSSL opens the store, as it will for the connections: node-forge cannot read EC certificates.
  const { context } = createSecureContext({
    pfx: await readFile(own.pfx),
    passphrase: own.passphrase.reveal(),
  }) as { context: { getCertificate?(): Buffer | null } };
  const der = context.getCertificate?.() ?? null;
  if (der === null)
    throw new BridgeError('CONFIG_INVALID', 'kps.clientCertificate.pfx: holds no readable certificate');
  return der;
}

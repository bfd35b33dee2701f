import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { BACKDATE_MINUTES, CA_DAYS, type CaName, LEAF_DAYS, type LeafProfile, RSA_BITS } from './profile.js';

const makeKeys = promisify(generateKeyPair);

/** A certificate and its key, both PEM (key in PKCS#8). */
export interface Issued {
  readonly certPem: string;
  readonly keyPem: string;
}

type Extension = Record<string, unknown>;

/** RSA keys by OpenSSL inside Node: forge's own generator takes seconds for each. */
async function newKeys(): Promise<{ publicKey: string; privateKey: string }> {
  return makeKeys('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** 127 random bits, positive and without a leading zero byte (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function blank(commonName: string, publicKeyPem: string, now: Date, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(now.getTime() - BACKDATE_MINUTES * 60_000);
  certificate.validity.notAfter = new Date(now.getTime() + days * 86_400_000);
  certificate.setSubject([
    { name: 'organizationName', value: 'KOOPBIS sandbox' },
    { name: 'commonName', value: commonName },
  ]);
  return certificate;
}

/** A CA that may sign leaves only (path length 0). */
export async function issueCa(name: CaName, now: Date): Promise<Issued> {
  const keys = await newKeys();
  const certificate = blank(name, keys.publicKey, now, CA_DAYS);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  return { certPem: forge.pki.certificateToPem(certificate), keyPem: keys.privateKey };
}

/** subjectAltName entries: 2 = DNS name, 6 = URI, 7 = IP address (RFC 5280 §4.2.1.6); no extension where there are none. */
function altNames(profile: LeafProfile): Extension[] {
  const names = [
    ...profile.dns.map((value) => ({ type: 2, value })),
    ...profile.uris.map((value) => ({ type: 6, value })),
    ...profile.ips.map((ip) => ({ type: 7, ip })),
  ];
  return names.length === 0 ? [] : [{ name: 'subjectAltName', altNames: names }];
}

/** The one use of a leaf. That of a time stamp's signer must be critical, and no other beside it (RFC 3161 §2.3). */
function extendedUse({ use }: LeafProfile): Extension {
  if (use === 'time-stamping') return { name: 'extKeyUsage', critical: true, timeStamping: true };
  return { name: 'extKeyUsage', serverAuth: use === 'server', clientAuth: use === 'client' };
}

/** A leaf of `profile`, signed by `ca`; good for one use only, so that a client's key can never pose as a server. */
export async function issueLeaf(profile: LeafProfile, ca: Issued, now: Date): Promise<Issued> {
  const keys = await newKeys();
  const issuer = forge.pki.certificateFromPem(ca.certPem);
  const certificate = blank(profile.commonName, keys.publicKey, now, LEAF_DAYS);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    {
      name: 'keyUsage',
      critical: true,
      digitalSignature: true,
      keyEncipherment: profile.use === 'server',
    },
    extendedUse(profile),
    ...altNames(profile),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(ca.keyPem), forge.md.sha256.create());
  return { certPem: forge.pki.certificateToPem(certificate), keyPem: keys.privateKey };
}

/** The leaf with its CA as PKCS#12, AES-256 (OpenSSL 3 refuses forge's older default). */
export function toPkcs12(leaf: Issued, ca: Issued, passphrase: string): Buffer {
  const chain = [leaf, ca].map(({ certPem }) => forge.pki.certificateFromPem(certPem));
  const asn1 = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(leaf.keyPem), chain, passphrase, {
    algorithm: 'aes256',
  });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

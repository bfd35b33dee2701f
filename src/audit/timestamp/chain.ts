import { X509Certificate } from 'node:crypto';
import { type BasicConstraints, Certificate, CertificateChainValidationEngine } from 'pkijs';
import { BridgeError } from '../../errors/bridge-error.js';
import { CRYPTO, SIGNATURES } from './algorithms.js';
import { readOne } from './der.js';
import type { RawCertificate } from './token.js';

/** What a time stamp must chain to: self-signed roots, and other certificates that may stand in between. */
export interface CaCertificates {
  readonly roots: readonly RawCertificate[];
  readonly between: readonly RawCertificate[];
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const MAX_CA_CERTIFICATES = 32;
/** Certificates from signer to root, both counted. */
const MAX_LENGTH = 6;
/** Certificates whose issuers are looked for: cross certificates of a hostile answer could lead in circles. */
const MAX_LOOKS = 24;
const BASIC_CONSTRAINTS = '2.5.29.19';
/** Extensions that pkijs or we look at; another one that is critical makes a certificate unusable (RFC 5280 §4.2). */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  '2.5.29.15', // key usage
  '2.5.29.17', // subject alternative name
  '2.5.29.30', // name constraints
  '2.5.29.32', // certificate policies
  '2.5.29.33', // policy mappings
  '2.5.29.36', // policy constraints
  '2.5.29.37', // extended key usage
  '2.5.29.54', // inhibit any policy
]);

/**
 * Reads the certificates of a PEM text. Throws `CONFIG_INVALID` for what is no certificate, and where no root is among
 * them: `openssl ts -verify` and courts' programs accept nothing less.
 */
export function readCaCertificates(pem: string): CaCertificates {
  const texts = pem.match(PEM) ?? [];
  if (texts.length > MAX_CA_CERTIFICATES) throw unusable('too many certificates');
  const roots: RawCertificate[] = [];
  const between: RawCertificate[] = [];
  for (const text of texts) {
    try {
      const x509 = new X509Certificate(text);
      const der = x509.raw;
      const list = x509.subject === x509.issuer && x509.verify(x509.publicKey) ? roots : between;
      list.push({ der, certificate: new Certificate({ schema: readOne(der) }) });
    } catch (cause) {
      throw unusable('a certificate cannot be read', cause);
    }
  }
  if (roots.length === 0) throw unusable('a self-signed root is needed');
  return { roots, between };
}

function unusable(message: string, cause?: unknown): BridgeError {
  return new BridgeError('CONFIG_INVALID', `CA certificates of a time stamp authority: ${message}`, {
    cause,
  });
}

/**
 * Throws unless some path leads from `signer` over `others` to a root of `ca`, every certificate valid at `at`. Revocation
 * is not asked for: nothing but a digest leaves the site.
 */
export async function requireChain(
  signer: RawCertificate,
  others: readonly RawCertificate[],
  ca: CaCertificates,
  at: Date,
): Promise<void> {
  for await (const path of pathsOf(signer, others, ca)) {
    if (await isValidPath(path, at)) return;
  }
  throw new Error('no path to a configured root');
}

/** Paths from the signer to a root whose signatures hold, the shortest ways first; bounded whatever the token holds. */
async function* pathsOf(
  signer: RawCertificate,
  others: readonly RawCertificate[],
  { roots, between }: CaCertificates,
): AsyncGenerator<readonly Certificate[]> {
  const candidates = others.filter((one) => !one.der.equals(signer.der));
  const finder = new CertificateChainValidationEngine({
    trustedCerts: roots.map((one) => one.certificate),
    certs: [...between, ...candidates].map((one) => one.certificate),
  });
  let waiting: (readonly Certificate[])[] = [[signer.certificate]];
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    const [path, ...rest] = waiting;
    const last = path?.at(-1);
    if (path === undefined || last === undefined) return;
    waiting = rest;
    for (const issuer of await finder.defaultFindIssuer(last, finder, CRYPTO)) {
      if (finder.trustedCerts.includes(issuer)) yield [...path, issuer];
      else if (!path.includes(issuer) && path.length < MAX_LENGTH - 1) waiting.push([...path, issuer]);
    }
  }
}

/** RFC 5280 §6.1 over one path: pkijs for dates, names, CA flags, key usage, policies and name constraints; ours what it passes over. */
async function isValidPath(path: readonly Certificate[], at: Date): Promise<boolean> {
  const root = path.at(-1) as Certificate;
  if (!path.slice(0, -1).every((one) => SIGNATURES.has(one.signatureAlgorithm.algorithmId))) return false;
  if (path.some(hasUnknownCritical) || !path.every(isLongEnough)) return false;
  const engine = new CertificateChainValidationEngine({
    trustedCerts: [root],
    // The engine takes the last one for the signer.
    certs: path.slice(0, -1).reverse(),
    checkDate: at,
    // The path is decided: left to itself the engine would go round in circles of cross certificates.
    findIssuer: (certificate) => {
      const next = path[path.indexOf(certificate) + 1];
      return Promise.resolve(next === undefined ? [] : [next]);
    },
  });
  const { result, certificatePath } = await engine.verify({}, CRYPTO);
  return (
    result && certificatePath?.length === path.length && certificatePath.every((one, i) => one === path[i])
  );
}

function hasUnknownCritical({ extensions = [] }: Certificate): boolean {
  return extensions.some(({ critical, extnID }) => critical && !KNOWN_EXTENSIONS.has(extnID));
}

/** pathLenConstraint counts the CA certificates between this one and the signer, self-issued ones aside. */
function isLongEnough(certificate: Certificate, index: number, path: readonly Certificate[]): boolean {
  const constraints = certificate.extensions?.find(({ extnID }) => extnID === BASIC_CONSTRAINTS);
  const limit = (constraints?.parsedValue as BasicConstraints | undefined)?.pathLenConstraint;
  if (limit === undefined) return true;
  const below = path.slice(1, index).filter((one) => !one.subject.isEqual(one.issuer)).length;
  return typeof limit === 'number' && below <= limit;
}

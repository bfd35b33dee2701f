import * as asn1js from 'asn1js';
import { BasicConstraints, Certificate, ExtKeyUsage, getCrypto, RSASSAPSSParams } from 'pkijs';
import { equalBytes, fromBase64 } from './bytes.js';
import { LIMITS } from './limits.js';

/** A certificate and the very bytes it was read from. */
export interface RawCertificate {
  readonly der: Uint8Array;
  readonly parsed: Certificate;
  readonly subject: string;
}

/** Signatures that count: RSA and ECDSA over SHA-2. SHA-1 can be forged. */
const SIGNATURES = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);
const RSA_PSS = '1.2.840.113549.1.1.10';
export const SHA2: ReadonlyMap<string, 'SHA-256' | 'SHA-384' | 'SHA-512'> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
]);

/** One certificate in DER. Throws where it is none or something follows it. */
export function certificateOf(der: Uint8Array): RawCertificate {
  const bytes = new Uint8Array(der);
  const { offset, result } = asn1js.fromBER(bytes);
  if (offset !== bytes.length) throw new RangeError('not one certificate');
  const parsed = new Certificate({ schema: result });
  // The parser forgives wrong lengths; DER has one spelling, and what is signed keeps its own bytes.
  if (!equalBytes(new Uint8Array(parsed.toSchema().toBER()), bytes)) throw new RangeError('not DER');
  const names = parsed.subject.typesAndValues.map((one) => String(one.value.valueBlock.value));
  return { der: bytes, parsed, subject: names.join(', ') };
}

/** The certificates of a PEM file, each once; `null` where it is none or a block is damaged. */
export function certificatesOfPem(text: string): readonly RawCertificate[] | null {
  const block =
    /-----BEGIN CERTIFICATE-----[\r\n]([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----(?=[\r\n]|$)/g;
  const encoded = Array.from(text.matchAll(block), ([, body = '']) =>
    fromBase64(body.replace(/[\r\n]/g, '')),
  );
  // What is left between the blocks may be words, as `openssl x509 -text` writes them, but no half of a block.
  if (encoded.length === 0 || encoded.length > LIMITS.certificates) return null;
  if (text.replace(block, '').includes('-----')) return null;
  try {
    return encoded.map((der) => certificateOf(der ?? new Uint8Array(0)));
  } catch {
    return null;
  }
}

/** True where algorithm, parameters and hash of a signature are ones that count. */
export function isSoundAlgorithm(algorithm: Certificate['signatureAlgorithm']): boolean {
  if (SIGNATURES.has(algorithm.algorithmId)) return true;
  if (algorithm.algorithmId !== RSA_PSS) return false;
  const { hashAlgorithm } = new RSASSAPSSParams({ schema: algorithm.algorithmParams });
  return SHA2.has(hashAlgorithm.algorithmId);
}

/** True where a signature has the one spelling that DER gives it: the library forgives wrong tags and lengths in it. */
export function isDerSignature(
  { algorithmId }: Certificate['signatureAlgorithm'],
  value: Uint8Array,
): boolean {
  if (!algorithmId.startsWith('1.2.840.10045.')) return true;
  const bytes = new Uint8Array(value);
  const { result } = asn1js.fromBER(bytes);
  const numbers = result instanceof asn1js.Sequence ? result.valueBlock.value : [];
  return (
    numbers.length === 2 &&
    numbers.every(({ idBlock }) => idBlock.tagClass === 1 && idBlock.tagNumber === 2) &&
    equalBytes(new Uint8Array(result.toBER()), bytes)
  );
}

async function isSignedBy({ parsed }: RawCertificate, issuer: RawCertificate): Promise<boolean> {
  if (!isSoundAlgorithm(parsed.signatureAlgorithm)) return false;
  // RFC 5280 §4.1.1.2: inside and outside of what is signed the same.
  const inner = new Uint8Array(parsed.signature.toSchema().toBER());
  if (!equalBytes(inner, new Uint8Array(parsed.signatureAlgorithm.toSchema().toBER()))) return false;
  const { unusedBits, valueHexView } = parsed.signatureValue.valueBlock;
  if (unusedBits !== 0 || !isDerSignature(parsed.signatureAlgorithm, valueHexView)) return false;
  try {
    return await parsed.verify(issuer.parsed, getCrypto(true));
  } catch {
    return false;
  }
}

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
/** Extensions that may be critical: the three above, which are obeyed, policies and alternative names, which limit nothing here. */
const KNOWN_CRITICAL = new Set([BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, '2.5.29.32', '2.5.29.17']);

function extension({ parsed }: RawCertificate, id: string) {
  const found = parsed.extensions?.filter((one) => one.extnID === id) ?? [];
  if (found.length > 1) throw new RangeError('an extension stands twice');
  return found[0];
}

/** Bits 0 to 7 of the key usage; `null` where nothing limits it. */
function keyUsage(certificate: RawCertificate): number | null {
  const value: unknown = extension(certificate, KEY_USAGE)?.parsedValue;
  if (value === undefined) return null;
  return value instanceof asn1js.BitString ? (value.valueBlock.valueHexView[0] ?? 0) : 0;
}

/** RFC 3161 §2.3: extended key usage critical, and time stamping its only purpose. */
export function mayStampTime(certificate: RawCertificate): boolean {
  const usage = extension(certificate, EXTENDED_KEY_USAGE);
  const bits = keyUsage(certificate);
  return (
    usage?.critical === true &&
    usage.parsedValue instanceof ExtKeyUsage &&
    usage.parsedValue.keyPurposes.length === 1 &&
    usage.parsedValue.keyPurposes[0] === TIME_STAMPING &&
    // digitalSignature or nonRepudiation
    (bits === null || (bits & 0xc0) !== 0)
  );
}

/** True where `certificate` may issue others, with at most `below` authorities between it and the signer. */
function mayIssue(certificate: RawCertificate, below: number): boolean {
  const constraints: unknown = extension(certificate, BASIC_CONSTRAINTS)?.parsedValue;
  const bits = keyUsage(certificate);
  if (bits !== null && (bits & 0x04) === 0) return false;
  if (!(constraints instanceof BasicConstraints) || !constraints.cA) return false;
  const { pathLenConstraint } = constraints;
  return (
    pathLenConstraint === undefined || (typeof pathLenConstraint === 'number' && below <= pathLenConstraint)
  );
}

function isSoundAt(certificate: RawCertificate, when: Date): boolean {
  const { notBefore, notAfter, extensions } = certificate.parsed;
  if (notBefore.value > when || notAfter.value < when) return false;
  return (extensions ?? []).every((one) => !one.critical || KNOWN_CRITICAL.has(one.extnID));
}

/** Signature checks for one chain: a token full of look-alikes must not keep the reader busy. */
const MOST_CHECKS = 100;
const LONGEST_CHAIN = 6;

/**
 * The chain from `signer` to a root among `anchors`, every certificate valid `when` the stamp was made (RFC 5280 §6 as far as
 * authorities of time stamps use it; revocation needs a network and is not asked). `null` where there is none.
 */
export async function chainToAnchor(
  signer: RawCertificate,
  others: readonly RawCertificate[],
  anchors: readonly RawCertificate[],
  when: Date,
): Promise<readonly RawCertificate[] | null> {
  let checks = 0;
  const extend = async (chain: readonly RawCertificate[]): Promise<readonly RawCertificate[] | null> => {
    const last = chain[chain.length - 1] as RawCertificate;
    if (!isSoundAt(last, when)) return null;
    const anchor = anchors.find((one) => equalBytes(one.der, last.der));
    if (anchor !== undefined && (await isRoot(anchor))) return chain;
    if (chain.length === LONGEST_CHAIN) return null;
    for (const issuer of [...anchors, ...others]) {
      if (!issuer.parsed.subject.isEqual(last.parsed.issuer) || !mayIssue(issuer, chain.length - 1)) continue;
      checks += 1;
      if (checks > MOST_CHECKS) return null;
      if (!(await isSignedBy(last, issuer))) continue;
      const whole = await extend([...chain, issuer]);
      if (whole !== null) return whole;
    }
    return null;
  };
  return extend([signer]);
}

/**
 * Only a root that signs itself ends a chain, as with `openssl ts -verify`: other certificates of the file help to get there.
 * So every byte of what is trusted is signed.
 */
async function isRoot(anchor: RawCertificate): Promise<boolean> {
  const { parsed } = anchor;
  return parsed.subject.isEqual(parsed.issuer) && mayIssue(anchor, 0) && (await isSignedBy(anchor, anchor));
}

import { createHash } from 'node:crypto';
import { type AsnType, Integer, OctetString } from 'asn1js';
import {
  AlgorithmIdentifier,
  type Attribute,
  type ExtKeyUsage,
  GeneralNames,
  IssuerAndSerialNumber,
  type RelativeDistinguishedNames,
  type SignerInfo,
} from 'pkijs';
import { DIGESTS, SHA256_OID } from './algorithms.js';
import { elementsOf } from './der.js';
import type { RawCertificate } from './token.js';

/** Signed attributes that name the signer's certificate: RFC 2634 (SHA-1) and RFC 5035 (any digest). */
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const DIRECTORY_NAME = 4;
/** digitalSignature and nonRepudiation. */
const SIGNING_USES = 0xc0;

/**
 * The certificate that the signer named under its own signature (RFC 3161 §2.4.2, RFC 5816): without that, somebody could
 * put another certificate of the same key beside the token. Throws where it is not there, named twice differently, or
 * not the one that the unsigned part of the token names.
 */
export function findSignerCertificate(
  signer: SignerInfo,
  attributes: ReadonlyMap<string, Attribute>,
  certificates: readonly RawCertificate[],
): RawCertificate {
  const first = attributes.get(SIGNING_CERTIFICATE);
  const second = attributes.get(SIGNING_CERTIFICATE_V2);
  const checks = [
    ...(first === undefined ? [] : [certIdOf(first, false)]),
    ...(second === undefined ? [] : [certIdOf(second, true)]),
  ];
  if (checks.length === 0) throw new Error('the signer names no certificate');
  const found = certificates.find((one) => checks.every((names) => names(one)));
  if (found === undefined) throw new Error('the named certificate is not there');
  if (!isNamedBySid(signer, found)) throw new Error('two different certificates are named');
  return found;
}

/** What the first ESSCertID of the attribute says: the signer's own certificate; others, of its issuers, bind nothing. */
function certIdOf(attribute: Attribute, v2: boolean): (one: RawCertificate) => boolean {
  const [certIds] = elementsOf(attribute.values[0] as AsnType);
  const [certId] = elementsOf(certIds);
  const parts = [...elementsOf(certId)];
  let digest = 'sha1';
  if (v2) {
    // The algorithm is left out where it is SHA-256.
    const algorithmId =
      parts[0] instanceof OctetString
        ? SHA256_OID
        : new AlgorithmIdentifier({ schema: parts.shift() }).algorithmId;
    digest = DIGESTS.get(algorithmId) ?? '';
  }
  const [hash, issuerSerial] = parts;
  if (digest === '' || !(hash instanceof OctetString)) throw new Error('no digest that we take');
  const wanted = Buffer.from(hash.getValue());
  return (one) =>
    createHash(digest).update(one.der).digest().equals(wanted) &&
    (issuerSerial === undefined || isIssuerSerial(issuerSerial, one));
}

function isIssuerSerial(value: AsnType, { certificate }: RawCertificate): boolean {
  const [issuer, serial] = elementsOf(value);
  const { names } = new GeneralNames({ schema: issuer });
  const [name] = names;
  return (
    names.length === 1 &&
    name?.type === DIRECTORY_NAME &&
    certificate.issuer.isEqual(name.value as RelativeDistinguishedNames) &&
    serial instanceof Integer &&
    serial.isEqual(certificate.serialNumber)
  );
}

function isNamedBySid({ sid }: SignerInfo, { certificate }: RawCertificate): boolean {
  if (sid instanceof IssuerAndSerialNumber)
    return sid.issuer.isEqual(certificate.issuer) && sid.serialNumber.isEqual(certificate.serialNumber);
  const own = certificate.extensions?.find(({ extnID }) => extnID === SUBJECT_KEY_IDENTIFIER);
  const named = (sid as { valueBlock?: { valueHexView?: Uint8Array } }).valueBlock?.valueHexView;
  if (own === undefined || named === undefined) return false;
  return Buffer.from((own.parsedValue as OctetString).getValue()).equals(Buffer.from(named));
}

/**
 * Throws where the certificate may be used for anything but time stamps: its extended key usage must be there once,
 * critical, and id-kp-timeStamping alone (RFC 3161 §2.3); a key usage, where there is one, must be signing alone.
 */
export function requireTimeStampingUse({ certificate }: RawCertificate): void {
  const extensions = certificate.extensions ?? [];
  const [extended, another] = extensions.filter(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  if (extended === undefined || another !== undefined || !extended.critical)
    throw new Error('one critical extended key usage');
  const { keyPurposes } = extended.parsedValue as ExtKeyUsage;
  if (keyPurposes.length !== 1 || keyPurposes[0] !== TIME_STAMPING) throw new Error('time stamping alone');
  const usage = extensions.find(({ extnID }) => extnID === KEY_USAGE);
  if (usage === undefined) return;
  const bits = (usage.parsedValue as { valueBlock: { valueHexView: Uint8Array } }).valueBlock.valueHexView;
  const uses = bits[0] ?? 0;
  if ((uses & SIGNING_USES) === 0 || (uses & ~SIGNING_USES) !== 0 || (bits[1] ?? 0) !== 0)
    throw new Error('signing alone');
}

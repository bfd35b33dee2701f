import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import * as asn1js from 'asn1js';
import { getCrypto, IssuerAndSerialNumber, SignedData, type SignerInfo, TimeStampResp, TSTInfo } from 'pkijs';
import { equalBytes, hex } from './bytes.js';
import {
  certificateOf,
  chainToAnchor,
  isDerSignature,
  isSoundAlgorithm,
  mayStampTime,
  type RawCertificate,
  SHA2,
} from './certificates.js';
import { LIMITS } from './limits.js';
import { fail } from './report.js';

/** What a time stamp proves: these bytes existed then, on this authority's word. */
export interface TimeStamp {
  readonly genTime: Date;
  readonly policy: string;
  readonly authority: string;
  readonly anchor: RawCertificate;
}

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const RSA = '1.2.840.113549.1.1.1';
/** SHA-1 only where RFC 2634 fixes it: it names the certificate that the signature is checked with anyway. */
const HASHES = { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 };

/**
 * Checks a DER `TimeStampResp` (RFC 3161, RFC 5652, RFC 5816) over bytes whose SHA-256 is `imprint`: status, imprint,
 * signing certificate named in the token, its purpose, its chain to `anchors` when it was made, and the signature.
 */
export async function checkTimeStamp(
  response: Uint8Array,
  imprint: Uint8Array,
  anchors: readonly RawCertificate[],
): Promise<TimeStamp> {
  const { signed, certificates } = readResponse(response);
  const content = contentOf(signed);
  const info = TSTInfo.fromBER(content);
  checkInfo(info, imprint);
  const [signerInfo, ...more] = signed.signerInfos;
  if (signerInfo === undefined || more.length > 0) malformed('not exactly one signature');
  const signer = signerOf(signerInfo, [...certificates, ...anchors]);
  await checkSignature(signerInfo, signer, content);
  if (!mayStampTime(signer)) {
    fail(
      'Damgayı imzalayan sertifika zaman damgası için verilmemiş.',
      'The certificate that signed the stamp was not issued for time stamping.',
      signer.subject,
    );
  }
  const chain = await chainToAnchor(signer, certificates, anchors, info.genTime);
  const anchor = chain?.[chain.length - 1];
  if (anchor === undefined) {
    fail(
      'Damgayı imzalayan sertifika, damga anında geçerli olarak güvenilen bir köke bağlanmıyor.',
      'The certificate that signed the stamp does not lead to a trusted root that was valid at that moment.',
      `${signer.subject}, at ${info.genTime.toISOString()}`,
    );
  }
  return { genTime: info.genTime, policy: info.policy, authority: signer.subject, anchor };
}

function malformed(detail: string): never {
  fail('Zaman damgasının biçimi bozuk.', 'The time stamp is malformed.', detail);
}

function readResponse(bytes: Uint8Array): { signed: SignedData; certificates: readonly RawCertificate[] } {
  const { offset, result } = asn1js.fromBER(new Uint8Array(bytes));
  if (offset !== bytes.length) malformed('not DER, or something follows it');
  const { status, timeStampToken } = new TimeStampResp({ schema: result });
  // granted, grantedWithMods
  if ((status.status !== 0 && status.status !== 1) || timeStampToken === undefined) {
    fail('Makam bu damgayı vermemiş.', 'The authority did not grant this stamp.', `status ${status.status}`);
  }
  if (timeStampToken.contentType !== SIGNED_DATA) malformed('not signed data');
  const certificates = certificatesIn(bytes);
  return { signed: new SignedData({ schema: timeStampToken.content }), certificates };
}

/** The library keeps no bytes of certificates, and what is compared must be bytes: they are read a second time. */
function certificatesIn(response: Uint8Array): readonly RawCertificate[] {
  const [, token] = partsOf(asn1js.fromBER(new Uint8Array(response)).result);
  const [, content] = partsOf(token);
  const [signedData] = partsOf(content);
  const set = partsOf(signedData).find((one) => one.idBlock.tagClass === 3 && one.idBlock.tagNumber === 0);
  const items = set === undefined ? [] : partsOf(set);
  if (items.length > LIMITS.certificates) malformed('too many certificates');
  return items.map((item) => certificateOf(item.valueBeforeDecodeView));
}

function partsOf(value: unknown): readonly asn1js.BaseBlock[] {
  return value instanceof asn1js.Constructed ? value.valueBlock.value : malformed('not signed data');
}

function contentOf({ encapContentInfo }: SignedData): ArrayBuffer {
  const { eContentType, eContent } = encapContentInfo;
  if (eContentType !== TST_INFO || eContent === undefined) malformed('not a time stamp token');
  return eContent.getValue();
}

function checkInfo(info: TSTInfo, imprint: Uint8Array): void {
  if (info.version !== 1 || info.extensions?.some((one) => one.critical)) malformed('version or extensions');
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const stamped = hashedMessage.valueBlock.valueHexView;
  if (hashAlgorithm.algorithmId !== SHA256 || !equalBytes(stamped, imprint)) {
    fail(
      'Zaman damgası bu kontrol noktasına değil, başka bir metne ait.',
      'The time stamp belongs to another text, not to this checkpoint.',
      `stamped ${hex(stamped)}, SHA-256 of the checkpoint ${hex(imprint)}`,
    );
  }
}

function signerOf({ sid }: SignerInfo, among: readonly RawCertificate[]): RawCertificate {
  const found =
    sid instanceof IssuerAndSerialNumber
      ? among.find(
          ({ parsed }) => parsed.issuer.isEqual(sid.issuer) && parsed.serialNumber.isEqual(sid.serialNumber),
        )
      : undefined;
  return (
    found ??
    fail(
      'Damgayı imzalayan sertifika bulunamadı.',
      'The certificate that signed the stamp is not there.',
      sid instanceof IssuerAndSerialNumber ? 'no such issuer and serial number' : 'named by its key only',
    )
  );
}

async function checkSignature(info: SignerInfo, signer: RawCertificate, content: ArrayBuffer): Promise<void> {
  const crypto = getCrypto(true);
  const hash = SHA2.get(info.digestAlgorithm.algorithmId) ?? malformed('hash of the signature');
  const { signatureAlgorithm, signedAttrs } = info;
  if (signatureAlgorithm.algorithmId !== RSA && !isSoundAlgorithm(signatureAlgorithm)) {
    malformed(`signature algorithm ${signatureAlgorithm.algorithmId}`);
  }
  if (signedAttrs === undefined) malformed('no signed attributes');
  const attribute = (...types: readonly string[]) => {
    const found = signedAttrs.attributes.filter(({ type }) => types.includes(type));
    const value: unknown = found[0]?.values[0];
    if (found.length !== 1 || found[0]?.values.length !== 1) malformed(`attribute ${types.join(' or ')}`);
    return { type: found[0].type, value };
  };
  const type = attribute(CONTENT_TYPE).value;
  if (!(type instanceof asn1js.ObjectIdentifier) || type.valueBlock.toString() !== TST_INFO)
    malformed('content type');
  const digest = attribute(MESSAGE_DIGEST).value;
  const digested = HASHES[hash](new Uint8Array(content));
  if (!(digest instanceof asn1js.OctetString) || !equalBytes(digest.valueBlock.valueHexView, digested)) {
    badSignature('message digest');
  }
  const named = attribute(SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2);
  checkSigningCertificate(named.value, named.type === SIGNING_CERTIFICATE_V2, signer);
  const { subjectPublicKeyInfo } = signer.parsed;
  if (!isDerSignature(signatureAlgorithm, info.signature.valueBlock.valueHexView)) badSignature('not DER');
  const holds = await crypto
    .verifyWithPublicKey(
      signedAttrs.encodedValue,
      info.signature,
      subjectPublicKeyInfo,
      signatureAlgorithm,
      ...(signatureAlgorithm.algorithmId === RSA ? [hash] : []),
    )
    .catch(() => false);
  if (!holds) badSignature('signature');
}

function badSignature(detail: string): never {
  fail(
    'Zaman damgasının imzası tutmuyor: damga sonradan değiştirilmiş.',
    'The signature of the time stamp does not hold: the stamp was changed afterwards.',
    detail,
  );
}

/** RFC 5035: the first `ESSCertID` is the hash of the signer's certificate, so that no other one can be put in its place. */
function checkSigningCertificate(value: unknown, v2: boolean, signer: RawCertificate): void {
  const [list] = sequence(value);
  const [first] = sequence(list);
  const [head, next] = sequence(first);
  const ownHash = v2 && head instanceof asn1js.Sequence;
  const hash = ownHash ? next : head;
  const oid: unknown = ownHash ? head.valueBlock.value[0] : undefined;
  let name: keyof typeof HASHES | undefined = v2 ? 'SHA-256' : 'SHA-1';
  if (ownHash)
    name = oid instanceof asn1js.ObjectIdentifier ? SHA2.get(oid.valueBlock.toString()) : undefined;
  if (name === undefined || !(hash instanceof asn1js.OctetString)) malformed('signing certificate');
  if (!equalBytes(hash.valueBlock.valueHexView, HASHES[name](signer.der)))
    badSignature('names another certificate');
}

function sequence(value: unknown): readonly unknown[] {
  return value instanceof asn1js.Sequence ? value.valueBlock.value : malformed('signing certificate');
}

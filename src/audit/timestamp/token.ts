import { type AsnType, GeneralizedTime } from 'asn1js';
import { Certificate, ContentInfo, PKIStatusInfo, SignedData, type SignerInfo, TSTInfo } from 'pkijs';
import { elementsOf, rawOf, readOne } from './der.js';
import { checking, invalidStamp, type StatusReason } from './invalid.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
/** id-ct-TSTInfo (RFC 3161 §2.4.2). */
export const TST_INFO = '1.2.840.113549.1.9.16.1.4';
/** Signer, its chain, and room; a limit because each one may be tried as an issuer. */
const MAX_CERTIFICATES = 10;
const CONTEXT_SPECIFIC = 3;
const UNIVERSAL = 1;
const SEQUENCE = 16;
const GRANTED_WITH_MODS = 1;

/** A certificate and its exact bytes. */
export interface RawCertificate {
  readonly der: Buffer;
  readonly certificate: Certificate;
}

/** A time stamp token taken apart; nothing of it has been believed yet. */
export interface Token {
  readonly info: TSTInfo;
  readonly genTime: Date;
  /** The bytes that the signature is about. */
  readonly content: Buffer;
  readonly signers: readonly SignerInfo[];
  readonly certificates: readonly RawCertificate[];
}

/**
 * Takes the DER of a TimeStampResp apart (RFC 3161 §2.4.2). Errors: `TIMESTAMP_INVALID` with `status-<n>` where nothing
 * was granted, else `malformed`: anything behind it, no token, another content, another version, no UTC time.
 */
export function openResponse(response: Buffer): Promise<Token> {
  return checking('malformed', () => {
    const [statusInfo, token, ...rest] = elementsOf(readOne(response));
    const { status } = new PKIStatusInfo({ schema: statusInfo });
    if (status > GRANTED_WITH_MODS) throw invalidStamp(`status-${status}` as StatusReason);
    if (token === undefined || rest.length > 0) throw new Error('one token');
    const { contentType, content } = new ContentInfo({ schema: token });
    if (contentType !== SIGNED_DATA) throw new Error('no signed data');
    return openSignedData(content as AsnType);
  });
}

function openSignedData(schema: AsnType): Token {
  const certificates = certificatesOf(schema);
  const { encapContentInfo, signerInfos } = new SignedData({ schema });
  if (encapContentInfo.eContentType !== TST_INFO || encapContentInfo.eContent === undefined)
    throw new Error('no TSTInfo');
  const content = Buffer.from(encapContentInfo.eContent.getValue());
  const tstInfo = readOne(content);
  const genTime = timeOf(elementsOf(tstInfo)[4]);
  const info = new TSTInfo({ schema: tstInfo });
  if (info.version !== 1) throw new Error('another version');
  // RFC 3161 names no extension that we know, and one that must be understood and is not makes the token unusable.
  if (info.extensions?.some((extension) => extension.critical)) throw new Error('a critical extension');
  return { info, genTime, content, signers: signerInfos, certificates };
}

function certificatesOf(signedData: AsnType): RawCertificate[] {
  const set = elementsOf(signedData).find(
    ({ idBlock }) => idBlock.tagClass === CONTEXT_SPECIFIC && idBlock.tagNumber === 0,
  );
  const values = ((set?.valueBlock as { value?: AsnType[] } | undefined)?.value ?? []).filter(
    ({ idBlock }) => idBlock.tagClass === UNIVERSAL && idBlock.tagNumber === SEQUENCE,
  );
  if (values.length > MAX_CERTIFICATES) throw new Error('too many certificates');
  return values.map((value) => {
    const der = rawOf(value);
    return { der, certificate: new Certificate({ schema: readOne(der) }) };
  });
}

/** RFC 3161 §2.4.2: GeneralizedTime in UTC, ended by Z, with or without a fraction. Milliseconds are kept, not rounded. */
function timeOf(value: AsnType | undefined): Date {
  if (!(value instanceof GeneralizedTime)) throw new Error('no time');
  const text = rawOf(value).subarray(2).toString('latin1');
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (match === null) throw new Error('no UTC time');
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const date = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`,
  );
  if (Number.isNaN(date.getTime())) throw new Error('no such time');
  return date;
}

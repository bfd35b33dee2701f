import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import {
  type AsnType,
  fromBER,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set as SetOf,
  UTCTime,
} from 'asn1js';
import {
  Accuracy,
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  GeneralName,
  GeneralNames,
  IssuerAndSerialNumber,
  MessageImprint,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  TSTInfo,
} from 'pkijs';
import { POLICY } from './policy.js';

const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaWithSha256: '1.2.840.113549.1.1.11',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** What a token says (RFC 3161 §2.4.2). `genTime` is cut to the second, which is what the accuracy says. */
export interface TokenContent {
  /** DER of the MessageImprint, and of the nonce where there was one. */
  readonly messageImprint: Buffer;
  readonly nonce: Buffer | undefined;
  readonly serial: bigint;
  readonly genTime: Date;
  readonly certReq: boolean;
}

/** Makes time stamp tokens: CMS SignedData over a TSTInfo, RSA and SHA-256, with ESSCertIDv2 (RFC 5816). */
export function createTokenMaker(certPem: string, keyPem: string): (content: TokenContent) => ContentInfo {
  const { raw } = new X509Certificate(certPem);
  const key = createPrivateKey(keyPem);
  const certificate = Certificate.fromBER(bytes(raw));
  const certHash = createHash('sha256').update(raw).digest();
  return (content) => {
    const info = der(tstInfo(content).toSchema());
    const encapContentInfo = new EncapsulatedContentInfo({ eContentType: OID.tstInfo });
    // Set afterwards: given to the constructor it would be cut into a constructed string, which is BER and not DER.
    encapContentInfo.eContent = new OctetString({ valueHex: bytes(info) });
    const attributes = signedAttributes(info, content.genTime, certificate, certHash);
    const signed = new SignedData({
      version: 3,
      digestAlgorithms: [new AlgorithmIdentifier({ algorithmId: OID.sha256 })],
      encapContentInfo,
      signerInfos: [signerInfo(certificate, attributes, key)],
      ...(content.certReq ? { certificates: [certificate] } : {}),
    });
    return new ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  };
}

/** DER of a schema. */
export function der(schema: { toBER(): ArrayBuffer }): Buffer {
  return Buffer.from(schema.toBER());
}

function tstInfo({ messageImprint, nonce, serial, genTime }: TokenContent): TSTInfo {
  return new TSTInfo({
    version: 1,
    policy: POLICY.id,
    messageImprint: new MessageImprint({ schema: fromBER(bytes(messageImprint)).result }),
    serialNumber: Integer.fromBigInt(serial),
    genTime: wholeSecond(genTime),
    accuracy: new Accuracy({ seconds: 1 }),
    ...(nonce === undefined ? {} : { nonce: fromBER(bytes(nonce)).result as Integer }),
  });
}

function signedAttributes(
  info: Buffer,
  genTime: Date,
  certificate: Certificate,
  certHash: Buffer,
): Attribute[] {
  const attribute = (type: string, value: AsnType) => new Attribute({ type, values: [value] });
  const issuer = new GeneralNames({ names: [new GeneralName({ type: 4, value: certificate.issuer })] });
  // ESSCertIDv2 {certHash, issuerSerial}: the hash algorithm is the default, SHA-256, and so left out.
  const essCertId = new Sequence({
    value: [
      new OctetString({ valueHex: bytes(certHash) }),
      new Sequence({ value: [issuer.toSchema(), certificate.serialNumber] }),
    ],
  });
  const attributes = [
    attribute(OID.contentType, new ObjectIdentifier({ value: OID.tstInfo })),
    attribute(OID.signingTime, new UTCTime({ valueDate: genTime })),
    attribute(
      OID.messageDigest,
      new OctetString({ valueHex: bytes(createHash('sha256').update(info).digest()) }),
    ),
    attribute(OID.signingCertificateV2, new Sequence({ value: [new Sequence({ value: [essCertId] })] })),
  ];
  // DER: a SET OF stands in the order of its encodings.
  return attributes.sort((a, b) => Buffer.compare(der(a.toSchema()), der(b.toSchema())));
}

function signerInfo(certificate: Certificate, attributes: Attribute[], key: KeyObject): SignerInfo {
  const { issuer, serialNumber } = certificate;
  // What is signed is the SET OF itself, not the [0] that stands in its place (RFC 5652 §5.4).
  const set = der(new SetOf({ value: attributes.map((attribute) => attribute.toSchema()) }));
  return new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer, serialNumber }),
    digestAlgorithm: new AlgorithmIdentifier({ algorithmId: OID.sha256 }),
    signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes }),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithmId: OID.rsaWithSha256,
      algorithmParams: new Null(),
    }),
    signature: new OctetString({ valueHex: bytes(sign('sha256', set, key)) }),
  });
}

function wholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1_000) * 1_000);
}

/** A copy whose buffer holds nothing else, as the library reads whole buffers. */
function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}

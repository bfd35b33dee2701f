import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  ContentInfo,
  EncapsulatedContentInfo,
  getCrypto,
  IssuerAndSerialNumber,
  MessageImprint,
  PKIStatusInfo,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  TimeStampResp,
  TSTInfo,
} from 'pkijs';
import type { Issued } from './authority.js';

export interface TokenWish {
  readonly signer: Issued;
  /** Certificates that travel in the token. */
  readonly certificates: readonly Issued[];
  readonly genTime: string;
  readonly status?: number;
  /** The certificate that the token names, where it should not be the signer's. */
  readonly named?: Issued;
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** A DER `TimeStampResp` over `data`, made as RFC 3161 and RFC 5816 say. */
export async function timeStamp(data: Uint8Array, wish: TokenWish): Promise<Buffer> {
  const info = new TSTInfo({
    version: 1,
    policy: '1.2.3.4',
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({
        algorithmId: '2.16.840.1.101.3.4.2.1',
        algorithmParams: new asn1js.Null(),
      }),
      hashedMessage: new asn1js.OctetString({ valueHex: sha256(data) }),
    }),
    serialNumber: new asn1js.Integer({ value: 7 }),
    genTime: new Date(wish.genTime),
  });
  const content = new Uint8Array(info.toSchema().toBER());
  const { certificate } = wish.signer;
  const signed = new SignedData({
    version: 3,
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: TST_INFO,
      eContent: new asn1js.OctetString({ valueHex: content }),
    }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({
          issuer: certificate.issuer,
          serialNumber: certificate.serialNumber,
        }),
        signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: attributesOf(content, wish) }),
      }),
    ],
    certificates: wish.certificates.map((one) => one.certificate),
  });
  await signed.sign(wish.signer.keys.privateKey as never, 0, 'SHA-256', undefined, getCrypto(true));
  const response = new TimeStampResp({
    status: new PKIStatusInfo({ status: wish.status ?? 0 }),
    timeStampToken: new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: signed.toSchema(true) }),
  });
  return Buffer.from(response.toSchema().toBER());
}

function attributesOf(content: Uint8Array, { signer, named = signer }: TokenWish): Attribute[] {
  const essCertId = new asn1js.Sequence({ value: [new asn1js.OctetString({ valueHex: sha256(named.der) })] });
  const list = new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [essCertId] })] });
  return [
    new Attribute({
      type: '1.2.840.113549.1.9.3',
      values: [new asn1js.ObjectIdentifier({ value: TST_INFO })],
    }),
    new Attribute({
      type: '1.2.840.113549.1.9.4',
      values: [new asn1js.OctetString({ valueHex: sha256(content) })],
    }),
    new Attribute({ type: '1.2.840.113549.1.9.16.2.47', values: [list] }),
  ];
}

function sha256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(data).digest());
}

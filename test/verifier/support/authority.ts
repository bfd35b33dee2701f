import { webcrypto } from 'node:crypto';
import * as asn1js from 'asn1js';
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  getCrypto,
  RelativeDistinguishedNames,
} from 'pkijs';

/** An authority's certificate with its key. */
export interface Issued {
  readonly certificate: Certificate;
  readonly der: Buffer;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly name: string;
}

export interface Wish {
  readonly name: string;
  readonly issuer?: Issued;
  readonly ca?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly purposes?: readonly string[];
  readonly criticalPurpose?: boolean;
  readonly rsa?: boolean;
}

export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
let serial = 100;

function nameOf(text: string): RelativeDistinguishedNames {
  const value = new asn1js.Utf8String({ value: text });
  return new RelativeDistinguishedNames({
    typesAndValues: [new AttributeTypeAndValue({ type: '2.5.4.3', value })],
  });
}

export async function newKeys(rsa: boolean): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = rsa
    ? {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: 'SHA-256',
      }
    : { name: 'ECDSA', namedCurve: 'P-256' };
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

/** Issues a certificate; without `issuer` it signs itself. */
export async function issue(wish: Wish): Promise<Issued> {
  const keys = await newKeys(wish.rsa ?? false);
  const certificate = new Certificate();
  certificate.version = 2;
  serial += 1;
  certificate.serialNumber = new asn1js.Integer({ value: serial });
  certificate.subject = nameOf(wish.name);
  certificate.issuer = nameOf(wish.issuer?.name ?? wish.name);
  certificate.notBefore.value = new Date(wish.from ?? '2026-01-01T00:00:00Z');
  certificate.notAfter.value = new Date(wish.to ?? '2036-01-01T00:00:00Z');
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey as never);
  certificate.extensions = extensionsOf(wish);
  const signing = wish.issuer?.keys.privateKey ?? keys.privateKey;
  await certificate.sign(signing as never, 'SHA-256', getCrypto(true));
  const der = Buffer.from(certificate.toSchema(true).toBER());
  return { certificate: Certificate.fromBER(new Uint8Array(der)), der, keys, name: wish.name };
}

function extensionsOf({ ca = false, purposes, criticalPurpose = true }: Wish): Extension[] {
  const extensions = [
    extension('2.5.29.19', true, new BasicConstraints({ cA: ca }).toSchema().toBER()),
    // keyCertSign and cRLSign, or digitalSignature
    extension('2.5.29.15', true, new asn1js.BitString({ valueHex: Uint8Array.of(ca ? 0x06 : 0x80) }).toBER()),
  ];
  if (purposes === undefined) return extensions;
  const usage = new ExtKeyUsage({ keyPurposes: [...purposes] }).toSchema().toBER();
  return [...extensions, extension('2.5.29.37', criticalPurpose, usage)];
}

function extension(extnID: string, critical: boolean, extnValue: ArrayBuffer): Extension {
  return new Extension({ extnID, critical, extnValue });
}

export function pemOf(...issued: readonly Issued[]): string {
  return issued
    .map(({ der }) => {
      const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
      return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
    })
    .join('');
}

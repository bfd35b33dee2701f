import { webcrypto } from 'node:crypto';
import { CryptoEngine } from 'pkijs';

/** What pkijs computes with, named at each call: its global engine is whatever a program around us has set. */
export const CRYPTO = new CryptoEngine({ name: 'node', crypto: webcrypto });

/** Digests that may carry a time stamp, by object identifier. SHA-1 and MD5 are missing: collisions in them can be made. */
export const DIGESTS: ReadonlyMap<string, 'sha256' | 'sha384' | 'sha512'> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

export const SHA256_OID = '2.16.840.1.101.3.4.2.1';

/** `rsaEncryption` as a signature algorithm (RFC 5652 §10.1.2): the digest is the one named beside it. */
export const RSA_WITH_NAMED_DIGEST = '1.2.840.113549.1.1.1';

/** Signatures that may stand under a time stamp or a certificate: RSA PKCS #1 v1.5 and ECDSA over the digests above. */
export const SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);

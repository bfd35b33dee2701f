import { createHash } from 'node:crypto';
import { ObjectIdentifier, OctetString } from 'asn1js';
import type { Attribute, Certificate, SignerInfo } from 'pkijs';
import { CRYPTO, DIGESTS, RSA_WITH_NAMED_DIGEST, SIGNATURES } from './algorithms.js';
import { TST_INFO } from './token.js';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const NAMES = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

/** The signed attributes by type; throws where there are none or one of them comes twice or with two values (RFC 5652 §5.3, §11). */
export function signedAttributes({ signedAttrs }: SignerInfo): ReadonlyMap<string, Attribute> {
  const attributes = signedAttrs?.attributes ?? [];
  const byType = new Map(attributes.map((attribute) => [attribute.type, attribute]));
  if (byType.size === 0 || byType.size !== attributes.length) throw new Error('each attribute once');
  if (attributes.some(({ values }) => values.length !== 1)) throw new Error('one value each');
  return byType;
}

/**
 * Throws unless the signature of `signer` stands over its signed attributes, and these over `content` as a TSTInfo (RFC
 * 5652 §5.4, §5.6), by the key of `certificate` and by algorithms that we take.
 */
export async function requireSignature(
  signer: SignerInfo,
  attributes: ReadonlyMap<string, Attribute>,
  content: Buffer,
  certificate: Certificate,
): Promise<void> {
  const digest = DIGESTS.get(signer.digestAlgorithm.algorithmId);
  if (digest === undefined) throw new Error('no digest that we take');
  const type = attributes.get(CONTENT_TYPE)?.values[0];
  if (!(type instanceof ObjectIdentifier) || type.valueBlock.toString() !== TST_INFO)
    throw new Error('the signature is about something else');
  const hash = attributes.get(MESSAGE_DIGEST)?.values[0];
  const actual = createHash(digest).update(content).digest();
  if (!(hash instanceof OctetString) || !actual.equals(Buffer.from(hash.getValue())))
    throw new Error('the content was changed');
  const { signatureAlgorithm, signature, signedAttrs } = signer;
  const named = signatureAlgorithm.algorithmId === RSA_WITH_NAMED_DIGEST;
  if (!named && !SIGNATURES.has(signatureAlgorithm.algorithmId)) throw new Error('no signature that we take');
  const valid = await CRYPTO.verifyWithPublicKey(
    signedAttrs?.encodedValue ?? new ArrayBuffer(0),
    signature,
    certificate.subjectPublicKeyInfo,
    signatureAlgorithm,
    named ? NAMES[digest] : undefined,
  );
  if (!valid) throw new Error('the signature is wrong');
}

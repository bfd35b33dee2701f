import { Integer, Null, OctetString } from 'asn1js';
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from 'pkijs';
import { BridgeError } from '../../errors/bridge-error.js';
import { SHA256_OID } from './algorithms.js';

/** RFC 3161 §2.4.1 wants 64 bits at least. */
const LEAST_NONCE_BYTES = 8;
const SHA256_BYTES = 32;

/** What is asked of an authority. `nonce`: random bytes, read as a positive integer. */
export interface StampRequest {
  /** SHA-256 of what is stamped. */
  readonly imprint: Buffer;
  readonly nonce: Buffer;
  /** Policy asked for; null leaves it to the authority. */
  readonly policy: string | null;
}

/** The nonce as the integer that stands in request and token. */
export function nonceNumber(nonce: Buffer): bigint {
  return BigInt(`0x${nonce.toString('hex')}`);
}

/**
 * DER of a TimeStampReq (RFC 3161 §2.4.1): version 1, SHA-256 imprint, the authority's certificate asked for, so that the
 * time stamp can be checked by itself later. Throws `WRONG_USE` for an imprint that is no SHA-256 and for a short nonce.
 */
export function buildRequest({ imprint, nonce, policy }: StampRequest): Buffer {
  if (imprint.length !== SHA256_BYTES) throw new BridgeError('WRONG_USE', 'an imprint is a SHA-256');
  if (nonce.length < LEAST_NONCE_BYTES) throw new BridgeError('WRONG_USE', 'a nonce has 64 bits at least');
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256_OID, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: Uint8Array.from(imprint) }),
    }),
    nonce: Integer.fromBigInt(nonceNumber(nonce)),
    certReq: true,
    ...(policy === null ? {} : { reqPolicy: policy }),
  });
  return Buffer.from(request.toSchema().toBER());
}

import type { TSTInfo } from 'pkijs';
import { SHA256_OID } from './algorithms.js';
import { type CaCertificates, requireChain } from './chain.js';
import { checking, invalidStamp } from './invalid.js';
import { nonceNumber } from './request.js';
import { requireSignature, signedAttributes } from './signature.js';
import { findSignerCertificate, requireTimeStampingUse } from './signer-certificate.js';
import { openResponse } from './token.js';

/** What a reply must be a time stamp of, and whose. */
export interface ExpectedStamp {
  /** SHA-256 of what was stamped. */
  readonly imprint: Buffer;
  /** Of our request; null for a time stamp that was checked when it came and is only looked at again. */
  readonly nonce: Buffer | null;
  /** Policies that are accepted; empty: any. */
  readonly policies: readonly string[];
  readonly ca: CaCertificates;
  /** Our clock, which the authority's may differ from so much; null as for `nonce`. */
  readonly clock: { readonly now: Date; readonly maxDifferenceS: number } | null;
}

/** What a time stamp proves. */
export interface CheckedStamp {
  readonly genTime: Date;
  /** Lower-case hex. */
  readonly serial: string;
  readonly policy: string;
}

/**
 * Checks the DER of a TimeStampResp whole (RFC 3161 §2.2, §2.3, §2.4.2; RFC 5816): status, form, imprint, nonce, policy,
 * exactly one signer whose certificate stands under its signature and is for time stamps only, signature, chain valid at
 * genTime, clock. Errors: `TIMESTAMP_INVALID`, `fields.reason` an `InvalidReason`; nothing else for any bytes.
 */
export async function checkResponse(response: Buffer, expected: ExpectedStamp): Promise<CheckedStamp> {
  const token = await openResponse(response);
  const { info, genTime, content, certificates } = token;
  requireImprint(info, expected.imprint);
  requireNonce(info, expected.nonce);
  const { policies, ca, clock } = expected;
  if (policies.length > 0 && !policies.includes(info.policy)) throw invalidStamp('policy');

  const { signer, attributes, certificate } = await checking('signer', () => {
    const [one, another] = token.signers;
    if (one === undefined || another !== undefined) throw new Error('exactly one signer');
    const signed = signedAttributes(one);
    return { signer: one, attributes: signed, certificate: findSignerCertificate(one, signed, certificates) };
  });
  await checking('eku', () => requireTimeStampingUse(certificate));
  await checking('signature', () => requireSignature(signer, attributes, content, certificate.certificate));
  await checking('chain', () => requireChain(certificate, certificates, ca, genTime));
  if (clock !== null) requireClock(genTime, clock);
  return {
    genTime,
    serial: Buffer.from(info.serialNumber.valueBlock.valueHexView).toString('hex'),
    policy: info.policy,
  };
}

function requireImprint({ messageImprint }: TSTInfo, imprint: Buffer): void {
  const { hashAlgorithm, hashedMessage } = messageImprint;
  const same = Buffer.from(hashedMessage.valueBlock.valueHexView).equals(imprint);
  if (hashAlgorithm.algorithmId !== SHA256_OID || !same) throw invalidStamp('imprint');
}

/** A reply without our nonce is an old one, played again. */
function requireNonce({ nonce }: TSTInfo, own: Buffer | null): void {
  if (own !== null && nonce?.toBigInt() !== nonceNumber(own)) throw invalidStamp('nonce');
}

function requireClock(genTime: Date, { now, maxDifferenceS }: { now: Date; maxDifferenceS: number }): void {
  if (Math.abs(genTime.getTime() - now.getTime()) > maxDifferenceS * 1000) throw invalidStamp('time');
}

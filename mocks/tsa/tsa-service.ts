import { createHash, randomBytes } from 'node:crypto';
import { BitString, Utf8String } from 'asn1js';
import { PKIStatus, PKIStatusInfo, TimeStampResp } from 'pkijs';
import { methodNotAllowed, notFound, unauthorized } from '../http/html-pages.js';
import type { HttpReply } from '../http/http-reply.js';
import type { SystemRequest, Verdict } from '../http/national-system.js';
import { basicHolds, type TsaCustomer, type TsaUser } from './accounts.js';
import { requireIdentity } from './identity.js';
import type { TsaMemory } from './memory.js';
import { readTimeStampRequest, type TimeStampRequest } from './read-request.js';
import { FAIL_INFO, type FailInfo, TsaRefused } from './refused.js';
import { createTokenMaker, der } from './token.js';

export const TSA_FAULTS = ['error-200', 'wrong-imprint'] as const;

export interface TsaParts {
  /** PEM of the signer, whose one use is time stamping. */
  readonly certPem: string;
  readonly keyPem: string;
  readonly customers: readonly TsaCustomer[];
  readonly users: readonly TsaUser[];
  readonly memory: TsaMemory;
  readonly now: () => number;
}

/** How one authority is entered: by Kamu SM's header, by HTTP Basic, or freely. */
const PATHS = ['/', '/basic', '/plain'];
const ACTION = 'timestamp';
const IMPRINT_BYTES = 32;

/**
 * The time stamping authority: one judgement for each request (RFC 3161, facts/fees-and-records.md §3). Whatever is wrong
 * with a request for a token is told under HTTP 200.
 */
export function createTsa(parts: TsaParts): (request: SystemRequest) => Verdict {
  const makeToken = createTokenMaker(parts.certPem, parts.keyPem);
  return (request) => {
    if (!PATHS.includes(request.path)) return { seen: [{ action: '' }], refused: 'path', reply: notFound };
    if (request.method !== 'POST')
      return { seen: [{ action: '' }], refused: 'method', reply: methodNotAllowed };
    const seen = [{ action: ACTION }];
    if (request.path === '/basic' && !basicHolds(request.headers.authorization, parts.users))
      return { seen, refused: 'basic', reply: unauthorized('tsa') };
    try {
      const asked = judge(request, parts);
      const token = makeToken({
        ...asked,
        messageImprint: request.fault?.kind === 'wrong-imprint' ? otherImprint(asked) : asked.messageImprint,
        serial: parts.memory.nextSerial(),
        genTime: new Date(parts.now()),
      });
      const status = new PKIStatusInfo({ status: PKIStatus.granted });
      return { seen, reply: reply(new TimeStampResp({ status, timeStampToken: token })) };
    } catch (error) {
      if (!(error instanceof TsaRefused)) throw error;
      return { seen, refused: error.reason, reply: reply(rejection(error)) };
    }
  };
}

function judge(request: SystemRequest, parts: TsaParts): TimeStampRequest {
  const [type = ''] = request.contentType.split(';');
  if (type.trim().toLowerCase() !== 'application/timestamp-query')
    throw new TsaRefused('content-type', 'badRequest', 'Bad content type.');
  const asked = readTimeStampRequest(request.body);
  if (request.path === '/')
    requireIdentity(request.headers.identity, asked.imprint, parts.customers, parts.memory);
  if (request.fault?.kind === 'error-200')
    throw new TsaRefused('fault-error-200', 'systemFailure', 'The request cannot be handled.');
  return asked;
}

/** The MessageImprint with another hash in it: its octets stand at its end. */
function otherImprint({ messageImprint }: TimeStampRequest): Buffer {
  const other = createHash('sha256').update(randomBytes(IMPRINT_BYTES)).digest();
  return Buffer.concat([messageImprint.subarray(0, -IMPRINT_BYTES), other]);
}

function rejection({ failInfo, text }: TsaRefused): TimeStampResp {
  return new TimeStampResp({
    status: new PKIStatusInfo({
      status: PKIStatus.rejection,
      statusStrings: [new Utf8String({ value: text })],
      failInfo: failureBits(failInfo),
    }),
  });
}

/** A named-bit list: no zero bits behind the last one (X.690 §11.2.2). */
function failureBits(failInfo: FailInfo): BitString {
  const bit = FAIL_INFO[failInfo];
  const bits = new Uint8Array(Math.floor(bit / 8) + 1);
  bits[bits.length - 1] = 0x80 >> (bit % 8);
  return new BitString({ valueHex: bits.buffer, unusedBits: 7 - (bit % 8) });
}

function reply(response: TimeStampResp): HttpReply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/timestamp-reply' },
    body: der(response.toSchema()),
  };
}

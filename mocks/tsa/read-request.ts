import { DerProblem, DerReader, TAG } from './der.js';
import { POLICY } from './policy.js';
import { TsaRefused } from './refused.js';

/** What a TimeStampReq asks for (RFC 3161 §2.4.1). */
export interface TimeStampRequest {
  /** SHA-256, 32 bytes. */
  readonly imprint: Buffer;
  /** The MessageImprint and the nonce as they were encoded: both go back unchanged. */
  readonly messageImprint: Buffer;
  readonly nonce: Buffer | undefined;
  readonly certReq: boolean;
}

const SHA_256 = Buffer.from('608648016503040201', 'hex');
const IMPRINT_BYTES = 32;
const EXTENSIONS_TAG = 0xa0;

interface Fields {
  readonly version: bigint;
  readonly algorithm: Buffer;
  readonly parametersAreNull: boolean;
  readonly imprint: Buffer;
  readonly messageImprint: Buffer;
  readonly policy: Buffer | undefined;
  readonly nonce: Buffer | undefined;
  readonly certReq: boolean;
  readonly extensions: boolean;
}

/** Reads and judges a request. @throws TsaRefused with what is wrong with it */
export function readTimeStampRequest(body: Buffer): TimeStampRequest {
  const fields = readFields(body);
  if (fields.version !== 1n) throw new TsaRefused('version', 'badRequest', 'Bad request version.');
  if (!fields.algorithm.equals(SHA_256) || !fields.parametersAreNull)
    throw new TsaRefused('algorithm', 'badAlg', 'Message digest algorithm is not supported.');
  if (fields.imprint.length !== IMPRINT_BYTES)
    throw new TsaRefused('imprint-length', 'badDataFormat', 'Bad message digest.');
  if (fields.policy !== undefined && !fields.policy.equals(POLICY.content))
    throw new TsaRefused('policy', 'unacceptedPolicy', 'Requested policy is not supported.');
  // RFC 3161 §2.4.1: critical or not, an extension that is not understood gets no token.
  if (fields.extensions) throw new TsaRefused('extensions', 'unacceptedExtension', 'Unsupported extension.');
  return fields;
}

function readFields(body: Buffer): Fields {
  try {
    const outer = new DerReader(body);
    const request = outer.sequence();
    outer.end();
    const version = request.integer().value;
    const { content, whole } = request.element(TAG.sequence);
    const mark = readImprint(content);
    const policy = request.next === TAG.oid ? request.oid() : undefined;
    const nonce = request.next === TAG.integer ? request.integer().whole : undefined;
    const certReq = request.next === TAG.boolean ? request.isTrue() : false;
    const extensions = request.next === EXTENSIONS_TAG;
    if (extensions) request.element(EXTENSIONS_TAG);
    request.end();
    return { version, ...mark, messageImprint: whole, policy, nonce, certReq, extensions };
  } catch (error) {
    if (!(error instanceof DerProblem)) throw error;
    throw new TsaRefused(`der-${error.message}`, 'badDataFormat', 'Bad request format or system error.');
  }
}

function readImprint(content: Buffer): Pick<Fields, 'algorithm' | 'parametersAreNull' | 'imprint'> {
  const mark = new DerReader(content);
  const identifier = mark.sequence();
  const algorithm = identifier.oid();
  const parameters = identifier.next;
  // Absent or NULL (RFC 5754 §2); those of another algorithm are not looked at, it is refused anyway.
  if (parameters !== undefined) {
    const { content: value } = identifier.element(parameters);
    if (parameters === TAG.null && value.length > 0) throw new DerProblem('null');
  }
  identifier.end();
  const imprint = mark.octets();
  mark.end();
  const parametersAreNull = parameters === undefined || parameters === TAG.null;
  return { algorithm, parametersAreNull, imprint };
}

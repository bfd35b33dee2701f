import { BridgeError } from '../../errors/bridge-error.js';

/** PKIStatus values other than granted (RFC 3161 §2.4.2): rejection, waiting, revocationWarning, revocationNotification. */
export type StatusReason = 'status-2' | 'status-3' | 'status-4' | 'status-5';

/** Why a reply is no time stamp of ours. Closed. */
export type InvalidReason =
  | StatusReason
  | 'malformed'
  | 'imprint'
  | 'nonce'
  | 'policy'
  | 'signer'
  | 'eku'
  | 'signature'
  | 'chain'
  | 'time';

/** `TIMESTAMP_INVALID`; `fields.reason` is an `InvalidReason`. */
export function invalidStamp(reason: InvalidReason, cause?: unknown): BridgeError {
  return new BridgeError('TIMESTAMP_INVALID', `the reply is no valid time stamp: ${reason}`, {
    fields: { reason },
    cause,
  });
}

/** Runs one check of bytes that somebody else made: whatever a parser throws at them is a failure of that check. */
export async function checking<T>(reason: InvalidReason, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    throw invalidStamp(reason, error);
  }
}

import { createHash } from 'node:crypto';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { StoredCheckpoint } from '../checkpoint/store.js';
import type { RandomBytes } from './authenticators.js';
import type { Authority } from './authorities.js';
import { checkResponse } from './check-response.js';
import type { InvalidReason } from './invalid.js';
import { buildRequest } from './request.js';
import { insertTimestamp, type StoredTimestamp } from './store.js';
import type { TsaFailure } from './tsa-client.js';

export type { StoredTimestamp } from './store.js';

/** Why one authority gave no time stamp. Closed. */
export type StampFailure = TsaFailure | InvalidReason;

export interface Stamper {
  /**
   * Asks the authorities in order until one answers rightly, and stores what it gave. Errors: `TIMESTAMP_UNAVAILABLE`
   * where none did, `fields` = the `StampFailure` of each under its id; those of the database.
   */
  stamp(checkpoint: StoredCheckpoint): Promise<StoredTimestamp>;
}

export interface StamperDeps {
  readonly db: Queryable;
  /** None: every stamp fails. */
  readonly authorities: readonly Authority[];
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  /** Told of each failure, also where a later authority helps. */
  readonly observe?: (failure: { readonly authority: string; readonly reason: StampFailure }) => void;
}

/** Twice what RFC 3161 asks for. */
const NONCE_BYTES = 16;

/** A stamper over SHA-256 of a note's bytes: nothing else leaves. No reply is kept that was not checked whole. */
export function createStamper(
  settings: { readonly maxClockDifferenceS: number },
  deps: StamperDeps,
): Stamper {
  return {
    stamp: async (checkpoint) => {
      const imprint = createHash('sha256').update(checkpoint.note, 'utf8').digest();
      const failures: Record<string, string> = {};
      for (const authority of deps.authorities) {
        const got = await ask(authority, imprint, settings.maxClockDifferenceS, deps);
        if (!('reason' in got)) {
          const { origin, size } = checkpoint;
          return insertTimestamp(deps.db, { origin, size, authority: authority.id, ...got });
        }
        failures[authority.id] = got.reason;
        deps.observe?.({ authority: authority.id, reason: got.reason });
      }
      throw new BridgeError('TIMESTAMP_UNAVAILABLE', 'no authority gave a valid time stamp', {
        fields: failures,
      });
    },
  };
}

type Got = Pick<StoredTimestamp, 'response' | 'genTime' | 'receivedAt'> | { readonly reason: StampFailure };

async function ask(
  { policies, ca, client }: Authority,
  imprint: Buffer,
  maxDifferenceS: number,
  { now, randomBytes }: StamperDeps,
): Promise<Got> {
  const nonce = randomBytes(NONCE_BYTES);
  // One accepted policy is asked for; of several the authority names the one it stands under.
  const [policy = null, another] = policies;
  try {
    const request = buildRequest({ imprint, nonce, policy: another === undefined ? policy : null });
    const response = await client.ask(request, imprint);
    const receivedAt = now();
    const clock = { now: receivedAt, maxDifferenceS };
    const { genTime } = await checkResponse(response, { imprint, nonce, policies, ca, clock });
    return { response, genTime, receivedAt };
  } catch (error) {
    if (!isBridgeError(error, 'TIMESTAMP_UNAVAILABLE', 'TIMESTAMP_INVALID')) throw error;
    return { reason: error.fields.reason as StampFailure };
  }
}

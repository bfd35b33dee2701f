import { type StoredCheckpoint, verifyStored } from '../../../audit/checkpoint/store.js';
import { tileReader } from '../../../audit/checkpoint/tile-store.js';
import { leafHash } from '../../../audit/leaf-hash.js';
import type { VerifierKey } from '../../../audit/note/note.js';
import { checkInclusion, inclusionProof } from '../../../audit/tree/proofs.js';
import type { EntryProof, LoggedEntry } from '../../../console/security/story/ports.js';
import { isBridgeError } from '../../../errors/bridge-error.js';
import type { Queryable } from '../../../storage/database.js';

const CHECKPOINT = `SELECT origin, size, root, note, signed_at AS "signedAt" FROM bridge.log_checkpoint
  WHERE origin = $1 AND size > $2 ORDER BY size LIMIT 1`;
const STAMP = `SELECT size, authority, gen_time AS "genTime" FROM bridge.log_timestamp
  WHERE origin = $1 AND size > $2 ORDER BY size, gen_time LIMIT 1`;

/**
 * How far an entry is proved now: the smallest checkpoint over it, verified with its signature and the path from the entry to its root, and
 * the first time stamp over it, which the evidence verifies. Errors: those of `Queryable`.
 */
export async function readProof(
  q: Queryable,
  origin: string,
  keys: readonly VerifierKey[],
  { leaf, leafHash: kept, line }: Pick<LoggedEntry, 'leaf' | 'leafHash' | 'line'>,
): Promise<EntryProof> {
  const hash = leafHash(line);
  const values = [origin, leaf];
  const { rows: checkpoints } = await q.query<StoredCheckpoint>({ text: CHECKPOINT, values });
  const { rows: stamps } = await q.query<NonNullable<EntryProof['stamp']>>({ text: STAMP, values });
  const [checkpoint] = checkpoints;
  return {
    hashHolds: hash.equals(kept),
    checkpoint:
      checkpoint === undefined
        ? null
        : {
            size: checkpoint.size,
            signedAt: checkpoint.signedAt,
            included: await isIncluded(q, checkpoint, keys, leaf, hash),
          },
    stamp: stamps[0] ?? null,
  };
}

async function isIncluded(
  q: Queryable,
  stored: StoredCheckpoint,
  keys: readonly VerifierKey[],
  leaf: bigint,
  hash: Buffer,
): Promise<boolean> {
  try {
    const { root, size } = verifyStored(stored, keys);
    const proof = await inclusionProof(leaf, size, tileReader(q));
    return checkInclusion({ leaf, size, leafHash: hash, proof, root });
  } catch (error) {
    // A tile that is missing or a note that nobody signed proves nothing.
    if (isBridgeError(error, 'LOG_INCONSISTENT', 'NOTE_INVALID')) return false;
    throw error;
  }
}

import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import { type CompactRange, decodeRange } from '../compact-range.js';
import { type Checkpoint, openCheckpoint } from '../note/checkpoint.js';
import type { VerifierKey } from '../note/note.js';

/** A checkpoint as it was signed and kept: `note` is the whole signed note. */
export interface StoredCheckpoint extends Checkpoint {
  readonly note: string;
  readonly signedAt: Date;
}

/** Checkpoints without a time stamp stay for a day: long enough for whoever watches the log, 172,800 rows at the most. */
const THIN_AFTER_HOURS = 24;
/** Rows thinned out in one run: more than can be signed meanwhile, and a statement of milliseconds. */
const MAX_THINNED = 500;

const COLUMNS = 'origin, size, root, note, signed_at AS "signedAt"';

/** The newest checkpoint of the log `origin`; null where none was ever signed. Not verified: see `verifyStored`. */
export async function lastCheckpoint(q: Queryable, origin: string): Promise<StoredCheckpoint | null> {
  const { rows } = await q.query<StoredCheckpoint>({
    text: `SELECT ${COLUMNS} FROM bridge.log_checkpoint WHERE origin = $1 ORDER BY size DESC LIMIT 1`,
    values: [origin],
  });
  return rows[0] ?? null;
}

/** The newest checkpoint of any other log of this database: what stood before a log was continued under a new name. */
export async function lastOfOtherOrigin(q: Queryable, origin: string): Promise<StoredCheckpoint | null> {
  const { rows } = await q.query<StoredCheckpoint>({
    text: `SELECT ${COLUMNS} FROM bridge.log_checkpoint WHERE origin <> $1 ORDER BY signed_at DESC, size DESC LIMIT 1`,
    values: [origin],
  });
  return rows[0] ?? null;
}

/**
 * The stored checkpoint as its own note has it. Throws `NOTE_INVALID` where no key of `keys` signed it, `LOG_INCONSISTENT`
 * where a column says something else than the note.
 */
export function verifyStored(stored: StoredCheckpoint, keys: readonly VerifierKey[]): Checkpoint {
  const checkpoint = openCheckpoint(stored.note, stored.origin, keys);
  if (checkpoint.size !== stored.size || !checkpoint.root.equals(stored.root))
    throw new BridgeError('LOG_INCONSISTENT', 'a stored checkpoint differs from its own note', {
      fields: { what: 'stored-checkpoint', size: Number(stored.size) },
    });
  return checkpoint;
}

/** Keeps a checkpoint that was just signed. */
export async function insertCheckpoint(tx: Transaction, checkpoint: StoredCheckpoint): Promise<void> {
  const { origin, size, root, note, signedAt } = checkpoint;
  await tx.query({
    text: 'INSERT INTO bridge.log_checkpoint (origin, size, root, note, signed_at) VALUES ($1, $2, $3, $4, $5)',
    values: [origin, size, root, note, signedAt],
  });
}

/** Deletes checkpoints older than a day that no time stamp stands on; the newest of each origin stays. Gives how many. */
export async function thinCheckpoints(q: Queryable, now: Date): Promise<number> {
  const before = new Date(now.getTime() - THIN_AFTER_HOURS * 3_600_000);
  // Locked, and passed over where a time stamp is just being added to one: that one must stay.
  const { count } = await q.query({
    text: `DELETE FROM bridge.log_checkpoint c USING (
        SELECT origin, size FROM bridge.log_checkpoint o
        WHERE signed_at < $1
          AND NOT EXISTS (SELECT 1 FROM bridge.log_timestamp t WHERE t.origin = o.origin AND t.size = o.size)
          AND EXISTS (SELECT 1 FROM bridge.log_checkpoint n WHERE n.origin = o.origin AND n.size > o.size)
        ORDER BY signed_at LIMIT $2) old
      WHERE c.origin = old.origin AND c.size = old.size`,
    values: [before, MAX_THINNED],
  });
  return count;
}

/** The head as the last batch left it, read without its lock. Throws `LOG_INCONSISTENT` where it is no head. */
export async function readHead(q: Queryable): Promise<CompactRange> {
  const { rows } = await q.query<{ size: bigint; compact_range: Buffer }>({
    text: 'SELECT size, compact_range FROM bridge.log_head',
  });
  const [row] = rows;
  try {
    if (row !== undefined) return decodeRange(row.size, row.compact_range);
  } catch {
    // hashes that do not fit the size
  }
  throw new BridgeError('LOG_INCONSISTENT', 'the head of the log is no head', { fields: { what: 'head' } });
}

import { isBridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import { readHead } from '../checkpoint/store.js';
import { type CompactRange, encodeRange } from '../compact-range.js';
import { FoundDifference } from './difference.js';

const NAME = 'head';

/** The head as it stands. Throws `FoundDifference` where its hashes cannot be those of its size. */
export async function openHead(tx: Transaction): Promise<CompactRange> {
  try {
    return await readHead(tx);
  } catch (error) {
    if (!isBridgeError(error, 'LOG_INCONSISTENT')) throw error;
    throw new FoundDifference(NAME, 'the head of the log is no head');
  }
}

/** The head against what the entries give; `lastAt`: of the last entry, null where that is not at hand. Throws `FoundDifference`. */
export async function holdHead(
  tx: Transaction,
  head: CompactRange,
  grown: CompactRange,
  lastAt: string | null,
): Promise<void> {
  if (!encodeRange(grown).equals(encodeRange(head)))
    throw new FoundDifference(NAME, 'the entries give another root than the head of the log');
  const { rows } = await tx.query<{ last_at: Date }>({ text: 'SELECT last_at FROM bridge.log_head' });
  // A later time would date every entry to come.
  if (lastAt !== null && rows[0]?.last_at.toISOString() !== lastAt)
    throw new FoundDifference(NAME, 'the head of the log says another time than its last entry');
  const { rows: beyond } = await tx.query<{ leaf_index: bigint }>({
    text: 'SELECT leaf_index FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT 1',
    values: [head.size],
  });
  if (beyond[0] !== undefined)
    throw new FoundDifference('entries', 'an entry stands beyond the head of the log', beyond[0].leaf_index);
}

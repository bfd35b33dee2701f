import type { Transaction } from '../../storage/database.js';
import { leavesOf } from '../ranges/part.js';
import { FoundDifference } from './difference.js';
import { type DetachedParts, entriesAt, isDetached } from './entries-at.js';

interface DetachedRow {
  readonly part: bigint;
  readonly entries_sha256: Buffer;
  readonly detached_leaf: bigint;
}

const NAME = 'ranges';

/**
 * Ranges that are not in the database against the entries that tell of their leaving: else whoever deletes a range would only
 * need to call it detached. Returns one sentence. Throws `FoundDifference`.
 */
export async function checkRanges(tx: Transaction, size: bigint, detached: DetachedParts): Promise<string> {
  const { rows } = await tx.query<DetachedRow>({
    text: 'SELECT part, entries_sha256, detached_leaf FROM bridge.log_detached ORDER BY part',
  });
  const entries = await entriesAt(
    tx,
    rows.map((row) => row.detached_leaf),
  );
  for (const { part, entries_sha256, detached_leaf } of rows) {
    const { first, end } = leavesOf(part);
    const told = entries.get(detached_leaf);
    const holds =
      told?.kind === 'log.range-detached' &&
      told.data.first === Number(first) &&
      told.data.entriesSha256 === entries_sha256.toString('hex');
    if (end > size || !(holds || isDetached(detached, detached_leaf)))
      throw new FoundDifference(NAME, `range ${part} counts as detached, and no entry says so`, first);
  }
  return rows.length === 0
    ? 'every range is in the database'
    : `detached with a record: ${rows.map(({ part }) => part).join(', ')}`;
}

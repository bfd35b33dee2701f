import type { Queryable } from '../../storage/database.js';
import { feedLine } from './feed-line.js';

/** Entries in one piece: about a megabyte. */
export const FEED_PIECE = 1_000;

/** Up to `FEED_PIECE` lines from leaf `from` on, in leaf order and without a gap; where the next piece begins. */
export async function readFeed(
  db: Queryable,
  from: bigint,
): Promise<{ readonly lines: readonly string[]; readonly next: bigint }> {
  const { rows } = await db.query<{ leaf_index: bigint; leaf_hash: Buffer; line: string }>({
    text: `SELECT leaf_index, leaf_hash, line FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT ${FEED_PIECE}`,
    values: [from],
  });
  const lines = rows.map((row) =>
    feedLine({ leafIndex: row.leaf_index, leafHash: row.leaf_hash, line: row.line }),
  );
  return { lines, next: (rows.at(-1)?.leaf_index ?? from - 1n) + 1n };
}

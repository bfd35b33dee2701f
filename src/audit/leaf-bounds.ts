import type { Queryable } from '../storage/database.js';

/** 2^63 leaves need no more halvings. */
const MAX_STEPS = 64;

/**
 * The first leaf below `size` whose `at` is not before `instant`; `size` where there is none. `at` never runs backwards in
 * leaf order (CONTRACT §6), so the leaf is found by halving: no index on `at`, some thirty readings by key.
 * A leaf of a detached range is passed over towards later ones.
 */
export async function firstLeafAt(db: Queryable, instant: Date, size: bigint): Promise<bigint> {
  let low = 0n;
  let high = size;
  for (let step = 0; step < MAX_STEPS && low < high; step += 1) {
    const middle = (low + high) / 2n;
    const { rows } = await db.query<{ leaf_index: bigint; at: Date }>({
      text: 'SELECT leaf_index, at FROM bridge.entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index LIMIT 1',
      values: [middle, high],
    });
    const [row] = rows;
    if (row === undefined || row.at >= instant) high = middle;
    else low = row.leaf_index + 1n;
  }
  return low;
}

import type { Queryable } from '../storage/database.js';

/**
 * The first leaf below `size` whose `at` is not before `instant`; `size` where there is none. `at` never runs backwards in
 * leaf order (CONTRACT §6), so that halving finds it in some thirty readings; leaves of detached ranges are passed over.
 */
export async function firstLeafAt(db: Queryable, instant: Date, size: bigint): Promise<bigint> {
  const { rows } = await db.query<{ leaf: bigint }>({
    text: 'SELECT bridge.leaf_at($1, $2) AS leaf',
    values: [instant, size],
  });
  return rows[0]?.leaf ?? size;
}

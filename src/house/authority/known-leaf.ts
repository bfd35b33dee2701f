import { firstLeafAt } from '../../audit/leaf-bounds.js';
import type { Queryable } from '../../storage/database.js';

// Whoever appends holds this row from the moment that gives `at` until COMMIT: what was written at `instant` or before, and is still on
// its way, is waited for. The lock is given back with the statement.
const SETTLED = 'SELECT size FROM bridge.log_head FOR SHARE';

/**
 * The leaf before which everything was known at `instant` (a moment that is over): entries written at it or before. Exact and for ever the
 * same, since `at` never runs backwards. Errors: those of `Queryable`.
 */
export async function leafKnownAt(db: Queryable, instant: Date): Promise<bigint> {
  const { rows } = await db.query<{ size: bigint }>({ text: SETTLED });
  return firstLeafAt(db, new Date(instant.getTime() + 1), rows[0]?.size ?? 0n);
}

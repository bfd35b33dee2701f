import { isBridgeError } from '../errors/bridge-error.js';

/**
 * What stands behind an error of a batch, and so what to do: `unavailable` (the database, not the batch: wait),
 * `collision` (two batches stood in each other's way: once more), `no-partition` (make it, once more), `slow` (a lock or an
 * answer did not come in time: perhaps one item's doing, so one by one, but no reason to refuse any), `item` (something
 * of the batch itself: its items go one by one, and what fails alone fails for good).
 */
export type Trouble = 'unavailable' | 'collision' | 'no-partition' | 'slow' | 'item';

/** SQLSTATEs by which PostgreSQL ends one of two transactions that wait for each other, or cannot be put in order. */
const COLLISIONS: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** lock_not_available and query_canceled, which is what a statement timeout gives. */
const TOO_SLOW: ReadonlySet<unknown> = new Set(['55P03', '57014']);

/** Tells them apart. Reads `code` and `routine` of `pg.DatabaseError`; the message is never looked at. */
export function troubleOf(error: unknown): Trouble {
  // A session that is not durable is refused by the pool; after a repair the next one is not.
  if (isBridgeError(error)) {
    return isBridgeError(error, 'DATABASE_UNAVAILABLE', 'COMMIT_UNKNOWN', 'DURABILITY_OFF')
      ? 'unavailable'
      : 'item';
  }
  const { code, routine } = (error ?? {}) as { code?: unknown; routine?: unknown };
  if (COLLISIONS.has(code)) return 'collision';
  if (TOO_SLOW.has(code)) return 'slow';
  // PostgreSQL gives this case the code of a violated CHECK; only its routine tells it from one.
  return code === '23514' && routine === 'ExecFindPartition' ? 'no-partition' : 'item';
}

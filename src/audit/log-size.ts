import type { Queryable } from '../storage/database.js';

/** How many entries the log has: the leaf that the next one becomes. Errors: those of `Queryable`. */
export async function readLogSize(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_head' });
  return rows[0]?.size ?? 0n;
}

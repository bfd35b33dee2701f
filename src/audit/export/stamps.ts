import type { Queryable } from '../../storage/database.js';

/** A checkpoint with its time stamp, as both are kept. */
export interface StampedCheckpoint {
  readonly size: bigint;
  readonly root: Buffer;
  readonly note: string;
  /** DER of the whole TimeStampResp. */
  readonly response: Buffer;
}

const COLUMNS = `SELECT DISTINCT ON (c.size) c.size, c.root, c.note, t.response
  FROM bridge.log_timestamp t JOIN bridge.log_checkpoint c USING (origin, size)`;

/** The stamped checkpoints of `origin` with after < size <= upTo, by size; of several stamps of one the earliest. */
export async function stampsBetween(
  db: Queryable,
  origin: string,
  after: bigint,
  upTo: bigint,
): Promise<readonly StampedCheckpoint[]> {
  const { rows } = await db.query<{ size: bigint; root: Buffer; note: string; response: Buffer }>({
    text: `${COLUMNS} WHERE origin = $1 AND c.size > $2 AND c.size <= $3 ORDER BY c.size, t.gen_time`,
    values: [origin, after, upTo],
  });
  return rows;
}

/** The smallest stamped checkpoint of `origin` that covers `size` leaves, or null. */
export async function firstStampFrom(
  db: Queryable,
  origin: string,
  size: bigint,
): Promise<StampedCheckpoint | null> {
  const { rows } = await db.query<{ size: bigint; root: Buffer; note: string; response: Buffer }>({
    text: `${COLUMNS} WHERE origin = $1 AND c.size >= $2 ORDER BY c.size, t.gen_time LIMIT 1`,
    values: [origin, size],
  });
  return rows[0] ?? null;
}

import type { Queryable } from '../../storage/database.js';

/** One time stamp over a checkpoint. `response`: DER of the whole TimeStampResp; checked before it came here. */
export interface StoredTimestamp {
  readonly origin: string;
  readonly size: bigint;
  readonly authority: string;
  readonly response: Buffer;
  readonly genTime: Date;
  readonly receivedAt: Date;
}

const COLUMNS = 'origin, size, authority, response, gen_time AS "genTime", received_at AS "receivedAt"';

const INSERT = `INSERT INTO bridge.log_timestamp (origin, size, authority, response, gen_time, received_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;

/** Stores a checked time stamp; gives back what stands there: the first one where two instances had the same idea. */
export async function insertTimestamp(q: Queryable, stamp: StoredTimestamp): Promise<StoredTimestamp> {
  const { origin, size, authority, response, genTime, receivedAt } = stamp;
  const values = [origin, size, authority, response, genTime, receivedAt];
  const { count } = await q.query({ text: INSERT, values });
  if (count === 1) return stamp;
  const { rows } = await q.query<StoredTimestamp>({
    text: `SELECT ${COLUMNS} FROM bridge.log_timestamp WHERE (origin, size, authority) = ($1, $2, $3)`,
    values: [origin, size, authority],
  });
  return rows[0] ?? stamp;
}

/** The time stamp over the largest checkpoint of `origin`; null where there is none. */
export async function lastTimestamp(q: Queryable, origin: string): Promise<StoredTimestamp | null> {
  const { rows } = await q.query<StoredTimestamp>({
    text: `SELECT ${COLUMNS} FROM bridge.log_timestamp WHERE origin = $1 ORDER BY size DESC, received_at DESC LIMIT 1`,
    values: [origin],
  });
  return rows[0] ?? null;
}

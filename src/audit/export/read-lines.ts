import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';

/** Entries read at once: some megabytes, whatever the log's length. */
const CHUNK = 5_000n;

export interface StoredLine {
  readonly leafIndex: bigint;
  readonly leafHash: Buffer;
  readonly line: string;
}

interface Row {
  leaf_index: bigint;
  leaf_hash: Buffer;
  line: string;
}

/**
 * Entries [first, end) in leaf order, in bounded pieces. Errors: `LOG_INCONSISTENT` where one is missing, be it deleted or
 * detached (`fields.leaf`).
 */
export async function* readLines(
  db: Queryable,
  first: bigint,
  end: bigint,
): AsyncGenerator<readonly StoredLine[]> {
  for (let from = first; from < end; from += CHUNK) {
    const to = from + CHUNK < end ? from + CHUNK : end;
    const { rows } = await db.query<Row>({
      text: 'SELECT leaf_index, leaf_hash, line FROM bridge.entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index',
      values: [from, to],
    });
    const missing = rows.findIndex((row, i) => row.leaf_index !== from + BigInt(i));
    if (missing !== -1 || BigInt(rows.length) !== to - from) {
      const leaf = from + BigInt(missing === -1 ? rows.length : missing);
      throw new BridgeError('LOG_INCONSISTENT', `entry ${leaf} is not in the database`, {
        fields: { leaf: Number(leaf) },
      });
    }
    yield rows.map((row) => ({ leafIndex: row.leaf_index, leafHash: row.leaf_hash, line: row.line }));
  }
}

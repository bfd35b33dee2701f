import type { Queryable } from '../../storage/database.js';

/** How far the sums and the search rows reach, and how many entries the log has. */
export interface FoldLag {
  readonly folded: bigint;
  readonly indexed: bigint;
  readonly head: bigint;
}

const LAG = `SELECT (SELECT size FROM bridge.fee_fold) AS folded, (SELECT size FROM bridge.log_indexed) AS indexed,
  (SELECT size FROM bridge.log_head) AS head`;

/** For whoever must not wait until much is added up. */
export async function foldLag(db: Queryable): Promise<FoldLag> {
  const { rows } = await db.query<FoldLag>({ text: LAG });
  return rows[0] ?? { folded: 0n, indexed: 0n, head: 0n };
}

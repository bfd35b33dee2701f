import type { JsonObject } from '../../../audit/canonical-json.js';
import { PART_LEAVES } from '../../../audit/ranges/part.js';
import type { SealedLine } from '../../../audit/search/reveal.js';
import type { LoggedEntry } from '../../../console/security/story/ports.js';
import type { Queryable } from '../../../storage/database.js';

interface Row {
  readonly leaf_index: bigint;
  readonly leaf_hash: Buffer;
  readonly at: Date;
  readonly kind: string;
  readonly line: string;
}

/** The entry of a leaf; `detached` where its range is not at hand, null where the log has no such leaf. Errors: those of `Queryable`. */
export async function readEntry(q: Queryable, leaf: bigint): Promise<LoggedEntry | 'detached' | null> {
  const { rows } = await q.query<Row>({
    text: 'SELECT leaf_index, leaf_hash, at, kind, line FROM bridge.entry WHERE leaf_index = $1',
    values: [leaf],
  });
  const [row] = rows;
  if (row === undefined) {
    const { rows: parts } = await q.query({
      text: 'SELECT 1 FROM bridge.log_detached WHERE part = $1',
      values: [leaf / PART_LEAVES],
    });
    return parts.length > 0 ? 'detached' : null;
  }
  const { data, id, sealed } = JSON.parse(row.line) as SealedLine & { readonly data: JsonObject };
  const { at, kind, leaf_hash: leafHash, leaf_index: index, line } = row;
  return { leaf: index, leafHash, at, kind, line, id, data, sealed };
}

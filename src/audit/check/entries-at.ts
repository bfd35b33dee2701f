import type { Queryable } from '../../storage/database.js';
import type { JsonObject } from '../canonical-json.js';
import { PART_LEAVES } from '../ranges/part.js';

/** Numbers of the ranges whose entries are not in the database. */
export type DetachedParts = ReadonlySet<bigint>;

export async function readDetachedParts(q: Queryable): Promise<DetachedParts> {
  const { rows } = await q.query<{ part: bigint }>({ text: 'SELECT part FROM bridge.log_detached' });
  return new Set(rows.map(({ part }) => part));
}

/** Whether the entry of `leaf` went away with its range. */
export function isDetached(parts: DetachedParts, leaf: bigint): boolean {
  return parts.has(leaf / PART_LEAVES);
}

/** Kind, time and data of the entries at `leaves` that are in the database: for what points from elsewhere into the log. */
export async function entriesAt(
  q: Queryable,
  leaves: readonly bigint[],
): Promise<ReadonlyMap<bigint, { readonly kind: string; readonly at: Date; readonly data: JsonObject }>> {
  const { rows } = await q.query<{ leaf_index: bigint; kind: string; at: Date; line: string }>({
    text: 'SELECT leaf_index, kind, at, line FROM bridge.entry WHERE leaf_index = ANY($1::bigint[])',
    values: [[...new Set(leaves)]],
  });
  return new Map(
    rows.map(({ at, leaf_index, kind, line }) => [
      leaf_index,
      { kind, at, data: (JSON.parse(line) as { data: JsonObject }).data },
    ]),
  );
}

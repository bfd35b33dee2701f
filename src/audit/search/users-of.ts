import type { Queryable } from '../../storage/database.js';
import type { SealedLine } from './reveal.js';

const LINES = 'SELECT leaf_index, line FROM bridge.entry WHERE leaf_index = ANY($1::bigint[])';
const TAGS = 'SELECT key_id, tag FROM bridge.person_key WHERE key_id = ANY($1::uuid[])';

/**
 * Who acted in each of these entries, by something that tells persons apart and says nothing about them: the tag of the key that seals the
 * number, the same in every year; where the key is destroyed, the id of that key, the same within one year. Entries without a user are not in
 * it. Reads `leaves` and their keys alone: for the rows of one page. Errors: those of `Queryable`.
 */
export async function usersOf(q: Queryable, leaves: readonly bigint[]): Promise<ReadonlyMap<bigint, string>> {
  const { rows: lines } = await q.query<{ leaf_index: bigint; line: string }>({
    text: LINES,
    values: [leaves],
  });
  const keys = lines.flatMap(({ leaf_index, line }) => {
    const key = (JSON.parse(line) as SealedLine).sealed['actor.number']?.key;
    return key === undefined ? [] : [[leaf_index, key] as const];
  });
  const { rows } = await q.query<{ key_id: string; tag: Buffer }>({
    text: TAGS,
    values: [[...new Set(keys.map(([, key]) => key))]],
  });
  const tags = new Map(rows.map(({ key_id, tag }) => [key_id, tag.toString('hex')]));
  return new Map(keys.map(([leaf, key]) => [leaf, tags.get(key) ?? key]));
}

import type { Database, Queryable } from '../../src/storage/database.js';

/** Rows as the appender wrote them, in the order of leaves. */
export interface PreparedRows {
  readonly entries: readonly EntryRow[];
  /** Rows of the search table, by place in `entries`. */
  readonly tags: readonly (readonly TagRow[])[];
  /** Keys of persons that were made with each entry, by place in `entries`. */
  readonly keys: readonly (readonly KeyRow[])[];
  readonly head: HeadRow;
}

interface EntryRow {
  leaf_index: bigint;
  entry_id: string;
  at: Date;
  kind: string;
  leaf_hash: Buffer;
  line: string;
}
interface TagRow {
  tag: Buffer;
  leaf_index: bigint;
  tag_key_id: number;
  year: number;
}
interface KeyRow {
  key_id: string;
  tag: Buffer;
  year: number;
  side: string;
  tag_key_id: number;
  master_key_id: string;
  wrapped: Buffer;
}
interface HeadRow {
  compact_range: Buffer;
  last_at: Date;
}

/** Reads back what the appender wrote from leaf `first` on; a key belongs to the first entry that names its person. */
export async function readRows(db: Database, first: bigint): Promise<PreparedRows> {
  const entries = await rowsOf<EntryRow>(
    db,
    'SELECT leaf_index, entry_id, at, kind, leaf_hash, line FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index',
    [first],
  );
  const allTags = await rowsOf<TagRow>(
    db,
    'SELECT tag, leaf_index, tag_key_id, year FROM bridge.log_tag WHERE leaf_index >= $1 ORDER BY leaf_index, tag',
    [first],
  );
  const newKeys = await rowsOf<KeyRow & { first_leaf: bigint }>(
    db,
    `SELECT k.key_id, k.tag, k.year, k.side, k.tag_key_id, k.master_key_id, k.wrapped, t.first_leaf
      FROM bridge.person_key k JOIN (SELECT tag, min(leaf_index) AS first_leaf FROM bridge.log_tag GROUP BY tag) t USING (tag)
      WHERE t.first_leaf >= $1 ORDER BY t.first_leaf, k.tag`,
    [first],
  );
  const [head] = await rowsOf<HeadRow>(db, 'SELECT compact_range, last_at FROM bridge.log_head', []);
  if (head === undefined) throw new Error('the log has no head');
  const tags = entries.map((): TagRow[] => []);
  const keys = entries.map((): KeyRow[] => []);
  for (const tag of allTags) tags[Number(tag.leaf_index - first)]?.push(tag);
  for (const { first_leaf, ...key } of newKeys) keys[Number(first_leaf - first)]?.push(key);
  return { entries, tags, keys, head };
}

async function rowsOf<R extends object>(
  db: Queryable,
  text: string,
  values: readonly unknown[],
): Promise<readonly R[]> {
  return (await db.query<R>({ text, values })).rows;
}

/** Throws unless exactly the first `count` of the entries stand in the database, with their rows in the search table. */
export async function requireWritten(db: Database, rows: PreparedRows, count: number): Promise<void> {
  const [found] = await rowsOf<{ size: bigint; entries: bigint; tags: bigint; keys: bigint }>(
    db,
    `SELECT (SELECT size FROM bridge.log_head) AS size, (SELECT count(*) FROM bridge.entry) AS entries,
      (SELECT count(*) FROM bridge.log_tag) AS tags, (SELECT count(*) FROM bridge.person_key) AS keys`,
    [],
  );
  const wanted = [
    count,
    count,
    rows.tags.slice(0, count).flat().length,
    rows.keys.slice(0, count).flat().length,
  ];
  const there = [found?.size, found?.entries, found?.tags, found?.keys].map(Number);
  if (wanted.join() !== there.join())
    throw new Error(`rows differ: ${there.join()} instead of ${wanted.join()}`);
}

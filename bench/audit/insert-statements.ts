import type { Statement } from '../../src/storage/database.js';
import type { EntryRow, KeyRow, PreparedRows, TagRow } from './prepared-rows.js';

// What anybody would write who has the rows: prepared statements over arrays, the fastest plain form that PostgreSQL
// has short of COPY. No locks, no reading, no computing.

const ENTRIES = `INSERT INTO bridge.entry (leaf_index, entry_id, at, kind, leaf_hash, line)
  SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::text[], $5::bytea[], $6::text[])`;
const TAGS = `INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
  SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::smallint[], $4::smallint[])`;
const KEYS = `INSERT INTO bridge.person_key (key_id, tag, year, side, tag_key_id, master_key_id, wrapped)
  SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::smallint[], $4::text[], $5::smallint[], $6::text[], $7::bytea[])`;
const HEAD = 'UPDATE bridge.log_head SET size = size + $1, compact_range = $2, last_at = $3';

/** The statements of one transaction for the rows from `from` to before `to`. */
export function statementsFor(rows: PreparedRows, from: number, to: number): Statement[] {
  const entries = rows.entries.slice(from, to);
  const tags = rows.tags.slice(from, to).flat();
  const keys = rows.keys.slice(from, to).flat();
  const statements = [insertEntries(entries)];
  if (tags.length > 0) statements.push(insertTags(tags));
  if (keys.length > 0) statements.push(insertKeys(keys));
  const { compact_range, last_at } = rows.head;
  statements.push({ name: 'bench-head', text: HEAD, values: [entries.length, compact_range, last_at] });
  return statements;
}

function insertEntries(rows: readonly EntryRow[]): Statement {
  return {
    name: 'bench-entries',
    text: ENTRIES,
    values: [
      rows.map((row) => row.leaf_index),
      rows.map((row) => row.entry_id),
      rows.map((row) => row.at),
      rows.map((row) => row.kind),
      rows.map((row) => row.leaf_hash),
      rows.map((row) => row.line),
    ],
  };
}

function insertTags(rows: readonly TagRow[]): Statement {
  return {
    name: 'bench-tags',
    text: TAGS,
    values: [
      rows.map((row) => row.tag),
      rows.map((row) => row.leaf_index),
      rows.map((row) => row.tag_key_id),
      rows.map((row) => row.year),
    ],
  };
}

function insertKeys(rows: readonly KeyRow[]): Statement {
  return {
    name: 'bench-keys',
    text: KEYS,
    values: [
      rows.map((row) => row.key_id),
      rows.map((row) => row.tag),
      rows.map((row) => row.year),
      rows.map((row) => row.side),
      rows.map((row) => row.tag_key_id),
      rows.map((row) => row.master_key_id),
      rows.map((row) => row.wrapped),
    ],
  };
}

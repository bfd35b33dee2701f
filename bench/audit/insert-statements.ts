import type { Statement } from '../../src/storage/database.js';
import type { PreparedRows } from './prepared-rows.js';

// What anybody would write who has the rows: INSERT … VALUES (…), (…), … with parameters. No locks, no reading, no
// computing. Measured: arrays through unnest, the other plain form, are slower in both processes.

const COLUMNS = {
  entry: ['leaf_index', 'entry_id', 'at', 'kind', 'leaf_hash', 'line'],
  log_tag: ['tag', 'leaf_index', 'tag_key_id', 'year'],
  person_key: ['key_id', 'tag', 'year', 'side', 'tag_key_id', 'master_key_id', 'wrapped'],
} as const;
const HEAD = 'UPDATE bridge.log_head SET size = size + $1, compact_range = $2, last_at = $3';

/** The statements of one transaction for the rows from `from` to before `to`. */
export function statementsFor(rows: PreparedRows, from: number, to: number): Statement[] {
  const entries = rows.entries.slice(from, to);
  const { compact_range, last_at } = rows.head;
  return [
    ...insert('entry', entries),
    ...insert('log_tag', rows.tags.slice(from, to).flat()),
    ...insert('person_key', rows.keys.slice(from, to).flat()),
    { text: HEAD, values: [entries.length, compact_range, last_at] },
  ];
}

const texts = new Map<string, string>();

function insert<T extends keyof typeof COLUMNS>(
  table: T,
  rows: readonly Readonly<Record<(typeof COLUMNS)[T][number], unknown>>[],
): Statement[] {
  if (rows.length === 0) return [];
  const columns: readonly (typeof COLUMNS)[T][number][] = COLUMNS[table];
  const key = `${table} ${rows.length}`;
  const text = texts.get(key) ?? textOf(table, columns, rows.length);
  texts.set(key, text);
  return [{ text, values: rows.flatMap((row) => columns.map((column) => row[column])) }];
}

function textOf(table: string, columns: readonly string[], count: number): string {
  let n = 0;
  const row = () => `(${columns.map(() => `$${++n}`).join(', ')})`;
  return `INSERT INTO bridge.${table} (${columns.join(', ')}) VALUES ${Array.from({ length: count }, row).join(', ')}`;
}

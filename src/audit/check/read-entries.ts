import type { Transaction } from '../../storage/database.js';
import type { JsonObject } from '../canonical-json.js';
import { leafHash } from '../leaf-hash.js';
import type { SealedValue } from '../seal.js';
import { FoundDifference } from './difference.js';
import type { Piece, ReadEntry } from './line-check.js';

/** The full schema of a kind; a sentence about what does not fit, or null. */
export type FitsCatalogue = (kind: string, data: JsonObject, sealed: readonly string[]) => string | null;

interface EntryRow {
  leaf_index: bigint;
  entry_id: string;
  at: Date;
  kind: string;
  leaf_hash: Buffer;
  line: string;
}

interface Line {
  readonly at: string;
  readonly data: JsonObject;
  readonly id: string;
  readonly kind: string;
  readonly sealed: Readonly<Record<string, SealedValue>>;
  readonly v: number;
}

const NAME = 'entries';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Entries [from, end), each held against its hash, its columns, its kind and the one before. `after`: the `at` of that one.
 * Throws `FoundDifference`.
 */
export async function readPiece(
  tx: Transaction,
  fits: FitsCatalogue,
  from: bigint,
  end: bigint,
  after: string,
): Promise<Piece> {
  const { rows } = await tx.query<EntryRow>({
    text: 'SELECT leaf_index, entry_id, at, kind, leaf_hash, line FROM bridge.entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index',
    values: [from, end],
  });
  let last = after;
  const entries: ReadEntry[] = [];
  for (let leaf = from; leaf < end; leaf += 1n) {
    const row = rows[Number(leaf - from)];
    if (row === undefined || row.leaf_index !== leaf)
      throw new FoundDifference(NAME, 'an entry is missing', leaf);
    const entry = readEntry(row);
    const misfit = fits(entry.kind, entry.data, Object.keys(entry.sealed));
    if (misfit !== null) throw new FoundDifference(NAME, `an entry does not fit its kind: ${misfit}`, leaf);
    if (entry.at < last) throw new FoundDifference(NAME, 'an entry is older than the one before it', leaf);
    last = entry.at;
    entries.push(entry);
  }
  return { from, end, entries };
}

function readEntry(row: EntryRow): ReadEntry {
  const leaf = row.leaf_index;
  const hash = leafHash(row.line);
  if (!hash.equals(row.leaf_hash))
    throw new FoundDifference(NAME, 'an entry’s line is not the one that was hashed', leaf);
  const line = readLine(row.line);
  if (line === null) throw new FoundDifference(NAME, 'an entry’s line is no entry of version 1', leaf);
  const { id, kind, at, data, sealed } = line;
  if (id !== row.entry_id || kind !== row.kind || at !== row.at.toISOString())
    throw new FoundDifference(NAME, 'a column beside the line says something else than the line', leaf);
  return { leaf, hash, line: row.line, id, kind, at, data, sealed };
}

/** A line taken apart; null where it has not the form of an entry: whoever can write the table can write anything. */
function readLine(text: string): Line | null {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(line) || line.v !== 1 || !isObject(line.data) || !isObject(line.sealed)) return null;
  const isSealed = (value: unknown) =>
    isObject(value) &&
    UUID.test(String(value.key)) &&
    ['box', 'nonce'].every((name) => typeof value[name] === 'string');
  return Object.values(line.sealed).every(isSealed) ? (line as unknown as Line) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

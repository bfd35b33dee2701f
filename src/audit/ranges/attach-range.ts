import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import { CATALOGUE } from '../catalogue/catalogue.js';
import { tileReader } from '../checkpoint/tile-store.js';
import { leafHash } from '../leaf-hash.js';
import { fillSearchRows } from '../search/index-entries.js';
import { TILE_WIDTH } from '../tree/tiles.js';
import type { MovedRange, RangeDeps } from './detach-range.js';
import { detachedSha256, leavesOf, PART_LEAVES, requireState, sha256OfFile } from './part.js';

const BEGIN = 'SELECT pg_advisory_xact_lock(7202, 3); SET LOCAL statement_timeout = 0';
/** Outcomes follow their intents within seconds: more entries than can be written meanwhile. */
const OUTCOMES_BEHIND = 1n << 17n;
/** Lines written at once; a multiple of a tile's width, so that each piece is whole tiles. */
const PIECE = 16 * TILE_WIDTH;

// A person's row comes back only while the key exists: a key that was destroyed meanwhile gives none.
const TAGS = `INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
  SELECT DISTINCT k.tag, e.leaf_index, k.tag_key_id, k.year
  FROM bridge.entry e
  CROSS JOIN LATERAL jsonb_each(replace(e.line, '\\u0000', '\\ufffd')::jsonb -> 'sealed') AS s(field, value)
  JOIN unnest($3::text[], $4::text[]) AS f(kind, field) ON f.kind = e.kind AND f.field = s.field
  JOIN bridge.person_key k ON k.key_id = (s.value ->> 'key')::uuid
  WHERE e.leaf_index >= $1 AND e.leaf_index < $2`;

/**
 * Brings a detached range back from its export folder: verified as a stranger would, each line against the hash tile that was
 * published of it, search rows made anew. Errors: `EXPORT_INVALID` (no such range, or not its lines), `STATE_CONFLICT` (not
 * detached), and what `verify` throws.
 */
export async function attachRange(
  deps: RangeDeps,
  directory: string,
  record: (moved: MovedRange) => Promise<bigint>,
): Promise<MovedRange> {
  await deps.verify(directory);
  const { first, count } = JSON.parse(await readFile(join(directory, 'export.json'), 'utf8')) as {
    first: number;
    count: number;
  };
  const part = BigInt(first) / PART_LEAVES;
  if (BigInt(first) !== leavesOf(part).first || BigInt(count) !== PART_LEAVES)
    throw new BridgeError('EXPORT_INVALID', 'the export is not one whole range');
  const known = await detachedSha256(deps.db, part);
  requireState(known !== null, 'the range is not detached');
  const file = join(directory, 'entries.ndjson');
  const entriesSha256 = await sha256OfFile(file);
  if (known?.equals(entriesSha256) !== true)
    throw new BridgeError('EXPORT_INVALID', 'the entries are not those that were detached');
  await deps.owner.transaction(
    async (tx) => {
      await tx.query({ text: 'SELECT bridge.ensure_log_partition($1)', values: [leavesOf(part).first] });
      await writeLines(tx, file, part, deps.progress);
      await makeSearchable(tx, part);
      await tx.query({ text: 'DELETE FROM bridge.log_detached WHERE part = $1', values: [part] });
    },
    { begin: BEGIN },
  );
  const moved: MovedRange = { first: BigInt(first), count: PART_LEAVES, entriesSha256 };
  await record(moved);
  return moved;
}

async function writeLines(
  tx: Transaction,
  file: string,
  part: bigint,
  progress: RangeDeps['progress'],
): Promise<void> {
  const { first, end } = leavesOf(part);
  const published = tileReader(tx);
  let at = first;
  let piece: string[] = [];
  const write = async () => {
    const hashes = piece.map(leafHash);
    for (const [i, hash] of hashes.entries()) {
      if (!(await published(0, at + BigInt(i))).equals(hash))
        throw new BridgeError('EXPORT_INVALID', `line ${at + BigInt(i)} is not the one that was published`);
    }
    await insertLines(tx, at, piece, hashes);
    at += BigInt(piece.length);
    piece = [];
    progress(at - first, PART_LEAVES);
  };
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    piece.push(line);
    if (piece.length === PIECE) await write();
  }
  await write();
  if (at !== end)
    throw new BridgeError('EXPORT_INVALID', 'the export has another number of lines than it says');
}

async function insertLines(
  tx: Transaction,
  first: bigint,
  lines: readonly string[],
  hashes: readonly Buffer[],
): Promise<void> {
  const heads = lines.map((line) => JSON.parse(line) as { id: string; at: string; kind: string });
  await tx.query({
    text: `INSERT INTO bridge.entry (leaf_index, entry_id, at, kind, leaf_hash, line)
      SELECT $1::bigint + n - 1, id, at, kind, hash, line
      FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::bytea[], $6::text[]) WITH ORDINALITY AS r(id, at, kind, hash, line, n)`,
    values: [
      first,
      heads.map(({ id }) => id),
      heads.map(({ at }) => at),
      heads.map(({ kind }) => kind),
      hashes,
      lines,
    ],
  });
}

async function makeSearchable(tx: Transaction, part: bigint): Promise<void> {
  const { first, end } = leavesOf(part);
  const indexed = Object.entries(CATALOGUE).flatMap(([kind, { sealed }]) =>
    Object.entries(sealed)
      .filter(([, field]) => field.indexed)
      .map(([field]) => ({ kind, field })),
  );
  // With those of outcomes behind the range, which hang at intents within it.
  await fillSearchRows(tx, first, end + OUTCOMES_BEHIND);
  await tx.query({
    text: TAGS,
    values: [first, end, indexed.map(({ kind }) => kind), indexed.map(({ field }) => field)],
  });
}

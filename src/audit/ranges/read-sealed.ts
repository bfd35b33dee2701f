import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import { readTile } from '../checkpoint/tile-store.js';
import { leafHash } from '../leaf-hash.js';
import { TILE_WIDTH } from '../tree/tiles.js';
import { leavesOf, PART_LEAVES } from './part.js';

/** Lines at once; a multiple of a tile's width, so that each piece is whole tiles. */
const PIECE = 16 * TILE_WIDTH;
/** As in the verifier: longer than any entry. */
const MAX_LINE_BYTES = 1024 * 1024;
const LF = 10;
const HASH_BYTES = 32;

/** Lines of the export of a range, in leaf order, each proved to be the one that was published. */
export interface SealedPiece {
  readonly first: bigint;
  readonly lines: readonly string[];
  readonly hashes: readonly Buffer[];
}

/** Which range the export in `directory` is. Errors: `EXPORT_INVALID` where it is not one whole range. */
export async function partOfExport(directory: string): Promise<bigint> {
  const text = await readFile(join(directory, 'export.json'), 'utf8').catch((cause: unknown) => {
    throw invalid('export.json cannot be read', cause);
  });
  const { first, count } = JSON.parse(text) as { first: number; count: number };
  const part = BigInt(first) / PART_LEAVES;
  if (BigInt(first) !== leavesOf(part).first || BigInt(count) !== PART_LEAVES)
    throw invalid('the export is not one whole range');
  return part;
}

/**
 * Reads `entries.ndjson` of the export of `part` and tells `piece` its lines, each held against the hash tile that was
 * published of it: a folder that is sound in itself may be that of another log. Returns the SHA-256 of the file.
 * Errors: `EXPORT_INVALID`, `LOG_INCONSISTENT` where a tile is missing.
 */
export async function readSealed(
  q: Queryable,
  directory: string,
  part: bigint,
  piece: (piece: SealedPiece) => Promise<void>,
): Promise<Buffer> {
  const { first, end } = leavesOf(part);
  const sha256 = createHash('sha256');
  let at = first;
  let lines: string[] = [];
  const pass = async () => {
    if (at + BigInt(lines.length) > end) throw invalid('the export has more lines than its range');
    const hashes = lines.map(leafHash);
    for (let from = 0; from < hashes.length; from += TILE_WIDTH)
      await requirePublished(q, at + BigInt(from), hashes.slice(from, from + TILE_WIDTH));
    await piece({ first: at, lines, hashes });
    at += BigInt(lines.length);
    lines = [];
  };
  for await (const line of linesOf(join(directory, 'entries.ndjson'), (bytes) => sha256.update(bytes))) {
    // Bytes that are no UTF-8 become other characters, and so another hash.
    lines.push(line.toString('utf8'));
    if (lines.length === PIECE) await pass();
  }
  if (lines.length > 0) await pass();
  if (at !== end) throw invalid('the export has fewer lines than its range');
  return sha256.digest();
}

/** Leaf hashes against the tile that begins at `first`. */
async function requirePublished(q: Queryable, first: bigint, hashes: readonly Buffer[]): Promise<void> {
  const index = first / BigInt(TILE_WIDTH);
  const tile = await readTile(q, { level: 0, index, width: hashes.length });
  if (tile === null)
    throw new BridgeError('LOG_INCONSISTENT', 'a tile is missing or too short', {
      fields: { what: 'tile', level: 0, index: Number(index) },
    });
  const other = hashes.findIndex(
    (hash, i) => !hash.equals(tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
  if (other !== -1)
    throw invalid(`the line of entry ${first + BigInt(other)} is not the one that was published`);
}

/** SHA-256 of `entries.ndjson`. Errors: `EXPORT_INVALID` where it cannot be read. */
export async function sha256OfEntries(directory: string): Promise<Buffer> {
  const sha256 = createHash('sha256');
  try {
    for await (const bytes of createReadStream(join(directory, 'entries.ndjson')))
      sha256.update(bytes as Buffer);
  } catch (cause) {
    throw invalid('entries.ndjson cannot be read', cause);
  }
  return sha256.digest();
}

/** Lines as bytes, without LF: nothing but LF ends one. */
async function* linesOf(file: string, seen: (bytes: Buffer) => void): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    seen(chunk as Buffer);
    let bytes = Buffer.concat([rest, chunk as Buffer]);
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF)) {
      yield bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > MAX_LINE_BYTES) throw invalid('a line is longer than any entry');
    rest = Buffer.from(bytes);
  }
  if (rest.length > 0) throw invalid('the last line was cut off');
}

function invalid(message: string, cause?: unknown): BridgeError {
  return new BridgeError('EXPORT_INVALID', message, { cause });
}

import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import { tileReader } from '../checkpoint/tile-store.js';
import { type CompactRange, extendRange, rangeRoot } from '../compact-range.js';
import { nodeHash } from '../leaf-hash.js';
import { growRange } from '../tree/grow-range.js';
import { cover } from '../tree/nodes.js';
import { TILE_WIDTH } from '../tree/tiles.js';
import { FoundDifference } from './difference.js';
import { openLeafCursor } from './leaf-cursor.js';
import type { Piece } from './line-check.js';

const HASH_BYTES = 32;
const NAME = 'tiles';
const MAX_LEVEL = 7;
/** 8 KB each. */
const TILES_AT_ONCE = 200;

interface Tile {
  readonly leaf: bigint;
  readonly hashes: Buffer;
}

/** The tree as the entries give it, leaf by leaf, with the roots at the sizes that are asked for. */
export interface GrownTree {
  readonly size: bigint;
  /** Adds the leaves of a piece; tells `seen` each root that it passes at one of the sizes. */
  add(piece: Piece): Promise<void>;
  /** Passes over a detached range, whose leaves the tiles alone hold. */
  skip(to: bigint): Promise<void>;
  root(): Buffer;
  range(): CompactRange;
}

/**
 * Grows the tree from the entries and holds the tiles of leaf hashes against it. `wanted`: ascending sizes whose roots are
 * told to `seen`. Throws `FoundDifference` where a tile says something else.
 */
export function growFromEntries(
  tx: Transaction,
  wanted: readonly bigint[],
  seen: (size: bigint, root: Buffer) => void,
): GrownTree {
  const tiles = openLeafCursor<Tile>(tx, {
    name: 'check_tiles',
    select: (from, to) =>
      `SELECT tile_index * ${TILE_WIDTH} AS leaf, hashes FROM bridge.log_tile
        WHERE level = 0 AND tile_index >= ${from} / ${TILE_WIDTH} AND tile_index < ${to} / ${TILE_WIDTH} ORDER BY tile_index`,
    fetch: TILES_AT_ONCE,
  });
  let range: CompactRange = { size: 0n, hashes: [] };
  let next = 0;
  let pending: Tile[] = [];
  const pass = () => {
    while (next < wanted.length && (wanted[next] as bigint) <= range.size) {
      if (wanted[next] === range.size) seen(range.size, rangeRoot(range));
      next += 1;
    }
  };
  pass();
  return {
    get size() {
      return range.size;
    },
    add: async ({ from, end, entries }) => {
      const leaves = entries.map(({ hash }) => hash);
      pending.push(...(await tiles.below(end)));
      pending = pending.filter((tile) => {
        holdAgainst(tile, from, leaves);
        return tile.leaf + BigInt(tile.hashes.length / HASH_BYTES) > end;
      });
      for (let at = from; at < end; ) {
        const stop = wanted[next];
        const to = stop !== undefined && stop < end ? stop : end;
        range = extendRange(range, leaves.slice(Number(at - from), Number(to - from)));
        at = to;
        pass();
      }
    },
    skip: async (to) => {
      await tiles.below(to);
      const read = tileReader(tx);
      const subtrees: Buffer[] = [];
      for (const { level, index } of cover(range.size, to))
        subtrees.push(await read(level, index).catch((error) => throwMissing(error, range.size)));
      range = growRange(range, to, subtrees);
      pass();
    },
    root: () => rangeRoot(range),
    range: () => range,
  };
}

function throwMissing(error: unknown, leaf: bigint): never {
  if (!isBridgeError(error, 'LOG_INCONSISTENT')) throw error;
  throw new FoundDifference(NAME, 'a tile of a detached range is missing', leaf);
}

function holdAgainst({ leaf, hashes }: Tile, from: bigint, leaves: readonly Buffer[]): void {
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    const index = leaf + BigInt(at / HASH_BYTES);
    const wanted = leaves[Number(index - from)];
    if (index < from || wanted === undefined) continue;
    if (!wanted.equals(hashes.subarray(at, at + HASH_BYTES)))
      throw new FoundDifference(NAME, 'a tile holds another hash than the entry has', index);
  }
}

/**
 * All tiles: none is missing, they reach at least to `signed` leaves, and each hash above the leaves stands on the tile below
 * it. Returns how many tiles there are. Throws `FoundDifference`.
 */
export async function checkUpperTiles(tx: Queryable, signed: bigint): Promise<number> {
  let count = 0;
  let leaves = 0n;
  for (let level = 0; level <= MAX_LEVEL; level += 1) {
    const { tiles, hashes } = await checkLevel(tx, level);
    count += tiles;
    if (level === 0) leaves = hashes;
    if (level === 0 && leaves < signed)
      throw new FoundDifference(NAME, 'tiles of leaves that were signed are missing', leaves);
    if (hashes !== leaves >> BigInt(8 * level))
      throw new FoundDifference(NAME, `a tile of level ${level} is missing`, hashes << BigInt(8 * level));
  }
  return count;
}

async function checkLevel(tx: Queryable, level: number): Promise<{ tiles: number; hashes: bigint }> {
  const read = tileReader(tx);
  let tiles = 0;
  let held = 0n;
  for (;;) {
    const { rows } = await tx.query<{ tile_index: bigint; hashes: Buffer }>({
      text: `SELECT tile_index, hashes FROM bridge.log_tile WHERE level = $1 AND tile_index >= $2
        ORDER BY tile_index LIMIT ${TILES_AT_ONCE}`,
      values: [level, BigInt(tiles)],
    });
    if (rows.length === 0) return { tiles, hashes: held };
    for (const { tile_index: index, hashes } of rows) {
      // Whole tiles only before the last one: a gap or a short one shows as a hash too few.
      if (index !== BigInt(tiles) || held !== index * BigInt(TILE_WIDTH))
        throw new FoundDifference(NAME, `a tile of level ${level} is missing`, held << BigInt(8 * level));
      if (level > 0) await holdTile(read, level, index, hashes);
      tiles += 1;
      held += BigInt(hashes.length / HASH_BYTES);
    }
  }
}

async function holdTile(
  read: ReturnType<typeof tileReader>,
  level: number,
  index: bigint,
  hashes: Buffer,
): Promise<void> {
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    const child = index * BigInt(TILE_WIDTH) + BigInt(at / HASH_BYTES);
    // The node above a whole tile is the root of that tile, read from the level below.
    const left = await orNull(read(level * 8 - 1, child * 2n));
    const right = await orNull(read(level * 8 - 1, child * 2n + 1n));
    const root = left === null || right === null ? null : nodeHash(left, right);
    if (root?.equals(hashes.subarray(at, at + HASH_BYTES)) !== true)
      throw new FoundDifference(
        NAME,
        `tile ${level}/${index} does not stand on the tiles below it`,
        child << BigInt(8 * level),
      );
  }
}

async function orNull(node: Promise<Buffer>): Promise<Buffer | null> {
  try {
    return await node;
  } catch (error) {
    if (isBridgeError(error, 'LOG_INCONSISTENT')) return null;
    throw error;
  }
}

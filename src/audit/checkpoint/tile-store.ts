import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import { nodeHash } from '../leaf-hash.js';
import type { NodeReader } from '../tree/nodes.js';
import { TILE_HEIGHT, TILE_WIDTH, type TileName } from '../tree/tiles.js';

const HASH_BYTES = 32;
/** Leaves read at once: 64 tiles of leaf hashes, half a megabyte. */
const CHUNK = BigInt(64 * TILE_WIDTH);
/** Tiles that one reader keeps: 4 MB; a proof needs a few for each level. */
const MAX_KEPT = 512;

/**
 * Nodes of the tree from its tiles. Each reader keeps what it has read, so a reader lives as long as one piece of work and
 * never longer. Throws `LOG_INCONSISTENT` where a tile or a hash that is asked for is not there.
 */
export function tileReader(q: Queryable): NodeReader {
  const kept = new Map<string, Buffer>();
  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const width = 1 << (level % TILE_HEIGHT);
    const first = index * BigInt(width);
    const tileIndex = first >> BigInt(TILE_HEIGHT);
    const from = Number(first & BigInt(TILE_WIDTH - 1));
    const name = `${tileLevel}/${tileIndex}`;
    let hashes = kept.get(name);
    // One that was cut short may have grown since: read again, never taken for whole.
    if (hashes === undefined || hashes.length < (from + width) * HASH_BYTES) {
      hashes = (await readHashes(q, tileLevel, tileIndex)) ?? undefined;
      if (hashes === undefined || hashes.length < (from + width) * HASH_BYTES)
        throw inconsistent('a tile is missing or too short', tileLevel, tileIndex);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(name, hashes);
    }
    return rootOfHashes(hashes.subarray(from * HASH_BYTES, (from + width) * HASH_BYTES));
  };
}

/** The first `width` hashes of a tile as they are served; null where the tile has fewer. */
export async function readTile(q: Queryable, { level, index, width }: TileName): Promise<Buffer | null> {
  const hashes = await readHashes(q, level, index);
  return hashes === null || hashes.length < width * HASH_BYTES
    ? null
    : hashes.subarray(0, width * HASH_BYTES);
}

/** How many leaves the tiles hold: up to there the entries are not needed for the tree. */
export async function tiledSize(q: Queryable): Promise<bigint> {
  const { rows } = await q.query<{ index: bigint; width: number }>({
    text: `SELECT tile_index AS index, octet_length(hashes) / 32 AS width FROM bridge.log_tile
      WHERE level = 0 ORDER BY tile_index DESC LIMIT 1`,
  });
  const [last] = rows;
  return last === undefined ? 0n : last.index * BigInt(TILE_WIDTH) + BigInt(last.width);
}

/**
 * Brings the tiles of all levels from `fromSize` leaves, which they hold, to `toSize`, out of the leaf hashes of the new
 * entries alone. The caller holds the publisher's lock: two must not do this at once. Throws `LOG_INCONSISTENT` where an
 * entry is missing or a tile is not what it must be.
 */
export async function growTiles(tx: Transaction, fromSize: bigint, toSize: bigint): Promise<void> {
  for (let at = fromSize; at < toSize; ) {
    // Ends at a boundary of chunks, so that only the first and the last tile are ever partial.
    const boundary = (at / CHUNK + 1n) * CHUNK;
    const to = boundary < toSize ? boundary : toSize;
    let added = await readLeafHashes(tx, at, to);
    for (let level = 0, from = at; added.length > 0; level += 1, from >>= BigInt(TILE_HEIGHT))
      added = await addHashes(tx, level, from, added);
    at = to;
  }
}

async function readLeafHashes(tx: Transaction, from: bigint, to: bigint): Promise<Buffer> {
  const { rows } = await tx.query<{ hashes: Buffer | null }>({
    text: `SELECT string_agg(leaf_hash, ''::bytea ORDER BY leaf_index) AS hashes FROM bridge.entry
      WHERE leaf_index >= $1 AND leaf_index < $2`,
    values: [from, to],
  });
  const hashes = rows[0]?.hashes ?? Buffer.alloc(0);
  // The primary key lets no index stand twice: as many as there are numbers are all of them.
  if (BigInt(hashes.length) !== (to - from) * BigInt(HASH_BYTES))
    throw new BridgeError('LOG_INCONSISTENT', 'entries below the size of the log are missing', {
      fields: { what: 'entry', from: Number(from), to: Number(to) },
    });
  return hashes;
}

/** Adds hashes behind the first `count` of a level of tiles; gives the roots of the tiles that became full. */
async function addHashes(tx: Transaction, level: number, count: bigint, added: Buffer): Promise<Buffer> {
  const firstTile = count >> BigInt(TILE_HEIGHT);
  const before = Number(count & BigInt(TILE_WIDTH - 1)) * HASH_BYTES;
  const partial = before === 0 ? Buffer.alloc(0) : await readHashes(tx, level, firstTile);
  if (partial?.length !== before)
    throw inconsistent('a partial tile has another width than the tree', level, firstTile);
  const all = Buffer.concat([partial, added]);
  const indices: bigint[] = [];
  const tiles: Buffer[] = [];
  const roots: Buffer[] = [];
  for (let at = 0; at < all.length; at += TILE_WIDTH * HASH_BYTES) {
    const hashes = all.subarray(at, at + TILE_WIDTH * HASH_BYTES);
    indices.push(firstTile + BigInt(tiles.length));
    tiles.push(hashes);
    if (hashes.length === TILE_WIDTH * HASH_BYTES) roots.push(rootOfHashes(hashes));
  }
  await tx.query({
    text: `INSERT INTO bridge.log_tile (level, tile_index, hashes) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])
      ON CONFLICT (level, tile_index) DO UPDATE SET hashes = EXCLUDED.hashes`,
    values: [level, indices, tiles],
  });
  return Buffer.concat(roots);
}

async function readHashes(q: Queryable, level: number, index: bigint): Promise<Buffer | null> {
  const { rows } = await q.query<{ hashes: Buffer }>({
    text: 'SELECT hashes FROM bridge.log_tile WHERE level = $1 AND tile_index = $2',
    values: [level, index],
  });
  return rows[0]?.hashes ?? null;
}

/** Root of a complete subtree: `hashes` are a power of two of them. */
function rootOfHashes(hashes: Buffer): Buffer {
  let level: Buffer[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) level.push(hashes.subarray(at, at + HASH_BYTES));
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2)
      above.push(nodeHash(level[i] as Buffer, level[i + 1] as Buffer));
    level = above;
  }
  return level[0] as Buffer;
}

function inconsistent(message: string, level: number, index: bigint): BridgeError {
  return new BridgeError('LOG_INCONSISTENT', message, {
    fields: { what: 'tile', level, index: Number(index) },
  });
}

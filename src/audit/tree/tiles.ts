/** Levels of the tree in one tile (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile. */
export const TILE_WIDTH = 256;

// Sizes are below 2^53: 8 levels and 5 groups of digits (10^15) are more than any of our trees needs, and what is read
// from a path always fits a `bigint` column.
const MAX_LEVEL = 7;
const MAX_INDEX = 10n ** 15n - 1n;
const PATH = /^tile\/([0-7])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/;

/** One tile: the first `width` hashes (1 to 256; 256 = full) of tile number `index` of tile level `level`. */
export interface TileName {
  readonly level: number;
  readonly index: bigint;
  readonly width: number;
}

/** The path of a tile as C2SP tlog-tiles has it: `tile/0/x001/234.p/5`. Throws a `RangeError` for what is no tile. */
export function tilePath({ level, index, width }: TileName): string {
  const isTile =
    isWithin(level, 0, MAX_LEVEL) && index >= 0n && index <= MAX_INDEX && isWithin(width, 1, TILE_WIDTH);
  if (!isTile) throw new RangeError('no tile has this level, index or width');
  const digits = index.toString();
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const number = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * Reads a path that `tilePath` could have written. Null for everything else: entry bundles, superfluous zeros, partial
 * tiles of width 0 or 256.
 */
export function parseTilePath(path: string): TileName | null {
  const [, level, groups, width] = PATH.exec(path) ?? [];
  if (level === undefined || groups === undefined) return null;
  const tile = {
    level: Number(level),
    index: BigInt(groups.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  // One tile, one path: whoever caches or counts by path meets no second spelling.
  return isWithin(tile.width, 1, TILE_WIDTH) && tilePath(tile) === path ? tile : null;
}

/** The newest tile of each level of a tree of `size` leaves, lowest level first; none for an empty tree. */
export function* tilesOf(size: bigint): Generator<TileName> {
  for (let level = 0, hashes = size; hashes > 0n; level += 1, hashes >>= BigInt(TILE_HEIGHT)) {
    const last = hashes - 1n;
    yield { level, index: last >> BigInt(TILE_HEIGHT), width: Number(last & 255n) + 1 };
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

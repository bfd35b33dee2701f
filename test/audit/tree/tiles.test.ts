import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileName,
  tilePath,
  tilesOf,
} from '../../../src/audit/tree/tiles.js';

const anyTile: fc.Arbitrary<TileName> = fc.record({
  level: fc.nat({ max: 7 }),
  index: fc
    .tuple(fc.integer({ min: 0, max: 49 }), fc.bigInt(0n, (1n << 49n) - 1n))
    .map(([bits, n]) => n & ((1n << BigInt(bits)) - 1n)),
  width: fc.integer({ min: 1, max: TILE_WIDTH }),
});

describe('a tile path', () => {
  // c2sp.org/tlog-tiles, "Merkle Tree": index 1234067 is x001/x234/067.
  it.each([
    [{ level: 0, index: 1234067n, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 1234067n, width: 5 }, 'tile/0/x001/x234/067.p/5'],
    [{ level: 0, index: 0n, width: 1 }, 'tile/0/000.p/1'],
    [{ level: 1, index: 7n, width: 256 }, 'tile/1/007'],
    [{ level: 2, index: 999n, width: 255 }, 'tile/2/999.p/255'],
    [{ level: 0, index: 1000n, width: 256 }, 'tile/0/x001/000'],
    [{ level: 7, index: 999999999999999n, width: 256 }, 'tile/7/x999/x999/x999/x999/999'],
  ])('of %o is %s, and is read back', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('is read back as the tile that it was made of', () => {
    fc.assert(
      fc.property(anyTile, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it('has one spelling: what is read is written the same', () => {
    const anyPath = fc.oneof(
      fc.stringMatching(/^tile\/[0-9]\/(x?[0-9]{1,4}\/){0,3}x?[0-9]{1,4}(\.p\/[0-9]{1,4})?$/),
      fc
        .tuple(
          anyTile.map(tilePath),
          fc.nat({ max: 40 }),
          fc.constantFrom('', '0', '1', 'x', '/', '.', 'p', '%', ' '),
        )
        .map(([path, at, text]) => path.slice(0, at) + text + path.slice(at + 1)),
    );
    fc.assert(
      fc.property(anyPath, (path) => {
        const tile = parseTilePath(path);
        if (tile !== null) expect(tilePath(tile)).toBe(path);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/entries/000',
    'tile/entries/x001/234.p/5',
    'tile/data/000',
    'checkpoint',
    '/tile/0/000',
    'audit/tile/0/000',
    'tile/0/000/',
    'tile/0/000\n',
    'tile/0/000 ',
    'tile/8/000',
    'tile/63/000',
    'tile/64/000',
    'tile/00/000',
    'tile/-1/000',
    'tile/+0/000',
    'tile/8/0/000',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/1000',
    'tile/0/x000',
    'tile/0/x000/001',
    'tile/0/x000/x001/000',
    'tile/0/001/234',
    'tile/0/x001/x234',
    'tile/0/X001/234',
    'tile/0/x001//234',
    'tile/0/x001/x000/x000/x000/x000/000',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/00',
    'tile/0/000.p/01',
    'tile/0/000.p/001',
    'tile/0/000.p/256',
    'tile/0/000.p/257',
    'tile/0/000.p/1000',
    'tile/0/000.p/-1',
    'tile/0/000.p/5/',
    'tile/0/000.P/5',
    'tile/0/000.p/٥',
    'tile/0/٠٠٠',
    'tile/0/000?x=1',
    'tile/0/../0/000',
    'tile/0/%30%30%30',
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  it.each([
    { level: -1, index: 0n, width: 1 },
    { level: 8, index: 0n, width: 1 },
    { level: 0.5, index: 0n, width: 1 },
    { level: Number.NaN, index: 0n, width: 1 },
    { level: 0, index: -1n, width: 1 },
    { level: 0, index: 10n ** 15n, width: 1 },
    { level: 0, index: 0n, width: 0 },
    { level: 0, index: 0n, width: 257 },
    { level: 0, index: 0n, width: 1.5 },
  ])('is not made for %o', (tile) => {
    expect(() => tilePath(tile)).toThrow(RangeError);
  });
});

describe('the newest tiles of a tree', () => {
  const of = (size: bigint) => [...tilesOf(size)];

  it('are none of an empty tree', () => {
    expect(of(0n)).toEqual([]);
  });

  // c2sp.org/tlog-tiles, "Partial Tiles": the examples of 70,000 and 256 leaves.
  it('are those of the published examples', () => {
    expect(of(70_000n)).toEqual([
      { level: 0, index: 273n, width: 112 },
      { level: 1, index: 1n, width: 17 },
      { level: 2, index: 0n, width: 1 },
    ]);
    expect(of(256n)).toEqual([
      { level: 0, index: 0n, width: 256 },
      { level: 1, index: 0n, width: 1 },
    ]);
  });

  it('hold the last of the floor(size / 256^level) hashes of each level that has any', () => {
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(1n, 70_000n), fc.bigInt(1n, (1n << 53n) - 1n)), (size) => {
        const tiles = of(size);
        for (const [level, tile] of tiles.entries()) {
          const hashes = size / 256n ** BigInt(level);
          expect(tile.level).toBe(level);
          expect(tile.index * 256n + BigInt(tile.width)).toBe(hashes);
          expect(parseTilePath(tilePath(tile))).toEqual(tile);
        }
        expect(size / 256n ** BigInt(tiles.length)).toBe(0n);
      }),
    );
  });

  it('are of height 8', () => {
    expect(TILE_WIDTH).toBe(2 ** TILE_HEIGHT);
  });
});

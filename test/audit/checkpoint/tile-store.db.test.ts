import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { growTiles, readTile, tiledSize, tileReader } from '../../../src/audit/checkpoint/tile-store.js';
import {
  checkConsistency,
  checkInclusion,
  consistencyProof,
  inclusionProof,
  rootOf,
} from '../../../src/audit/tree/proofs.js';
import { tilesOf } from '../../../src/audit/tree/tiles.js';
import type { TestDatabase } from '../../support/database.js';
import { asOwner, createLogDatabase, failureOf } from '../support/log.js';
import { recursiveRoot } from '../support/recursive-root.js';

/** More than one tile of the second level holds leaves for: three levels of tiles. */
const SIZE = 66_000;
const STOPS = [1, 2, 255, 256, 257, 16_383, 16_384, 20_000, 65_535, 65_536, 65_537, SIZE];
const hashes = Array.from({ length: SIZE }, () => randomBytes(32));
let test: TestDatabase;

beforeAll(async () => {
  test = await createLogDatabase();
  await test.db.query({
    text: `INSERT INTO bridge.entry SELECT n, gen_random_uuid(), now(), 'x', substring($1::bytea FROM n::int * 32 + 1 FOR 32), ''
      FROM generate_series(0, $2::bigint - 1) AS n`,
    values: [Buffer.concat(hashes), SIZE],
  });
});
afterAll(() => test.drop());

const naive = (size: number, from = 0) => recursiveRoot(hashes.slice(from, size));

describe('tiles', () => {
  it('grow by any steps to the tree of the leaves: every size on the way has its root', async () => {
    let at = 0n;
    for (const stop of STOPS) {
      await test.db.transaction((tx) => growTiles(tx, at, BigInt(stop)));
      at = BigInt(stop);
      expect(await tiledSize(test.db)).toBe(at);
      expect(await rootOf(at, tileReader(test.db))).toEqual(naive(stop));
    }
    // From the last tiles all older trees can still be read.
    const read = tileReader(test.db);
    for (const stop of STOPS) expect(await rootOf(BigInt(stop), read)).toEqual(naive(stop));
  });

  it('are exactly those that C2SP names for the size, each with its whole width', async () => {
    const { rows } = await test.db.query<{ level: number; tile_index: bigint; width: number }>({
      text: 'SELECT level, tile_index, octet_length(hashes) / 32 AS width FROM bridge.log_tile ORDER BY 1, 2',
    });
    for (const { level, index, width } of tilesOf(BigInt(SIZE))) {
      const mine = rows.filter((row) => row.level === level);
      expect(mine.map(({ tile_index }) => tile_index)).toEqual(mine.map((_, i) => BigInt(i)));
      expect(mine.at(-1)).toEqual({ level, tile_index: index, width });
      expect(mine.slice(0, -1).every((row) => row.width === 256)).toBe(true);
    }
    expect(new Set(rows.map(({ level }) => level))).toEqual(new Set([0, 1, 2]));
  });

  it('give inclusion and consistency proofs that hold', async () => {
    const read = tileReader(test.db);
    const size = BigInt(SIZE);
    const root = naive(SIZE);
    for (const leaf of [0, 255, 256, 65_535, 65_536, SIZE - 1]) {
      const proof = await inclusionProof(BigInt(leaf), size, read);
      const leafHash = hashes[leaf] as Buffer;
      expect(checkInclusion({ leaf: BigInt(leaf), size, leafHash, proof, root })).toBe(true);
    }
    for (const from of STOPS.slice(0, -1)) {
      const proof = await consistencyProof(BigInt(from), size, read);
      const claim = { from: BigInt(from), to: size, fromRoot: naive(from), toRoot: root, proof };
      expect(checkConsistency(claim)).toBe(true);
    }
  });

  it('give a node of any level, also inside a tile, and nothing for one that is not complete', async () => {
    const read = tileReader(test.db);
    expect(await read(3, 5n)).toEqual(naive(48, 40));
    expect(await read(8, 200n)).toEqual(naive(51_456, 51_200));
    expect(await read(12, 15n)).toEqual(naive(65_536, 61_440));
    expect(await read(16, 0n)).toEqual(naive(65_536));
    for (const [level, index] of [
      [0, BigInt(SIZE)],
      [8, 257n],
      [16, 1n],
      [17, 0n],
      [40, 0n],
    ] as const)
      expect(await failureOf(read(level, index))).toMatchObject({ code: 'LOG_INCONSISTENT' });
  });

  it('are read in part as they are served, and never wider than they are', async () => {
    const tile = (index: bigint, width: number) => readTile(test.db, { level: 0, index, width });
    expect(await tile(0n, 3)).toEqual(Buffer.concat(hashes.slice(0, 3)));
    expect(await tile(0n, 256)).toEqual(Buffer.concat(hashes.slice(0, 256)));
    const last = BigInt(SIZE) >> 8n;
    expect(await tile(last, SIZE % 256)).toEqual(Buffer.concat(hashes.slice(SIZE - (SIZE % 256))));
    expect(await tile(last, (SIZE % 256) + 1)).toBeNull();
    expect(await tile(last + 1n, 1)).toBeNull();
  });

  it('need no entry that they hold: a range that was detached is not missed', async () => {
    await asOwner(test, 'DELETE FROM bridge.entry WHERE leaf_index < 60000');
    expect(await rootOf(BigInt(SIZE), tileReader(test.db))).toEqual(naive(SIZE));
    await test.db.transaction((tx) => growTiles(tx, BigInt(SIZE), BigInt(SIZE)));
  });

  it('are not grown over an entry that is missing, nor behind another width than they have', async () => {
    const grow = (from: bigint, to: bigint) =>
      failureOf(test.db.transaction((tx) => growTiles(tx, from, to)));
    expect(await grow(BigInt(SIZE), BigInt(SIZE) + 1n)).toMatchObject({ fields: { what: 'entry' } });
    expect(await grow(BigInt(SIZE) - 1n, BigInt(SIZE))).toMatchObject({ fields: { what: 'tile' } });
    expect(await tiledSize(test.db)).toBe(BigInt(SIZE));
  });

  it('cannot be changed, shortened or moved by the application, only lengthened', async () => {
    const last = `level = 0 AND tile_index = ${BigInt(SIZE) >> 8n}`;
    for (const change of [
      `hashes = overlay(hashes placing '\\x00' from 1)`,
      'hashes = substring(hashes FOR 32)',
      'tile_index = tile_index + 1',
    ]) {
      const text = `UPDATE bridge.log_tile SET ${change} WHERE ${last}`;
      expect(await failureOf(test.db.query({ text }))).toMatchObject({ code: '23000' });
    }
    const text = 'DELETE FROM bridge.log_tile';
    expect(await failureOf(test.db.query({ text }))).toMatchObject({ code: '42501' });
  });
});

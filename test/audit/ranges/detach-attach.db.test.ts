import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tileReader } from '../../../src/audit/checkpoint/tile-store.js';
import { type CompactRange, encodeRange, extendRange } from '../../../src/audit/compact-range.js';
import { draftOf } from '../../../src/audit/draft.js';
import { writeExport } from '../../../src/audit/export/write-export.js';
import { leafHash } from '../../../src/audit/leaf-hash.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { attachRange } from '../../../src/audit/ranges/attach-range.js';
import { detachRange, type MovedRange, type RangeDeps } from '../../../src/audit/ranges/detach-range.js';
import { PART_LEAVES, PART_TABLES } from '../../../src/audit/ranges/part.js';
import { detachedWithin } from '../../../src/audit/search/detached.js';
import { checkInclusion, inclusionProof } from '../../../src/audit/tree/proofs.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { ACR_STEP_UP } from '../../../src/sign-in/access-tokens.js';
import { openDatabase } from '../../../src/storage/pool.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { verifyFolder } from '../../../verifier/node-api.js';
import { TEST_POOL } from '../../support/database.js';
import { type FullHouse, openFullHouse } from '../check/support/full-house.js';
import { readHead } from '../support/log.js';
import { numberOf, tagger } from '../support/parts.js';

// A million entries, several times: a minute and a half on two idle cores, several on busy ones.
jest.setTimeout(600_000);

let full: FullHouse;
let deps: RangeDeps;
let out = '';
let before: Readonly<Record<string, string>>;
const records: MovedRange[] = [];

/**
 * A whole range behind the entries that the lanes wrote: sign-ins, which have a person and no other table, with the tags of
 * that person, made inside PostgreSQL.
 */
const FILL = (from: bigint, key: string, tag: string) => `
  SELECT bridge.ensure_log_partition(0), bridge.ensure_log_partition(${PART_LEAVES});
  CREATE UNLOGGED TABLE filler AS SELECT n AS leaf, overlay(overlay(md5(n::text) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid AS id, (SELECT last_at FROM bridge.log_head) AS at
    FROM generate_series(${from}::bigint, ${PART_LEAVES - 1n}) AS n;
  WITH lines AS (
    SELECT leaf, id, at, '{"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      || '","data":{"reason":"signed-out","session":"' || id || '"},"eventAt":"2026-05-04T09:00:00.000Z","id":"' || id
      || '","kind":"session.ended","sealed":{},"v":1}' AS line FROM filler WHERE leaf % 64 <> 0
    UNION ALL
    SELECT leaf, id, at, '{"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      || '","data":{"client":null,"method":"e-devlet","reason":"one-step"},"eventAt":"2026-05-04T09:00:00.000Z","id":"' || id
      || '","kind":"session.refused","sealed":{"actor.number":{"box":"AAAA","key":"${key}","nonce":"AAAA"}},"v":1}' FROM filler WHERE leaf % 64 = 0
  ) INSERT INTO bridge.entry SELECT leaf, id, at, CASE WHEN leaf % 64 = 0 THEN 'session.refused' ELSE 'session.ended' END,
      sha256('\\x00'::bytea || convert_to(line, 'UTF8')), line FROM lines ORDER BY leaf;
  INSERT INTO bridge.log_tag SELECT '\\x${tag}'::bytea, leaf, 1, 2026 FROM filler WHERE leaf % 64 = 0;
  INSERT INTO bridge.log_search (leaf_index, kind, session) SELECT leaf, CASE WHEN leaf % 64 = 0 THEN 'session.refused' ELSE 'session.ended' END,
    CASE WHEN leaf % 64 <> 0 THEN id END FROM filler;
  UPDATE bridge.log_indexed SET size = ${PART_LEAVES};
  DROP TABLE filler`;

/** The head of 2^20 leaves, from their hashes. */
async function setHead(): Promise<void> {
  let range: CompactRange = { size: 0n, hashes: [] };
  while (range.size < PART_LEAVES) {
    const [row] = await full.rows<{ hashes: Buffer }>(
      `SELECT string_agg(leaf_hash, ''::bytea ORDER BY leaf_index) AS hashes FROM bridge.entry
        WHERE leaf_index >= ${range.size} AND leaf_index < ${range.size + 65_536n}`,
    );
    const hashes = row?.hashes ?? Buffer.alloc(0);
    const leaves = Array.from({ length: 65_536 }, (_, i) => hashes.subarray(i * 32, i * 32 + 32));
    range = extendRange(range, leaves);
  }
  await superuser(
    `UPDATE bridge.log_head SET size = ${PART_LEAVES}, compact_range = '\\x${encodeRange(range).toString('hex')}'`,
  );
}

beforeAll(async () => {
  full = await openFullHouse();
  for (let n = 0; n < 30; n += 1) await full.ask(n);
  await full.settle();
  const { size } = await readHead(full.house.test.db);
  const tag = tagger.tag('log.actor', full.asker).toString('hex');
  const [{ key }] = (await full.rows<{ key: string }>(
    `SELECT key_id AS key FROM bridge.person_key WHERE tag = '\\x${tag}'`,
  )) as [{ key: string }];
  await superuser(FILL(size, key, tag));
  await setHead();
  for (let n = 100; n < 110; n += 1) await full.ask(n);
  await full.settle();
  const owner = openDatabase({ ...TEST_POOL, url: full.house.test.ownerUrl });
  out = join(full.folder, 'range-0');
  deps = { ...full.exports, owner, verify: requireVerified, progress: () => undefined };
  before = await dump();
});

afterAll(async () => {
  await deps.owner.close();
  await full.close();
});

/** Long statements, in one transaction each. */
function superuser(sql: string): Promise<unknown> {
  return withConnection({ url: full.house.test.adminUrl, ...TEST_POOL, statementTimeoutMs: 100_000 }, (ask) =>
    ask(`SET session_replication_role = replica; ${sql}`),
  );
}

async function requireVerified(directory: string): Promise<void> {
  const { ok, checks } = await verifyFolder(directory);
  if (!ok) throw new BridgeError('EXPORT_INVALID', checks.find((check) => !check.ok)?.name ?? '');
}

/** A digest of every row of the tables that move, as text. */
async function dump(): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const table of PART_TABLES) {
    const [row] = await full.rows<{ digest: string }>(
      `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS digest FROM bridge.${table} t WHERE leaf_index < ${PART_LEAVES}`,
    );
    digests[table] = row?.digest ?? '';
  }
  return digests;
}

async function record(kind: 'log.range-detached' | 'log.range-attached', moved: MovedRange): Promise<bigint> {
  records.push(moved);
  const { first, count, entriesSha256 } = moved;
  const actor = {
    acr: ACR_STEP_UP,
    authTime: '2026-05-04T09:00:00.000Z',
    session: '11111111-1111-4111-8111-111111111111',
  };
  const data = {
    actor,
    count: Number(count),
    entriesSha256: entriesSha256.toString('hex'),
    first: Number(first),
    instance: 'i',
  };
  const receipt = await full.log.submit(
    plainLane,
    draftOf(kind, full.house.now, data, [numberOf('actor', 1)]),
  );
  return receipt.leafIndex;
}

const detach = (directory = out, part = 0n, changed: Partial<RangeDeps> = {}) =>
  detachRange({ ...deps, ...changed }, part, directory, (moved) => record('log.range-detached', moved));
const attach = (directory = out) =>
  attachRange(deps, directory, (moved) => record('log.range-attached', moved));

describe('detaching', () => {
  it('is refused for a range that is not whole', async () => {
    await expect(detach(join(full.folder, 'x'), 1n)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('gives way while somebody reads; where a try ended there, its folder is used by the next one', async () => {
    let over = false;
    const reading = full.house.test.db.transaction(async (tx) => {
      while (!over)
        await tx.query({
          text: 'SELECT pg_sleep(0.1), count(*) FROM bridge.log_search WHERE leaf_index = 3',
        });
    });
    let pauses = 0;
    const sleep = async () => {
      pauses += 1;
      if (pauses === 3) throw new Error('ended between entry and drop');
    };
    await expect(detach(out, 0n, { sleep })).rejects.toThrow('ended between entry and drop');
    over = true;
    await reading;
    expect(await dump()).toEqual(before);
    expect(existsSync(out)).toBe(true);
    expect(records).toHaveLength(1);
    const stamper = { stamp: () => Promise.reject(new Error('must not be asked')) };
    await detach(out, 0n, { stamper });
    expect(records[1]).toEqual(records[0]);
  });

  it('takes every row of the range, and nothing else', async () => {
    for (const table of PART_TABLES) {
      const rows = await full.rows<{ n: bigint }>(
        `SELECT count(*) AS n FROM bridge.${table} WHERE leaf_index < ${PART_LEAVES}`,
      );
      expect(rows).toEqual([{ n: 0n }]);
    }
    const [row] = await full.rows<{ n: bigint }>(`SELECT count(*) AS n FROM bridge.entry`);
    expect(row?.n).toBeGreaterThan(20n);
  });

  it('cannot be done twice', async () => {
    await expect(detach(join(full.folder, 'again'))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

describe('while a range is detached', () => {
  it('its entries are still proved under the newest checkpoint', async () => {
    await full.ask(200);
    await full.settle();
    const { size, root } = full.publisher.last() as NonNullable<ReturnType<typeof full.publisher.last>>;
    const lines = readFileSync(join(out, 'entries.ndjson'), 'utf8').split('\n');
    for (const leaf of [0n, 77n, PART_LEAVES - 1n]) {
      const proof = await inclusionProof(leaf, size, tileReader(deps.db));
      expect(
        checkInclusion({ leaf, size, leafHash: leafHash(lines[Number(leaf)] as string), proof, root }),
      ).toBe(true);
    }
  });

  it('the check passes, and tells of the range', async () => {
    const { difference, passed } = await full.check();
    expect(difference).toBeNull();
    expect(passed.find(({ check }) => check === 'ranges')?.text).toBe('detached with a record: 0');
  });

  it('a tile of the range that is changed or deleted is found', async () => {
    for (const [level, index] of [
      [0, 500],
      [1, 3],
      [2, 0],
    ] as const) {
      const place = `level = ${level} AND tile_index = ${index}`;
      const [kept] = await full.rows<{ hashes: Buffer }>(`SELECT hashes FROM bridge.log_tile WHERE ${place}`);
      await full.tamper(
        `UPDATE bridge.log_tile SET hashes = overlay(hashes PLACING '\\x0102'::bytea FROM 1) WHERE ${place}`,
      );
      // One in the path to the root shows there first.
      expect((await full.check()).difference?.check).toMatch(
        level === 2 ? /^(tiles|checkpoints|head)$/ : /^tiles$/,
      );
      await full.tamper(`DELETE FROM bridge.log_tile WHERE ${place}`);
      expect((await full.check()).difference?.check).toBe('tiles');
      await full.tamper(
        `INSERT INTO bridge.log_tile VALUES (${level}, ${index}, '\\x${kept?.hashes.toString('hex')}')`,
      );
    }
    expect((await full.check()).difference).toBeNull();
  });

  it('a record of the range that was changed is found', async () => {
    await full.tamper(`UPDATE bridge.log_detached SET entries_sha256 = sha256('x')`);
    expect((await full.check()).difference).toMatchObject({ check: 'ranges', leaf: 0n });
    await full.tamper(
      `UPDATE bridge.log_detached SET entries_sha256 = '\\x${records[0]?.entriesSha256.toString('hex')}'`,
    );
  });

  it('an export across it is refused with the range’s number, one behind it goes on', async () => {
    const hooks = { record: async () => undefined, progress: () => undefined };
    const all = writeExport(full.exports, { from: null, to: null }, join(full.folder, 'all'), hooks);
    await expect(all).rejects.toMatchObject({
      code: 'WRONG_USE',
      message: expect.stringContaining('range 0 is detached'),
    });
    full.house.pass(60_000);
    const from = full.house.now;
    await full.ask(300);
    const behind = join(full.folder, 'behind');
    await writeExport(full.exports, { from, to: null }, behind, hooks);
    await requireVerified(behind);
  });

  it('a search tells that it did not look there', async () => {
    const { size } = await readHead(full.house.test.db);
    expect(await detachedWithin(deps.db, 0n, size)).toEqual([{ first: 0n, count: PART_LEAVES }]);
  });
});

describe('attaching', () => {
  const tampered = (name: string, change: (directory: string) => void) => {
    const directory = join(full.folder, name);
    cpSync(out, directory, { recursive: true });
    change(directory);
    return directory;
  };

  it('of a folder in which a byte was changed is refused', async () => {
    const directory = tampered('changed', (path) => {
      const file = join(path, 'entries.ndjson');
      const bytes = readFileSync(file);
      bytes[bytes.length - 10] = (bytes[bytes.length - 10] as number) ^ 1;
      writeFileSync(file, bytes);
    });
    await expect(attach(directory)).rejects.toMatchObject({ code: 'EXPORT_INVALID' });
  });

  it('of another export is refused, however sound it is', async () => {
    await expect(attach(join(full.folder, 'behind'))).rejects.toMatchObject({ code: 'EXPORT_INVALID' });
    await expect(attach(join(full.folder, 'nowhere'))).rejects.toMatchObject({ code: 'EXPORT_INVALID' });
  });

  it('holds lines against the tiles, whoever verified the folder', async () => {
    const directory = join(full.folder, 'changed');
    const trusting = attachRange({ ...deps, verify: async () => undefined }, directory, async () => 0n);
    await expect(trusting).rejects.toMatchObject({ code: 'EXPORT_INVALID' });
    expect(await full.rows('SELECT 1 FROM bridge.entry WHERE leaf_index = 0')).toEqual([]);
  });

  it('brings every row back as it was, tags and search rows too', async () => {
    const count = records.length;
    await attach();
    expect(await dump()).toEqual(before);
    expect(records).toHaveLength(count + 1);
  });

  it('cannot be done twice', async () => {
    await expect(attach()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('the log goes on behind it, and all of it passes its check', async () => {
    expect(await full.ask(400)).toBe('match');
    await full.settle();
    // A million lines against the schema of their kind are another test's matter, and most of a minute.
    const { difference, passed } = await full.check({ fitsCatalogue: () => null });
    expect(difference).toBeNull();
    expect(passed.find(({ check }) => check === 'ranges')?.text).toBe('every range is in the database');
  });
});

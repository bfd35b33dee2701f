import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeRange, extendRange } from '../../../src/audit/compact-range.js';
import { writeExport } from '../../../src/audit/export/write-export.js';
import { leafHash } from '../../../src/audit/leaf-hash.js';
import { formatCheckpoint } from '../../../src/audit/note/checkpoint.js';
import { signNote } from '../../../src/audit/note/note.js';
import { verifyFolder } from '../../../verifier/node-api.js';
import { timeStamp } from '../../verifier/support/token.js';
import { readEntries, readHead } from '../support/log.js';
import { restore } from './support/backup.js';
import { type FullHouse, newSigner, ORIGIN } from './support/full-house.js';
import { found as foundIn, openTwoDays } from './support/two-days.js';

let full: FullHouse;
let yesterdaySize = 0n;
/** The first intent and the first outcome. */
let intent = 0;
let outcome = 0;

const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

beforeAll(async () => {
  ({ full, yesterdaySize, intent, outcome } = await openTwoDays());
});

afterEach(() => restore(full, 'today'));
afterAll(() => full.close());

const found = (changes = {}) => foundIn(full, changes);

async function tampered(sql: string): Promise<string> {
  await full.tamper(sql);
  return found();
}

/** SQL that gives a leaf another line, its hash and columns with it. */
async function rewrite(leaf: number, change: (line: string) => string): Promise<string> {
  const { line } = (await readEntries(full.house.test.db))[leaf] as { line: string };
  const other = change(line);
  return `UPDATE bridge.entry SET line = ${literal(other)}, leaf_hash = ${hex(leafHash(other))} WHERE leaf_index = ${leaf}`;
}

describe('entries changed by a superuser are found, and the leaf is named', () => {
  it('a byte of a line', async () => {
    const sql = `UPDATE bridge.entry SET line = replace(line, 'match', 'matcH') WHERE leaf_index = ${outcome}`;
    expect(await tampered(sql)).toBe(`entries ${outcome}`);
  });

  it('a line with its hash', async () => {
    const sql = await rewrite(outcome, (line) => line.replace('"outcome":"match"', '"outcome":"mismatch"'));
    expect(await tampered(sql)).toBe(`tiles ${outcome}`);
  });

  it.each([
    ['null', 'null'],
    [
      'no object in data',
      '{"at":"2026-05-04T09:00:00.000Z","data":1,"id":"x","kind":"query.read","sealed":{},"v":1}',
    ],
    [
      'a key that is no id',
      '{"at":"x","data":{},"id":"x","kind":"x","sealed":{"a":{"box":"","key":"1","nonce":""}},"v":1}',
    ],
    ['no JSON', '{'],
  ])('a line that is no entry (%s) is a difference, not a failure of the check', async (_name, line) => {
    expect(await tampered(await rewrite(intent, () => line))).toBe(`entries ${intent}`);
  });

  it('a line with its hash and the tiles, up to the root', async () => {
    const sql = await rewrite(outcome, (line) => line.replace('"outcome":"match"', '"outcome":"mismatch"'));
    await full.tamper(sql);
    const [row] = await full.rows<{ hash: Buffer }>(
      `SELECT leaf_hash AS hash FROM bridge.entry WHERE leaf_index = ${outcome}`,
    );
    const at = outcome * 32;
    await full.tamper(
      `UPDATE bridge.log_tile SET hashes = overlay(hashes PLACING ${hex(row?.hash as Buffer)}::bytea FROM ${at + 1}) WHERE level = 0 AND tile_index = 0`,
    );
    // Search rows and book still say what was there before.
    expect(await found()).toMatch(/^(search-table|checkpoints) /);
  });

  it('a column beside the line', async () => {
    const sql = `UPDATE bridge.entry SET kind = 'query.unknown' WHERE leaf_index = ${outcome}`;
    expect(await tampered(sql)).toBe(`entries ${outcome}`);
  });

  it('a row that was deleted', async () => {
    expect(await tampered(`DELETE FROM bridge.entry WHERE leaf_index = ${intent}`)).toBe(`entries ${intent}`);
  });

  it('two rows that were exchanged', async () => {
    const sql = `UPDATE bridge.entry SET leaf_index = -1 - leaf_index WHERE leaf_index IN (${intent}, ${outcome})`;
    // The partition takes no negative leaf: lines, hashes and columns change places instead.
    await expect(full.tamper(sql)).rejects.toThrow();
    await full.tamper(`UPDATE bridge.entry a SET (entry_id, at, kind, leaf_hash, line) =
      (SELECT entry_id, at, kind, leaf_hash, line FROM bridge.entry b WHERE b.leaf_index = ${intent + outcome} - a.leaf_index)
      WHERE leaf_index IN (${intent}, ${outcome})`);
    expect(await found()).toBe(`tiles ${intent}`);
  });

  it('a row beyond the head', async () => {
    const size = (await readHead(full.house.test.db)).size;
    const sql = `INSERT INTO bridge.entry SELECT ${size}, entry_id, at, kind, leaf_hash, line FROM bridge.entry WHERE leaf_index = ${outcome}`;
    expect(await tampered(sql)).toBe(`entries ${size}`);
  });

  it('a row added with the size of the head, but not its hashes', async () => {
    const size = (await readHead(full.house.test.db)).size;
    const sql = `INSERT INTO bridge.entry SELECT ${size}, entry_id, at, kind, leaf_hash, line FROM bridge.entry WHERE leaf_index = 0;
      UPDATE bridge.log_head SET size = size + 1`;
    expect(await tampered(sql)).toMatch(/^(head|entries)/);
  });

  it('a row added with all of the head: by what the log keeps beside it', async () => {
    const { size, range } = await readHead(full.house.test.db);
    const entries = await readEntries(full.house.test.db);
    const last = entries.at(-1) as (typeof entries)[number];
    const copied = entries[outcome] as (typeof entries)[number];
    const line = copied.line.replace(/"at":"[^"]+"/, `"at":"${last.at.toISOString()}"`);
    const hashes = Array.from({ length: range.length / 32 }, (_, i) => range.subarray(i * 32, i * 32 + 32));
    const grown = extendRange({ size, hashes }, [leafHash(line)]);
    await full.tamper(`INSERT INTO bridge.entry VALUES (${size}, '${copied.entry_id}', '${last.at.toISOString()}', 'query.outcome',
      ${hex(leafHash(line))}, ${literal(line)});
      UPDATE bridge.log_head SET size = size + 1, compact_range = ${hex(encodeRange(grown))}`);
    expect(await found()).toBe(`fee-book ${size}`);
  });

  it('a head that is none', async () => {
    expect(await tampered("UPDATE bridge.log_head SET compact_range = ''")).toBe('head');
  });

  it('a head with a time of its own', async () => {
    expect(await tampered("UPDATE bridge.log_head SET last_at = last_at + interval '1 year'")).toBe('head');
  });
});

describe('a log that was cut off or set back is found', () => {
  /** Head and rows as they were at yesterday's size. */
  const TAIL = [
    'log_head',
    'entry',
    'log_tag',
    'log_search',
    'log_search_outcome',
    'log_indexed',
    'fee_line',
  ];

  it('rows and head set back: a checkpoint is larger', async () => {
    await restore(full, 'yesterday', TAIL);
    expect(await found()).toBe(`checkpoints ${yesterdaySize}`);
  });

  it('everything restored from yesterday’s backup: the checkpoint outside the database is larger', async () => {
    await restore(full, 'yesterday');
    expect(await found()).toBe(`witness ${yesterdaySize}`);
  });

  it('the same with the file outside set back too is what no check of the database can see: an export made before can', async () => {
    const directory = join(full.folder, 'before');
    const hooks = { record: async () => undefined, progress: () => undefined };
    const written = await writeExport(full.exports, { from: null, to: null }, directory, hooks);
    const [{ note }] = (await full.rows<{ note: string }>(
      `SELECT note FROM bridge.log_checkpoint WHERE size = ${yesterdaySize}`,
    )) as [{ note: string }];
    await restore(full, 'yesterday');
    expect(await found({ readWitness: async () => note })).toBe('nothing');
    const report = await verifyFolder(directory, { logKeys: [full.signer.key.text] });
    expect(report.ok).toBe(true);
    expect(written.checkpointSize).toBeGreaterThan((await readHead(full.house.test.db)).size);
  });

  it('the file outside is missing', async () => {
    expect(await found({ readWitness: async () => null })).toBe('witness');
  });

  it('the file outside holds something else', async () => {
    expect(await found({ readWitness: async () => 'nothing of ours' })).toBe('witness');
  });

  it('the file outside is signed by somebody else', async () => {
    const { size, root } = full.publisher.last() as NonNullable<ReturnType<typeof full.publisher.last>>;
    const note = signNote(formatCheckpoint({ origin: ORIGIN, size, root }), newSigner());
    expect(await found({ readWitness: async () => note })).toBe('witness');
  });

  it('the file outside, signed by us, is that of another log', async () => {
    const note = signNote(
      formatCheckpoint({ origin: ORIGIN, size: 5n, root: Buffer.alloc(32, 7) }),
      full.signer,
    );
    expect(await found({ readWitness: async () => note })).toBe('witness 5');
  });
});

describe('checkpoints, tiles and time stamps changed by a superuser are found', () => {
  it('a checkpoint signed by a foreign key', async () => {
    const { size, root } = full.publisher.last() as NonNullable<ReturnType<typeof full.publisher.last>>;
    const note = signNote(formatCheckpoint({ origin: ORIGIN, size, root }), newSigner());
    expect(
      await tampered(`UPDATE bridge.log_checkpoint SET note = ${literal(note)} WHERE size = ${size}`),
    ).toBe(`checkpoints ${size}`);
  });

  it('a checkpoint replaced by an older one', async () => {
    const size = full.publisher.last()?.size as bigint;
    const sql = `UPDATE bridge.log_checkpoint SET note = (SELECT note FROM bridge.log_checkpoint ORDER BY size LIMIT 1) WHERE size = ${size}`;
    expect(await tampered(sql)).toBe(`checkpoints ${size}`);
  });

  it('a checkpoint of a root that never was, signed with our key', async () => {
    const root = Buffer.alloc(32, 3);
    const note = signNote(formatCheckpoint({ origin: ORIGIN, size: 4n, root }), full.signer);
    const sql = `INSERT INTO bridge.log_checkpoint VALUES ('${ORIGIN}', 4, ${hex(root)}, ${literal(note)}, now())`;
    expect(await tampered(sql)).toBe('checkpoints 4');
  });

  it('a hash in a tile', async () => {
    const sql = `UPDATE bridge.log_tile SET hashes = overlay(hashes PLACING '\\x00'::bytea FROM ${32 * intent + 1}) WHERE level = 0`;
    expect(await tampered(sql)).toBe(`tiles ${intent}`);
  });

  it('a tile that was deleted, or cut', async () => {
    expect(await tampered('DELETE FROM bridge.log_tile WHERE level = 0')).toBe('tiles 0');
    await restore(full, 'today');
    expect(
      await tampered('UPDATE bridge.log_tile SET hashes = substring(hashes FOR 64) WHERE level = 0'),
    ).toBe('tiles 2');
  });

  it('the time stamp of another checkpoint in the place of the right one', async () => {
    const [{ size }] = (await full.rows<{ size: bigint }>(
      'SELECT max(size) AS size FROM bridge.log_timestamp',
    )) as [{ size: bigint }];
    const sql = `UPDATE bridge.log_timestamp SET response = (SELECT response FROM bridge.log_timestamp ORDER BY size LIMIT 1) WHERE size = ${size}`;
    expect(await tampered(sql)).toBe(`time-stamps ${size}`);
  });

  it('a time stamp of the same authority with another time than its row', async () => {
    const { size, note } = full.publisher.last() as NonNullable<ReturnType<typeof full.publisher.last>>;
    const response = await timeStamp(Buffer.from(note), {
      signer: full.tsa,
      certificates: [full.tsa],
      genTime: '2026-09-09T09:00:00Z',
    });
    expect(
      await tampered(`UPDATE bridge.log_timestamp SET response = ${hex(response)} WHERE size = ${size}`),
    ).toBe(`time-stamps ${size}`);
  });

  it('a time stamp whose checkpoint is gone', async () => {
    const [{ size }] = (await full.rows<{ size: bigint }>(
      'SELECT min(size) AS size FROM bridge.log_timestamp',
    )) as [{ size: bigint }];
    expect(await tampered(`DELETE FROM bridge.log_checkpoint WHERE size = ${size}`)).toBe(
      `time-stamps ${size}`,
    );
  });
});

describe('keys of persons changed by a superuser are found', () => {
  const SUBJECT = "(SELECT min(key_id::text)::uuid FROM bridge.person_key WHERE side = 'subject')";

  it('a key deleted without a record', async () => {
    const [{ leaf }] = (await full.rows<{ leaf: bigint }>(
      `SELECT min(leaf_index) AS leaf FROM bridge.entry WHERE line LIKE '%' || ${SUBJECT} || '%'`,
    )) as [{ leaf: bigint }];
    expect(await tampered(`DELETE FROM bridge.person_key WHERE key_id = ${SUBJECT}`)).toBe(`keys ${leaf}`);
  });

  it('a key deleted with its search rows and a record in the table of destroyed keys alone', async () => {
    const sql = `INSERT INTO bridge.destroyed_key SELECT key_id, year, side, 3 FROM bridge.person_key WHERE key_id = ${SUBJECT};
      DELETE FROM bridge.log_tag t USING bridge.person_key k WHERE k.key_id = ${SUBJECT} AND t.tag = k.tag;
      DELETE FROM bridge.person_key k USING bridge.destroyed_key d WHERE k.key_id = d.key_id`;
    expect(await tampered(sql)).toBe('keys 3');
  });

  it('two persons’ tags exchanged', async () => {
    const sql = `UPDATE bridge.person_key SET tag = decode(md5(tag::text), 'hex') WHERE side = 'subject'`;
    expect(await tampered(sql)).toBe('keys');
  });

  it('a wrapped key that was changed', async () => {
    const sql = `UPDATE bridge.person_key SET wrapped = overlay(wrapped PLACING '\\x0102'::bytea FROM 20) WHERE key_id = ${SUBJECT}`;
    expect(await tampered(sql)).toBe('keys');
  });

  it('a key moved to the other side, whose term is another', async () => {
    const sql = `UPDATE bridge.person_key SET side = 'actor' WHERE key_id = ${SUBJECT}`;
    expect(await tampered(sql)).toMatch(/^keys \d+$/);
  });

  it('a destroyed key that is back', async () => {
    const sql = `INSERT INTO bridge.destroyed_key SELECT key_id, year, side, 5 FROM bridge.person_key WHERE key_id = ${SUBJECT}`;
    expect(await tampered(sql)).toBe('keys 5');
  });
});

describe('a range called detached that was only deleted', () => {
  it('is found', async () => {
    const sql = `INSERT INTO bridge.log_detached VALUES (0, '\\x${'00'.repeat(32)}', 1); DELETE FROM bridge.entry`;
    expect(await tampered(sql)).toBe('ranges 0');
  });
});

it('what was put back passes again: the differences were those that were made', async () => {
  expect(await found()).toBe('nothing');
});

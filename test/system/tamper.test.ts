import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeRange, extendRange } from '../../src/audit/compact-range.js';
import { BUILT, type System, startSystem } from '../support/system.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let board: Actor;
let people: People;
let folder = '';

beforeAll(async () => {
  system = await startSystem();
  people = new People(system.sandbox);
  board = people.actor('board');
  for (let n = 0; n < 10; n += 1) await ask(n);
  folder = join(system.layout.directory, 'export');
});
afterAll(() => system?.stop());

async function ask(n: number): Promise<void> {
  const body = question(board.cooperative, people.subject(n));
  const token = await system.token(board.kimlikNo);
  expect((await system.call({ client: 'koopbis-core', token, body })).status).toBe(200);
}

/** A command of its own process, as an operator runs it. */
function bridge(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const env = { ...process.env, BRIDGE_CONFIG: system.layout.configFile };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(BUILT, 'src/cli.js'), ...args],
      { env, timeout: 60_000 },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
      },
    );
  });
}

/** Exit code of `bridge audit check`, with the check and leaf that it names. */
async function check(): Promise<string> {
  const { code, out } = await bridge('audit', 'check', '--json');
  const { difference } = JSON.parse(out) as { difference: { check: string; leaf: number | null } | null };
  return difference === null ? `${code}` : `${code} ${difference.check} ${difference.leaf ?? ''}`.trim();
}

/** The outcome and the entry behind it. */
const SWAP = `UPDATE bridge.entry a SET (entry_id, at, kind, leaf_hash, line) =
  (SELECT entry_id, at, kind, leaf_hash, line FROM bridge.entry b WHERE b.leaf_index = {leaf} + {leaf} + 1 - a.leaf_index)
  WHERE leaf_index IN ({leaf}, {leaf} + 1)`;

async function leafOf(kind: string): Promise<number> {
  const [row] = await system.sql('SELECT min(leaf_index)::int AS leaf FROM bridge.entry WHERE kind = $1', [
    kind,
  ]);
  return row.leaf;
}

describe('the live database', () => {
  it('is exported, verified by a process without settings, and passes its check', async () => {
    const exported = await bridge('audit', 'export', '--out', folder);
    expect(exported).toMatchObject({ code: 0 });
    const verified = await bridge('audit', 'verify', folder);
    expect(verified.out).not.toContain('FAIL');
    expect(verified.code).toBe(0);
    expect(await check()).toBe('0');
  });
});

describe('what a superuser does to it while the bridge runs is found and named by `bridge audit check`', () => {
  /** `{leaf}`: of the first outcome. Each is undone, so that the next one is found for itself. */
  it.each([
    [
      'a byte changed',
      'UPDATE bridge.entry SET line = replace(line, \'"state":"answered"\', \'"state":"answereD"\') WHERE leaf_index = {leaf}',
      'UPDATE bridge.entry SET line = replace(line, \'"state":"answereD"\', \'"state":"answered"\') WHERE leaf_index = {leaf}',
      '1 entries {leaf}',
    ],
    [
      'a row deleted',
      'CREATE TABLE kept AS SELECT * FROM bridge.entry WHERE leaf_index = {leaf}; DELETE FROM bridge.entry WHERE leaf_index = {leaf}',
      'INSERT INTO bridge.entry TABLE kept; DROP TABLE kept',
      '1 entries {leaf}',
    ],
    [
      'a row added behind the last',
      'INSERT INTO bridge.entry SELECT 100000, entry_id, at, kind, leaf_hash, line FROM bridge.entry WHERE leaf_index = {leaf}',
      'DELETE FROM bridge.entry WHERE leaf_index = 100000',
      '1 entries 100000',
    ],
    // The order of times shows it, or where both are of one moment the tree.
    ['two rows exchanged', SWAP, SWAP, /^1 (entries|tiles) \d+$/],
    [
      'a search row edited',
      "UPDATE bridge.log_search SET kind = 'query.read' WHERE leaf_index = {leaf}",
      "UPDATE bridge.log_search SET kind = 'query.outcome' WHERE leaf_index = {leaf}",
      '1 search-table {leaf}',
    ],
    [
      'an old checkpoint replaced by a newer one',
      `CREATE TABLE kept AS SELECT * FROM bridge.log_checkpoint ORDER BY size LIMIT 1; UPDATE bridge.log_checkpoint SET note =
        (SELECT note FROM bridge.log_checkpoint ORDER BY size DESC LIMIT 1) WHERE size = (SELECT size FROM kept)`,
      'UPDATE bridge.log_checkpoint c SET note = kept.note FROM kept WHERE kept.size = c.size; DROP TABLE kept',
      /^1 checkpoints \d+$/,
    ],
    [
      'a seat typed in',
      // As one that the feed has told of: else the bridge itself would announce it when it next turns the day, and the log would have it.
      `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on, told)
        SELECT '00000000-0000-4000-8000-000000000000', person_tag, mersis_no, 'board', starts_on, NULL, registered_on, true
        FROM bridge.authority_seat LIMIT 1`,
      "DELETE FROM bridge.authority_seat WHERE seat_id = '00000000-0000-4000-8000-000000000000'",
      /^1 authority-history \d+$/,
    ],
    [
      'a line of the book deleted',
      'CREATE TABLE kept AS SELECT * FROM bridge.fee_line WHERE outcome_leaf = {leaf}; DELETE FROM bridge.fee_line WHERE outcome_leaf = {leaf}',
      'INSERT INTO bridge.fee_line TABLE kept; DROP TABLE kept',
      '1 fee-book {leaf}',
    ],
    [
      'the key of a person deleted without a record',
      `CREATE TABLE kept AS SELECT * FROM bridge.person_key WHERE side = 'subject' LIMIT 1; DELETE FROM bridge.person_key k USING kept WHERE k.key_id = kept.key_id`,
      'INSERT INTO bridge.person_key TABLE kept; DROP TABLE kept',
      /^1 keys \d+$/,
    ],
  ])('%s', async (_name, sql, undo, expected) => {
    const leaf = await leafOf('query.outcome');
    const at = (text: string) => text.replaceAll('{leaf}', String(leaf));
    await system.sql(at(sql));
    const found = await check();
    await system.sql(at(undo));
    if (typeof expected === 'string') expect(found).toBe(at(expected));
    else expect(found).toMatch(expected);
  });

  it('and passes again once all is put back', async () => {
    expect(await check()).toBe('0');
  });
});

describe('a log that was cut off while nobody served', () => {
  it('is found though a command has written to it since; the export made before still proves what it held', async () => {
    await system.bridge.kill9();
    await system.sql(`CREATE TABLE cut AS SELECT size - 5 AS size FROM bridge.log_head`);
    for (const table of ['entry', 'log_tag', 'log_search'])
      await system.sql(`DELETE FROM bridge.${table} WHERE leaf_index >= (SELECT size FROM cut)`);
    const [{ head }] = await system.sql(
      "SELECT string_agg(leaf_hash, ''::bytea ORDER BY leaf_index) AS head FROM bridge.entry",
    );
    const leaves = Array.from(
      { length: head.length / 32 },
      (_, i) => head.subarray(i * 32, i * 32 + 32) as Buffer,
    );
    const range = extendRange({ size: 0n, hashes: [] }, leaves);
    await system.sql('UPDATE bridge.log_head SET size = $1, compact_range = $2', [
      leaves.length,
      encodeRange(range),
    ]);
    await system.sql('UPDATE bridge.log_indexed SET size = least(size, $1)', [leaves.length]);
    expect(await check()).toMatch(/^1 (checkpoints|witness|tiles) /);
    expect((await bridge('audit', 'verify', folder)).code).toBe(0);
  });
});

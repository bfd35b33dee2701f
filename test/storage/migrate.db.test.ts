import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, requireSchema, schemaState } from '../../src/storage/migrate.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { createTestDatabase, MIGRATIONS, TEST_POOL, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
let directory: string;

beforeEach(async () => {
  test = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'bridge-migrations-'));
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await test.drop();
});

const write = (name: string, sql: string) => writeFileSync(join(directory, name), sql);
const run = (log?: (applied: { number: number; name: string }) => void) =>
  migrate({ url: test.ownerUrl, directory, ...(log === undefined ? {} : { log }) });
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const asOwner = <R extends object>(sql: string) =>
  withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) => ask<R>(sql));
const table = async (name: string) =>
  (await asOwner(`SELECT 1 WHERE to_regclass('${name}') IS NOT NULL`)).length === 1;
const numbers = async () =>
  (await asOwner<{ number: number }>('SELECT number FROM bridge_meta.migration ORDER BY 1')).map(
    ({ number }) => number,
  );

describe('migrate', () => {
  it('applies the files in order, once each, and tells what it did', async () => {
    write('0001-first.sql', 'CREATE TABLE first (id int); -- ğüşıöç');
    write(
      '0002-second-step.sql',
      'ALTER TABLE first ADD COLUMN name text; INSERT INTO first VALUES (1, $$a;b$$)',
    );
    const told: string[] = [];
    expect(await run(({ number, name }) => told.push(`${number} ${name}`))).toEqual({ from: 0, to: 2 });
    expect(await run(({ number, name }) => told.push(`${number} ${name}`))).toEqual({ from: 2, to: 2 });
    expect(told).toEqual(['1 first', '2 second-step']);
    expect(await asOwner('SELECT * FROM first')).toEqual([{ id: 1, name: 'a;b' }]);
  });

  it('leaves nothing of a file that fails, keeps those before it, and goes on when it is repaired', async () => {
    write('0001-good.sql', 'CREATE TABLE good (id int)');
    write('0002-bad.sql', 'CREATE TABLE half (id int); SELECT broken');
    expect(await failureOf(run())).toMatchObject({ code: '42703' });
    expect([await table('good'), await table('half'), await numbers()]).toEqual([true, false, [1]]);
    write('0002-bad.sql', 'CREATE TABLE half (id int)');
    expect(await run()).toEqual({ from: 1, to: 2 });
  });

  it('lets the second of two migrators wait: each file is applied once', async () => {
    write('0001-slow.sql', 'CREATE TABLE slow (id int); SELECT pg_sleep(0.3)');
    write('0002-more.sql', 'INSERT INTO slow VALUES (2)');
    const told: number[] = [];
    const ends = await Promise.all([
      run(({ number }) => told.push(number)),
      run(({ number }) => told.push(number)),
    ]);
    expect(ends.map(({ to }) => to)).toEqual([2, 2]);
    expect(told.sort()).toEqual([1, 2]);
    expect(await asOwner('SELECT id FROM slow')).toEqual([{ id: 2 }]);
  });

  it('refuses an applied file that was edited since', async () => {
    write('0001-first.sql', 'CREATE TABLE first (id int)');
    await run();
    write('0001-first.sql', 'CREATE TABLE first (id bigint)');
    const refusal = { code: 'START_REFUSED', fields: { part: 'migrations', file: '0001-first.sql' } };
    expect(await failureOf(run())).toMatchObject(refusal);
    expect(await failureOf(requireSchema({ db: test.db, directory }))).toMatchObject(refusal);
  });

  it('refuses a database that has more migrations than it knows', async () => {
    write('0001-first.sql', 'SELECT 1');
    write('0002-second.sql', 'SELECT 2');
    await run();
    rmSync(join(directory, '0002-second.sql'));
    expect(await failureOf(run())).toMatchObject({
      code: 'SCHEMA_NEWER',
      fields: { database: 2, bridge: 1 },
    });
  });

  it.each([
    ['a gap', ['0001-a.sql', '0003-c.sql']],
    ['a number used twice', ['0001-a.sql', '0001-b.sql']],
    ['a name of another form', ['0001-a.sql', '2-b.sql']],
    ['a start at zero', ['0000-a.sql']],
  ])('refuses files with %s, before it touches the database', async (_, names) => {
    for (const name of names) write(name, 'CREATE TABLE touched (id int)');
    expect(await failureOf(run())).toMatchObject({ code: 'START_REFUSED' });
    expect(await table('touched')).toBe(false);
  });

  it('refuses a database whose own numbers have a gap', async () => {
    write('0001-first.sql', 'SELECT 1');
    write('0002-second.sql', 'SELECT 2');
    await run();
    await asOwner('DELETE FROM bridge_meta.migration WHERE number = 1');
    expect(await failureOf(run())).toMatchObject({ code: 'START_REFUSED' });
  });

  it('refuses a file that commits by itself, and does not record it as applied', async () => {
    write('0001-own.sql', 'CREATE TABLE own (id int); COMMIT; CREATE TABLE rest (id int)');
    expect(await failureOf(run())).toMatchObject({ code: 'START_REFUSED' });
    expect(await numbers()).toEqual([]);
  });

  it('is refused to the role of the application', async () => {
    write('0001-first.sql', 'CREATE TABLE first (id int)');
    expect(await failureOf(migrate({ url: test.appUrl, directory }))).toMatchObject({ code: '42501' });
  });

  it('applies the files of the project to an empty database', async () => {
    const count = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql')).length;
    const end = await migrate({ url: test.ownerUrl, directory: MIGRATIONS });
    expect(end).toEqual({ from: 0, to: count });
    await requireSchema({ db: test.db, directory: MIGRATIONS });
  });
});

describe('the check before serving', () => {
  const state = () => schemaState({ db: test.db, directory });

  it('tells older, current and newer, with the role of the application', async () => {
    write('0001-first.sql', 'SELECT 1');
    expect(await state()).toBe('older');
    await run();
    expect(await state()).toBe('current');
    write('0002-second.sql', 'SELECT 2');
    expect(await state()).toBe('older');
    expect(await failureOf(requireSchema({ db: test.db, directory }))).toMatchObject({
      code: 'SCHEMA_OLDER',
      fields: { database: 1, bridge: 2 },
    });
    await run();
    rmSync(join(directory, '0002-second.sql'));
    expect(await state()).toBe('newer');
    expect(await failureOf(requireSchema({ db: test.db, directory }))).toMatchObject({
      code: 'SCHEMA_NEWER',
    });
  });
});

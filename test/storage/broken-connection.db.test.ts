import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/storage/database.js';
import { openDatabase } from '../../src/storage/pool.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../support/database.js';
import { CuttingProxy } from './cutting-proxy.js';

let test: TestDatabase;
let proxy: CuttingProxy;
let db: Database;
const asOwner = (sql: string) => withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) => ask(sql));

beforeAll(async () => {
  test = await createTestDatabase();
  await asOwner('CREATE TABLE note (id int PRIMARY KEY); GRANT SELECT, INSERT ON note TO bridge_app');
});
afterAll(() => test.drop());
beforeEach(async () => {
  await asOwner('TRUNCATE note');
  proxy = new CuttingProxy(new URL(test.appUrl));
  const url = await proxy.listen(test.appUrl);
  db = openDatabase({ url, ...TEST_POOL, maxConnections: 2, statementTimeoutMs: 300, connectTimeoutMs: 500 });
});
afterEach(async () => {
  await db.close();
  await proxy.close();
});

const stored = async () => (await test.db.query({ text: 'SELECT 1 FROM note' })).count;
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const insertOne = (id = 1) =>
  db.transaction((tx) => tx.query({ text: 'INSERT INTO note VALUES ($1)', values: [id] }));

describe('a connection that breaks', () => {
  it('between COMMIT and its answer gives COMMIT_UNKNOWN where the server had committed', async () => {
    proxy.mode = 'cut-after-commit';
    expect(await failureOf(insertOne())).toMatchObject({ code: 'COMMIT_UNKNOWN' });
    expect(await stored()).toBe(1);
  });

  it('between COMMIT and its answer gives COMMIT_UNKNOWN where the server never got it', async () => {
    proxy.mode = 'cut-at-commit';
    expect(await failureOf(insertOne())).toMatchObject({ code: 'COMMIT_UNKNOWN' });
    expect(await stored()).toBe(0);
  });

  it('before COMMIT gives DATABASE_UNAVAILABLE, and nothing is stored', async () => {
    const failure = await failureOf(
      db.transaction(async (tx) => {
        await tx.query({ text: 'INSERT INTO note VALUES (1)' });
        proxy.cutAll();
        await tx.query({ text: 'INSERT INTO note VALUES (2)' });
      }),
    );
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(await stored()).toBe(0);
  });

  it('under a work that swallows the error still gives DATABASE_UNAVAILABLE', async () => {
    const failure = await failureOf(
      db.transaction(async (tx) => {
        proxy.cutAll();
        await tx.query({ text: 'INSERT INTO note VALUES (2)' }).catch(() => undefined);
        return 'done';
      }),
    );
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('under a statement that commits itself gives COMMIT_UNKNOWN, under a reading one DATABASE_UNAVAILABLE', async () => {
    await db.query({ text: 'SELECT 1' });
    proxy.mode = 'freeze';
    const writing = failureOf(db.query({ text: 'INSERT INTO note VALUES (1)' }));
    expect(await writing).toMatchObject({ code: 'COMMIT_UNKNOWN' });
    proxy.mode = 'pass';
    await db.query({ text: 'SELECT 1' });
    proxy.mode = 'freeze';
    expect(await failureOf(db.query({ text: 'SELECT 2' }))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('while idle harms nobody: the next statement gets another one', async () => {
    await db.query({ text: 'SELECT 1' });
    proxy.cutAll();
    await sleep(50);
    expect((await db.query({ text: 'SELECT 1' })).count).toBe(1);
  });

  it('by the word of an administrator gives DATABASE_UNAVAILABLE', async () => {
    const failure = await failureOf(
      db.transaction(async (tx) => {
        const { rows } = await tx.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
        await withConnection({ url: test.adminUrl, ...TEST_POOL }, (ask) =>
          ask('SELECT pg_terminate_backend($1)', [rows[0]?.pid]),
        );
        await tx.query({ text: 'SELECT pg_sleep(5)' });
      }),
    );
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

describe('a server that hangs', () => {
  it('cannot hang a statement', async () => {
    const failure = await failureOf(
      db.transaction(async (tx) => {
        proxy.mode = 'freeze';
        await tx.query({ text: 'SELECT 1' });
      }),
    );
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('cannot hang a commit: its end is unknown', async () => {
    proxy.mode = 'freeze-at-commit';
    expect(await failureOf(insertOne())).toMatchObject({ code: 'COMMIT_UNKNOWN' });
  });

  it('cannot hang a new connection', async () => {
    proxy.mode = 'freeze';
    expect(await failureOf(insertOne())).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('does not keep the pool from working once it is back', async () => {
    proxy.mode = 'freeze';
    await Promise.all([1, 2, 3].map((id) => failureOf(insertOne(id))));
    proxy.mode = 'pass';
    await insertOne(4);
    expect(await stored()).toBe(1);
  });
});

describe('without a server or a free connection', () => {
  it('every call gives DATABASE_UNAVAILABLE with the reason', async () => {
    await proxy.close();
    const failure = await failureOf(insertOne());
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', fields: { reason: 'ECONNREFUSED' } });
  });

  it('a caller waits for a connection only so long, and a caller too many not at all', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const holders = [db.transaction(() => held), db.transaction(() => held)];
    await sleep(100); // both connections are in use now
    const waiting = Array.from({ length: 1_001 }, () => failureOf(db.query({ text: 'SELECT 1' })));
    const failures = await Promise.all(waiting);
    expect(failures[0]).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(failures[1_000]).toMatchObject({ fields: { reason: 'pool-queue-full' } });
    finish();
    await Promise.allSettled(holders);
  });
});

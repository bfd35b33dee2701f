import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { BridgeError } from '../../src/errors/bridge-error.js';
import type { Database } from '../../src/storage/database.js';
import { openDatabase, type PoolOptions } from '../../src/storage/pool.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
const asOwner = (sql: string) => withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) => ask(sql));

beforeAll(async () => {
  test = await createTestDatabase();
  await asOwner(`CREATE TABLE note (id int PRIMARY KEY, body text, amount int);
    CREATE TABLE child (id int REFERENCES note DEFERRABLE INITIALLY DEFERRED);
    GRANT SELECT, INSERT, UPDATE, DELETE ON note, child TO bridge_app`);
});
afterAll(() => test.drop());
beforeEach(() => asOwner('TRUNCATE note, child'));

const insert = (id: number, body: unknown = 'x') => ({
  text: 'INSERT INTO note (id, body) VALUES ($1, $2)',
  values: [id, body],
});
const ids = async () =>
  (await test.db.query<{ id: number }>({ text: 'SELECT id FROM note ORDER BY id' })).rows.map(({ id }) => id);
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const withPool = async <T>(options: Partial<PoolOptions>, work: (db: Database) => Promise<T>): Promise<T> => {
  const db = openDatabase({ url: test.appUrl, ...TEST_POOL, ...options });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
};

describe('a transaction', () => {
  it('is seen by others once it has returned, with what its work gave', async () => {
    const given = await test.db.transaction(async (tx) => (await tx.query(insert(1))).count);
    expect(given).toBe(1);
    expect(await ids()).toEqual([1]);
  });

  it('leaves nothing behind where its work fails, and throws the very same error', async () => {
    const mine = new Error('mine');
    const failure = await failureOf(
      test.db.transaction(async (tx) => {
        await tx.query(insert(1));
        throw mine;
      }),
    );
    expect(failure).toBe(mine);
    expect(await ids()).toEqual([]);
  });

  it('is never reported as committed where a statement failed and the work went on as if it had not', async () => {
    const failure = await failureOf(
      test.db.transaction(async (tx) => {
        await tx.query(insert(1));
        await tx.query(insert(1)).catch(() => undefined);
        return 'done';
      }),
    );
    expect(failure).toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  it('commits where the failed statement was undone to a savepoint', async () => {
    await test.db.transaction(async (tx) => {
      await tx.query(insert(1));
      await tx.run('SAVEPOINT here');
      await tx.query(insert(1)).catch(() => tx.run('ROLLBACK TO SAVEPOINT here'));
      await tx.query(insert(2));
    });
    expect(await ids()).toEqual([1, 2]);
  });

  it('passes on the error of a constraint that is checked at COMMIT, and stores nothing', async () => {
    const failure = await failureOf(
      test.db.transaction((tx) => tx.query({ text: 'INSERT INTO child VALUES (9)' })),
    );
    expect(failure).toMatchObject({ code: '23503' });
    expect((await test.db.query({ text: 'SELECT 1 FROM child' })).count).toBe(0);
  });

  it('runs the statements that it was asked to send with BEGIN', async () => {
    const rows = await test.db.transaction(
      async (tx) => (await tx.query({ text: `SELECT current_setting('lock_timeout') AS limit` })).rows,
      { begin: `SET LOCAL lock_timeout = '7s'` },
    );
    expect(rows).toEqual([{ limit: '7s' }]);
  });

  it('gives a clean connection back where a statement sent with BEGIN fails', async () => {
    await withPool({ maxConnections: 1 }, async (db) => {
      const failure = await failureOf(db.transaction(async () => 'unreached', { begin: 'SELECT 1/0' }));
      expect(failure).toMatchObject({ code: '22012' });
      expect((await db.query({ text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }]);
    });
  });

  it('refuses a work that ends it by itself', async () => {
    expect(await failureOf(test.db.transaction((tx) => tx.run('COMMIT')))).toMatchObject({
      code: 'WRONG_USE',
    });
  });

  it('refuses a statement that comes after its end', async () => {
    const tx = await test.db.transaction(async (open) => ({ open }));
    expect(await failureOf(tx.open.query(insert(5)))).toMatchObject({ code: 'WRONG_USE' });
    expect(await ids()).toEqual([]);
  });

  it('is ended by the server where its work stands still longer than a statement may take', async () => {
    await withPool({ statementTimeoutMs: 200 }, async (db) => {
      const failure = await failureOf(
        db.transaction(async (tx) => {
          await tx.query(insert(1));
          await new Promise((resolve) => setTimeout(resolve, 600));
          await tx.query(insert(2));
        }),
      );
      expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(await ids()).toEqual([]);
    });
  });
});

describe('the pool', () => {
  it('reads int8 as bigint, date as text and timestamptz as Date, and leaves pg as it is for others', async () => {
    const { rows } = await test.db.query({
      text: `SELECT 9007199254740993 AS big, '{1,NULL}'::int8[] AS bigs, date '1950-02-28' AS day,
        '{1950-02-28}'::date[] AS days, timestamptz '2026-01-01 00:00:00+03' AS at,
        timestamp '2026-01-01 00:00:00' AS local, 1.10::numeric AS amount`,
    });
    expect(rows).toEqual([
      {
        big: 9007199254740993n,
        bigs: [1n, null],
        day: '1950-02-28',
        days: ['1950-02-28'],
        at: new Date('2025-12-31T21:00:00Z'),
        local: '2026-01-01 00:00:00',
        amount: '1.10',
      },
    ]);
    expect(pg.types.getTypeParser(20)('7')).toBe('7');
  });

  it('runs a named statement again with other values', async () => {
    const named = (id: number) => ({ ...insert(id), name: 'insert-note' });
    await withPool({ maxConnections: 1 }, async (db) => {
      await db.query(named(1));
      await db.query(named(2));
    });
    expect(await ids()).toEqual([1, 2]);
  });

  it('passes on an error made by a value that cannot be sent, and the connection stays usable', async () => {
    const refusal = new Error('this value may not be printed');
    const value = {
      toPostgres: () => {
        throw refusal;
      },
    };
    await withPool({ maxConnections: 1 }, async (db) => {
      expect(await failureOf(db.query(insert(1, value)))).toBe(refusal);
      await db.query(insert(2));
    });
    expect(await ids()).toEqual([2]);
  });

  it('lets a statement that runs too long fail alone', async () => {
    await withPool({ statementTimeoutMs: 100, maxConnections: 1 }, async (db) => {
      expect(await failureOf(db.query({ text: 'SELECT pg_sleep(30)' }))).toMatchObject({ code: '57014' });
      expect((await db.query({ text: 'SELECT 1 AS one' })).count).toBe(1);
    });
  });

  it('quotes no row and no value in an error, neither in its text nor anywhere inside it', async () => {
    const planted = 'PLANTED-10000000146';
    await test.db.query(insert(1, planted));
    await asOwner('CREATE UNIQUE INDEX body_once ON note (body)');
    const failures = [
      await failureOf(test.db.query(insert(2, planted))),
      await failureOf(test.db.query({ text: 'SELECT $1::text::int', values: [planted] })),
      await failureOf(test.db.query({ text: 'SELECT $1::text::date', values: [planted] })),
      await failureOf(test.db.query({ text: 'SELECT $1::text::jsonb', values: [planted] })),
      await failureOf(
        test.db.query({ text: 'UPDATE note SET id = NULL WHERE body = $1', values: [planted] }),
      ),
    ];
    await asOwner('DROP INDEX body_once');
    expect(failures.map((failure) => (failure as pg.DatabaseError).code)).toEqual([
      '23505',
      '22P02',
      '22007',
      '22P02',
      '23502',
    ]);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(pg.DatabaseError);
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(planted);
      expect((failure as Error).stack).not.toContain(planted);
    }
    expect(failures[0]).toMatchObject({ constraint: 'body_once', table: 'note' });
  });

  it('passes notices on', async () => {
    const notices: unknown[] = [];
    await withPool({ onNotice: (notice) => notices.push(notice) }, (db) =>
      db.query({ text: `DO $$ BEGIN RAISE NOTICE 'hello'; END $$` }),
    );
    expect(notices).toEqual([{ severity: 'NOTICE', code: '00000', message: 'hello' }]);
  });

  it('can be closed twice, and then gives DATABASE_UNAVAILABLE', async () => {
    const db = openDatabase({ url: test.appUrl, ...TEST_POOL });
    await db.query({ text: 'SELECT 1' });
    await Promise.all([db.close(), db.close()]);
    expect(await failureOf(db.query({ text: 'SELECT 1' }))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

describe('the database URL', () => {
  const withParameter = (text: string) => `${test.appUrl}?${text}`;
  it.each([
    ['TLS without checking anything', () => withParameter('sslmode=no-verify')],
    ['TLS by a mode that other programs do not check', () => withParameter('sslmode=require')],
    ['the mode of libpq', () => withParameter('sslmode=require&uselibpqcompat=true')],
    ['another protocol', () => test.appUrl.replace('postgres:', 'mysql:')],
    ['no URL at all', () => 'bridge_app:secret@host'],
  ])('is refused where it asks for %s, without being quoted', async (_, url) => {
    const failure = await failureOf(withPool({ url: url() }, async () => undefined));
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(new URL(test.appUrl).password);
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('secret');
  });

  it('does not appear in the error where its password is wrong', async () => {
    const url = Object.assign(new URL(test.appUrl), { password: 'wrong-horse' }).href;
    const failure = await failureOf(withPool({ url }, (db) => db.query({ text: 'SELECT 1' })));
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', fields: { reason: '28P01' } });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('wrong-horse');
    expect((failure as BridgeError).message).not.toContain('bridge_app');
  });
});

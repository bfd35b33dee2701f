import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireAppendOnlyRole, requireDurable } from '../../src/storage/durability.js';
import { openDatabase } from '../../src/storage/pool.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
const role = `test_role_${randomBytes(4).toString('hex')}`;
const asAdmin = (sql: string) => withConnection({ url: test.adminUrl, ...TEST_POOL }, (ask) => ask(sql));
const asOwner = (sql: string) => withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) => ask(sql));
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  test = await createTestDatabase();
  await asOwner(`CREATE SCHEMA kept; CREATE TABLE kept.entry (id int, line text) PARTITION BY RANGE (id);
    CREATE TABLE kept.entry_0 PARTITION OF kept.entry FOR VALUES FROM (0) TO (10);
    GRANT USAGE ON SCHEMA kept TO bridge_app; GRANT SELECT, INSERT ON kept.entry TO bridge_app`);
});
afterAll(async () => {
  await test.drop();
});

describe('durability', () => {
  it('is found on in a server as we start it', async () => {
    await expect(requireDurable(test.db)).resolves.toBeUndefined();
  });

  it('that is off for the role refuses every statement, and names the setting', async () => {
    await asAdmin(`ALTER ROLE bridge_app IN DATABASE ${test.name} SET synchronous_commit = off`);
    const db = openDatabase({ url: test.appUrl, ...TEST_POOL });
    const refusal = { code: 'DURABILITY_OFF', fields: { settings: 'synchronous_commit' } };
    expect(await failureOf(requireDurable(db))).toMatchObject(refusal);
    expect(await failureOf(db.query({ text: 'SELECT 1' }))).toMatchObject(refusal);
    expect(await failureOf(db.transaction(async () => 'unreached'))).toMatchObject(refusal);
    await asAdmin(`ALTER ROLE bridge_app IN DATABASE ${test.name} RESET synchronous_commit`);
    expect((await db.query({ text: 'SELECT 1' })).count).toBe(1);
    await db.close();
  });

  it('that is switched off through the URL is refused too', async () => {
    const url = `${test.appUrl}?options=${encodeURIComponent('-c synchronous_commit=off')}`;
    const db = openDatabase({ url, ...TEST_POOL });
    expect(await failureOf(db.query({ text: 'SELECT 1' }))).toMatchObject({ code: 'DURABILITY_OFF' });
    await db.close();
  });
});

describe('the role of the application', () => {
  const check = (tables = ['kept.entry']) => failureOf(requireAppendOnlyRole(test.db, tables));

  it('is accepted where it can only add and read', async () => {
    expect(await check()).toBeUndefined();
  });

  it.each([
    ['UPDATE', 'UPDATE ON kept.entry', 'kept.entry'],
    ['UPDATE of one column', 'UPDATE (line) ON kept.entry', 'kept.entry'],
    ['DELETE', 'DELETE ON kept.entry', 'kept.entry'],
    ['TRUNCATE', 'TRUNCATE ON kept.entry', 'kept.entry'],
    ['TRIGGER', 'TRIGGER ON kept.entry', 'kept.entry'],
    ['a right on a partition alone', 'DELETE ON kept.entry_0', 'kept.entry'],
  ])('is refused where it has %s', async (_, right, table) => {
    await asOwner(`GRANT ${right} TO bridge_app`);
    expect(await check()).toMatchObject({ code: 'START_REFUSED', fields: { table } });
    await asOwner(`REVOKE ${right} FROM bridge_app`);
    expect(await check()).toBeUndefined();
  });

  it('is refused where everybody has the right', async () => {
    await asOwner('GRANT UPDATE ON kept.entry TO PUBLIC');
    expect(await check()).toMatchObject({ code: 'START_REFUSED', fields: { reason: 'update' } });
    await asOwner('REVOKE UPDATE ON kept.entry FROM PUBLIC');
  });

  it('is refused where a table is missing', async () => {
    expect(await check(['kept.entry', 'kept.absent'])).toMatchObject({
      code: 'START_REFUSED',
      fields: { reason: 'missing', table: 'kept.absent' },
    });
  });

  it.each([
    ['the owner', () => test.ownerUrl],
    ['a superuser', () => test.adminUrl],
  ])('is refused where it is %s', async (_, url) => {
    const db = openDatabase({ url: url(), ...TEST_POOL });
    const failure = await failureOf(requireAppendOnlyRole(db, ['kept.entry']));
    await db.close();
    expect(failure).toMatchObject({ code: 'START_REFUSED' });
  });

  it.each([
    ['may SET ROLE to one that has the right', '', 'GRANT bridge_owner TO'],
    ['may write every table of the server', '', 'GRANT pg_write_all_data TO'],
    ['may write files of the server', '', 'GRANT pg_write_server_files TO'],
    ['may make roles', 'CREATEROLE', ''],
  ])('is refused where it %s', async (_, attribute, grant) => {
    const password = randomBytes(8).toString('hex');
    await asAdmin(`CREATE ROLE ${role} ${attribute} LOGIN NOINHERIT PASSWORD '${password}'`);
    try {
      await asAdmin(
        `GRANT CONNECT ON DATABASE ${test.name} TO ${role}; GRANT USAGE ON SCHEMA kept TO ${role}`,
      );
      if (grant !== '') await asAdmin(`${grant} ${role}`);
      const url = Object.assign(new URL(test.appUrl), { username: role, password }).href;
      const db = openDatabase({ url, ...TEST_POOL });
      const failure = await failureOf(requireAppendOnlyRole(db, ['kept.entry']));
      await db.close();
      expect(failure).toMatchObject({ code: 'START_REFUSED' });
    } finally {
      await asAdmin(`DROP OWNED BY ${role}`);
      await asAdmin(`DROP ROLE ${role}`);
    }
  });
});

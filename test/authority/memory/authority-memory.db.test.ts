import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAuthorityMemory } from '../../../src/authority/memory/authority-memory.js';
import type { AuthorityMemory, MemoryLog } from '../../../src/authority/memory/port.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { openDatabase } from '../../../src/storage/pool.js';
import { CuttingProxy } from '../../storage/cutting-proxy.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../../support/database.js';
import { type Watched, watch } from './support/watched.js';
import { DAY, mersisNoOf, READ_AT, tagOf, writeCooperatives, writeRoles } from './support/world.js';

const HOUR_MS = 3_600_000;
const A = mersisNoOf(1);
const B = mersisNoOf(2);
const ANNE = tagOf(1);
const BORA = tagOf(2);

let test: TestDatabase;
let db: Watched;
let clockMs: number;
let now: Date;
let warned: string[];
let memory: AuthorityMemory;

const log: MemoryLog = { info: () => undefined, warn: (event) => warned.push(event) };
const memoryOn = (database: Watched) =>
  createAuthorityMemory({ db: database, log, now: () => now, monotonicMs: () => clockMs });

beforeAll(async () => {
  test = await createTestDatabase({ migrations: true });
});
afterAll(() => test.drop());

beforeEach(async () => {
  const empty = 'DELETE FROM bridge.authority_seat; DELETE FROM bridge.authority_role;';
  await test.db.transaction((tx) => tx.run(empty));
  await writeCooperatives(test.db, [
    { mersisNo: A, seats: [{ tag: ANNE }] },
    { mersisNo: B, seats: [{ tag: BORA, role: 'denetci' }] },
  ]);
  db = watch(test.db);
  clockMs = 5_000;
  now = new Date(READ_AT.getTime() + HOUR_MS);
  warned = [];
  memory = memoryOn(db);
});

const heads = () => db.asked.filter((text) => text.includes('FROM bridge.authority_head')).length;
const seatsOf = async (tag: Buffer, mersisNo: string) =>
  (await memory.confirmed()).factsOf(tag, mersisNo, DAY).seats.map(({ role }) => role);
const setHead = (sql: string) => test.db.query({ text: `UPDATE bridge.authority_head SET ${sql}` });

describe('who may act, from memory', () => {
  it('is what was committed elsewhere from the next step on, the seat that is gone and the cooperative that is new', async () => {
    expect(await seatsOf(ANNE, A)).toEqual(['board']);
    await writeCooperatives(test.db, [
      { mersisNo: A, seats: [{ tag: BORA, role: 'appointee' }] },
      { mersisNo: mersisNoOf(3), seats: [{ tag: ANNE, role: 'liquidator' }] },
    ]);
    await memory.follow();
    expect(await seatsOf(ANNE, A)).toEqual([]);
    expect(await seatsOf(BORA, A)).toEqual(['appointee']);
    expect(await seatsOf(BORA, B)).toEqual(['denetci']);
    expect(await seatsOf(ANNE, mersisNoOf(3))).toEqual(['liquidator']);
  });

  it('is asked for again once the last confirmation is a second old, and not before', async () => {
    await memory.load();
    await writeCooperatives(test.db, [{ mersisNo: A, seats: [] }]);
    const asked = heads();
    clockMs += 999;
    expect(await seatsOf(ANNE, A)).toEqual(['board']);
    expect(heads()).toBe(asked);
    clockMs += 1;
    expect(await seatsOf(ANNE, A)).toEqual([]);
  });

  it('is refused to whoever keeps a view for longer than a second', async () => {
    const view = await memory.confirmed();
    clockMs += 1_000;
    const refused = expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' });
    expect(() => view.factsOf(ANNE, A, DAY)).toThrow(refused);
    expect(() => view.recordOf(A)).toThrow(refused);
    expect(() => view.version).toThrow(refused);
  });

  it('says the version that it answers by', async () => {
    const { version } = await memory.confirmed();
    await writeCooperatives(test.db, [{ mersisNo: A }]);
    await memory.follow();
    expect((await memory.confirmed()).version).toBe(version + 1n);
  });

  it('holds new roles, and lets go of those that were revoked', async () => {
    await writeRoles(test.db, [
      { tag: ANNE, role: 'directorate', ministry: 'ticaret', il: 'Ankara' },
      { tag: ANNE, role: 'ministry-representative', mersisNo: B, startsOn: DAY, endsOn: '2026-11-25' },
    ]);
    await memory.load();
    const rolesOf = async (tag: Buffer) =>
      (await memory.confirmed())
        .factsOf(tag, A, DAY)
        .roles.map(({ role, mersisNo, endsOn }) => [role, mersisNo, endsOn]);
    expect((await rolesOf(ANNE)).sort()).toEqual([
      ['directorate', null, null],
      ['ministry-representative', B, '2026-11-25'],
    ]);
    await writeRoles(test.db, [{ tag: BORA, role: 'ministry-central', ministry: 'tarim' }]);
    await memory.follow();
    expect(await rolesOf(ANNE)).toEqual([]);
    expect(await rolesOf(BORA)).toEqual([['ministry-central', null, null]]);
  });

  it('is read anew as a whole where the version went back: a restored backup is another history', async () => {
    await memory.load();
    const { version } = await memory.confirmed();
    const text = 'DELETE FROM bridge.authority_seat WHERE mersis_no = $1';
    await test.db.query({ text, values: [A] });
    await setHead(`version = ${version - 1n}`);
    await memory.follow();
    expect(await seatsOf(ANNE, A)).toEqual([]);
    expect((await memory.confirmed()).version).toBe(version - 1n);
    await setHead(`version = ${version}`);
  });

  it('is read anew as a whole from another database, even where that one stands at the same version', async () => {
    const other = await createTestDatabase({ migrations: true });
    try {
      await memory.load();
      const { version } = await memory.confirmed();
      await writeCooperatives(other.db, [{ mersisNo: A, seats: [{ tag: BORA, role: 'trustee' }] }]);
      await other.db.query({ text: 'UPDATE bridge.authority_head SET version = $1', values: [version] });
      db.target = other.db;
      await memory.follow();
      expect(await seatsOf(ANNE, A)).toEqual([]);
      expect(await seatsOf(BORA, A)).toEqual(['trustee']);
      expect((await memory.confirmed()).recordOf(B)).toBeNull();
    } finally {
      await other.drop();
    }
  });

  it('is one version as a whole: what is committed while it is being read comes with the next step', async () => {
    db.before = async ({ text }) => {
      if (!text.includes('FROM bridge.authority_role')) return;
      db.before = () => undefined;
      await writeCooperatives(test.db, [{ mersisNo: A, seats: [] }]);
      await writeRoles(test.db, [{ tag: ANNE, role: 'ministry-central', ministry: 'ticaret' }]);
    };
    await memory.load();
    const before = (await memory.confirmed()).factsOf(ANNE, A, DAY);
    expect([before.seats.length, before.roles.length]).toEqual([1, 0]);
    await memory.follow();
    const after = (await memory.confirmed()).factsOf(ANNE, A, DAY);
    expect([after.seats.length, after.roles.length]).toEqual([0, 1]);
  });
});

describe('a database that does not confirm', () => {
  it('leaves no answer standing, and is asked again once it is back', async () => {
    const proxy = new CuttingProxy(new URL(test.appUrl));
    const behind = openDatabase({ url: await proxy.listen(test.appUrl), ...TEST_POOL });
    db.target = behind;
    await memory.load();
    await proxy.close();
    clockMs += 1_000;
    await expect(memory.confirmed()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(memory.confirmed()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await behind.close();
    db.target = test.db;
    expect(await seatsOf(ANNE, A)).toEqual(['board']);
  });

  it('that answers too late each time is no confirmation', async () => {
    await memory.load();
    clockMs += 1_000;
    db.before = () => {
      clockMs += 1_000;
    };
    await expect(memory.confirmed()).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      fields: { reason: 'not-confirmed' },
    });
  });

  it('in the middle of a whole reading leaves nothing behind that could be asked', async () => {
    await memory.load();
    const view = await memory.confirmed();
    await setHead('version = version - 1');
    db.before = ({ text }) => {
      if (text.includes('FROM bridge.authority_role')) throw new BridgeError('DATABASE_UNAVAILABLE', 'gone');
    };
    await expect(memory.follow()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(() => view.factsOf(ANNE, A, DAY)).toThrow(
      expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }),
    );
    db.before = () => undefined;
    expect(await seatsOf(ANNE, A)).toEqual(['board']);
    await setHead('version = version + 1');
  });

  it('confirms nothing to a memory that was stopped, a step under way included', async () => {
    await memory.load();
    let stop: () => void = () => undefined;
    db.before = () => stop();
    stop = () => memory.stop();
    await memory.follow();
    await expect(memory.confirmed()).rejects.toMatchObject({ fields: { reason: 'stopped' } });
  });
});

describe('many callers at once', () => {
  it('share one question', async () => {
    await memory.load();
    clockMs += 1_000;
    const asked = heads();
    await Promise.all(Array.from({ length: 50 }, () => memory.confirmed()));
    expect(heads()).toBe(asked + 1);
  });

  it('do not rely on a question that was sent more than a second before its answer came', async () => {
    await memory.load();
    const asked = heads();
    clockMs += 1_000;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    db.before = () => held;
    const first = memory.follow();
    const second = memory.confirmed();
    db.before = () => undefined;
    clockMs += 1_000;
    await writeCooperatives(test.db, [{ mersisNo: A, seats: [] }]);
    answer();
    await first;
    expect((await second).factsOf(ANNE, A, DAY).seats).toEqual([]);
    expect(heads()).toBeGreaterThan(asked + 1);
  });
});

describe('the time of a reading', () => {
  const renewed = new Date(READ_AT.getTime() + 30 * HOUR_MS);
  const readAt = async (mersisNo: string) =>
    (await memory.confirmed()).factsOf(ANNE, mersisNo, DAY).cooperative?.readAt;
  const renew = (mersisNo: string) =>
    test.db.query({
      text: 'UPDATE bridge.authority_cooperative SET read_at = $2 WHERE mersis_no = $1',
      values: [mersisNo, renewed],
    });
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
  /** Until the reading of all times that is under way has come to its end. */
  const timesRead = async () => {
    for (let i = 0; i < 10_000 && db.answered.at(-1)?.includes('read_at FROM') !== true; i += 1)
      await nextTurn();
    await nextTurn();
  };

  it('that only the tables have seen is looked up before anybody is stale by it', async () => {
    await memory.load();
    await renew(A);
    now = new Date(READ_AT.getTime() + 25 * HOUR_MS);
    expect(await readAt(A)).toEqual(READ_AT);
    await memory.freshen([A, mersisNoOf(99)], 24);
    expect(await readAt(A)).toEqual(renewed);
  });

  it('is looked up of that cooperative too that another one merged into', async () => {
    await writeCooperatives(test.db, [
      { mersisNo: A, statuses: [{ durum: 'birleşme', since: '2026-01-01' }], successor: B },
    ]);
    await memory.load();
    await renew(B);
    now = new Date(READ_AT.getTime() + 25 * HOUR_MS);
    await memory.freshen([A], 24);
    expect(await readAt(B)).toEqual(renewed);
    await writeCooperatives(test.db, [{ mersisNo: A }, { mersisNo: B }]);
  });

  it('is not looked up where nothing is old, nor twice in a second where it really is', async () => {
    await memory.load();
    const before = db.asked.length;
    await memory.freshen([A, B], 24);
    expect(db.asked.length).toBe(before);
    now = new Date(READ_AT.getTime() + 25 * HOUR_MS);
    await memory.freshen([A, B], 24);
    await memory.freshen([A, B], 24);
    expect(db.asked.length).toBe(before + 1);
  });

  it('comes in for all within ten minutes, without a new version', async () => {
    await memory.load();
    const { version } = await memory.confirmed();
    await renew(B);
    clockMs += 600_000;
    await memory.follow();
    await timesRead();
    expect(await readAt(B)).toEqual(renewed);
    expect((await memory.confirmed()).version).toBe(version);
  });

  it('is never made older, and a failure to look is told and tried again', async () => {
    await memory.load();
    await renew(A);
    now = new Date(READ_AT.getTime() + 25 * HOUR_MS);
    await memory.freshen([A], 24);
    clockMs += 600_000;
    db.before = ({ text }) => {
      if (text.includes('read_at FROM')) throw new BridgeError('DATABASE_UNAVAILABLE', 'gone');
    };
    await memory.follow();
    await nextTurn();
    expect(warned).toEqual(['authority.read-times-failed']);
    expect(await readAt(A)).toEqual(renewed);
    const asked = db.asked.length;
    db.before = () => undefined;
    await memory.follow();
    await timesRead();
    expect(db.asked.length).toBe(asked + 2);
    await writeCooperatives(test.db, [{ mersisNo: A }, { mersisNo: B }]);
  });
});

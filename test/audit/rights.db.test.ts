import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHARE_BATCH_LOCK, TAKE_BATCH_LOCK } from '../../src/audit/batch-lock.js';
import type { TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import {
  asOwner,
  createLogDatabase,
  failureOf,
  gate,
  type Item,
  type OpenLog,
  openLog,
  probeLane,
  readEntries,
  readProbes,
} from './support/log.js';
import { numberOf } from './support/parts.js';

let test: TestDatabase;
let log: OpenLog;
const item = (n: number): Item => ({ n, draft: () => numberedDraft(n, [numberOf('actor', n)]) });
const REFUSED = { code: '42501' };

beforeAll(async () => {
  test = await createLogDatabase();
  await asOwner(
    test,
    'CREATE TABLE bridge.right_of (n int); GRANT SELECT, INSERT, DELETE ON bridge.right_of TO bridge_app',
  );
  log = openLog(test.appUrl);
  await log.appender.submit(probeLane('1-a'), item(0));
});
afterAll(async () => {
  await log.close();
  await test.drop();
});

describe('the role of the application', () => {
  it.each([
    "UPDATE bridge.entry SET line = '{}'",
    'UPDATE bridge.entry SET leaf_index = leaf_index + 100',
    'DELETE FROM bridge.entry',
    'TRUNCATE bridge.entry',
    'TRUNCATE bridge.log_head CASCADE',
    'DELETE FROM bridge.log_head',
    "INSERT INTO bridge.log_head (one, size, compact_range, last_at) VALUES (true, 0, '', now())",
    'SELECT * FROM bridge.entry_000000',
    'DELETE FROM bridge.entry_000000',
    "UPDATE bridge.entry_000000 SET line = '{}'",
    'TRUNCATE bridge.entry_000000',
    'DELETE FROM bridge.log_tag_000000',
    'UPDATE bridge.log_tag SET leaf_index = 1',
    'ALTER TABLE bridge.entry DETACH PARTITION bridge.entry_000000',
    'ALTER TABLE bridge.entry DISABLE TRIGGER ALL',
    'DROP TABLE bridge.entry',
    'CREATE RULE quiet AS ON INSERT TO bridge.entry DO INSTEAD NOTHING',
    'CREATE TABLE bridge.entry_000001 (n int)',
    'CREATE OR REPLACE FUNCTION bridge.ensure_log_partition(leaf bigint) RETURNS void LANGUAGE sql AS $$ SELECT $$',
    'SET ROLE bridge_owner',
  ])('may not: %s', async (text) => {
    expect(await failureOf(test.db.query({ text }))).toMatchObject(REFUSED);
    expect(await readEntries(test.db)).toHaveLength(1);
  });

  it('cannot write over a leaf, nor outside the partitions', async () => {
    const insert = (leaf: string) => ({
      text: `INSERT INTO bridge.entry SELECT ${leaf}, gen_random_uuid(), now(), kind, leaf_hash, line FROM bridge.entry LIMIT 1`,
    });
    expect(await failureOf(test.db.query(insert('0')))).toMatchObject({ code: '23505' });
    expect(await failureOf(test.db.query(insert('-1')))).toMatchObject({ code: '23514' });
    expect(await failureOf(test.db.query(insert('1 << 20')))).toMatchObject({ code: '23514' });
  });

  it.each(['-1', '(1000000::bigint << 20)', 'NULL'])('gets no partition for leaf %s', async (leaf) => {
    const before = await test.db.query({ text: "SELECT 1 FROM pg_class WHERE relname LIKE 'entry%'" });
    await failureOf(test.db.query({ text: `SELECT bridge.ensure_log_partition(${leaf})` }));
    const after = await test.db.query({ text: "SELECT 1 FROM pg_class WHERE relname LIKE 'entry%'" });
    expect(after.count).toBe(before.count);
  });
});

describe('the batch lock', () => {
  /** How many sessions wait for the lock of batches. */
  const waiting = async () => {
    const text = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7202 AND objid = 1 AND NOT granted`;
    return (await test.db.query({ text })).count;
  };
  const untilSomebodyWaits = async () => {
    for (let i = 0; i < 500; i += 1) {
      if ((await waiting()) > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('nobody waits for the lock');
  };
  const rightsSeen: number[] = [];
  const deciding = (name: string, before: () => Promise<void> = async () => undefined) =>
    probeLane(name, 20_000, async (tx) => {
      await before();
      rightsSeen.push((await tx.query({ text: 'SELECT 1 FROM bridge.right_of' })).count);
    });

  it('makes a loss of rights wait for the batch that runs, and the next batch sees the loss', async () => {
    await test.db.query({ text: 'INSERT INTO bridge.right_of VALUES (1)' });
    const entered = gate();
    const { opened, open } = gate();
    const running = log.appender.submit(
      deciding('1-running', async () => {
        entered.open();
        await opened;
      }),
      item(10),
    );
    await entered.opened;
    let lost = false;
    const loss = test.db
      .transaction((tx) => tx.query({ text: 'DELETE FROM bridge.right_of' }), { begin: TAKE_BATCH_LOCK })
      .then(() => {
        lost = true;
      });
    await untilSomebodyWaits();
    expect(lost).toBe(false);
    const next = log.appender.submit(deciding('1-next'), item(11));
    open();
    await Promise.all([running, loss, next]);
    expect(rightsSeen.splice(0)).toEqual([1, 0]);
  });

  it('makes batches wait for a loss that is under way, and they decide by what it left', async () => {
    await test.db.query({ text: 'INSERT INTO bridge.right_of VALUES (1)' });
    const { opened, open } = gate();
    const taken = gate();
    const loss = test.db.transaction(
      async (tx) => {
        await tx.query({ text: 'DELETE FROM bridge.right_of' });
        taken.open();
        await opened;
      },
      { begin: TAKE_BATCH_LOCK },
    );
    await taken.opened;
    const batch = log.appender.submit(deciding('1-late'), item(20));
    await untilSomebodyWaits();
    expect((await readProbes(test.db)).has(20)).toBe(false);
    open();
    await Promise.all([loss, batch]);
    expect(rightsSeen.splice(0)).toEqual([0]);
  });

  it('does not make batches wait for each other', async () => {
    const { opened, open } = gate();
    const held = gate();
    const other = test.db.transaction(
      async () => {
        held.open();
        await opened;
      },
      { begin: SHARE_BATCH_LOCK },
    );
    await held.opened;
    await log.appender.submit(probeLane('1-free'), item(30));
    open();
    await other;
    expect((await readProbes(test.db)).has(30)).toBe(true);
  });
});

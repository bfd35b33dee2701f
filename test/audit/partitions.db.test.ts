import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AppenderDeps } from '../../src/audit/appender.js';
import { decodeRange, extendRange, rangeRoot } from '../../src/audit/compact-range.js';
import { ensurePartitions } from '../../src/audit/partitions.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { TEST_POOL, type TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import {
  asOwner,
  createLogDatabase,
  failureOf,
  type Item,
  openLog,
  probeLane,
  readEntries,
  readHead,
} from './support/log.js';
import { numberOf } from './support/parts.js';

const SIZE = 1n << 20n;
let test: TestDatabase;
beforeEach(async () => {
  test = await createLogDatabase();
});
afterEach(() => test.drop());

const item = (n: number): Item => ({ n, draft: () => numberedDraft(n, [numberOf('subject', n)]) });
const lane = probeLane('1-probe');
const impatient = probeLane('1-impatient', 0);
const open = (deps: Partial<AppenderDeps> = {}) =>
  openLog(test.appUrl, { settings: { maxBatch: 10 }, deps: { sleep: async () => undefined, ...deps } });

/** Pretends that `size` leaves have been written; the hashes of their subtrees are invented. */
async function setHead(size: bigint): Promise<Buffer> {
  const ones = [...size.toString(2)].filter((bit) => bit === '1').length;
  const range = randomBytes(32 * ones);
  await asOwner(
    test,
    `UPDATE bridge.log_head SET size = ${size}, compact_range = '\\x${range.toString('hex')}'`,
  );
  return range;
}

const partitionsOf = (table: string) =>
  withConnection({ url: test.ownerUrl, ...TEST_POOL }, async (ask) => {
    const rows = await ask<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = $1::regclass ORDER BY 1`,
      [`bridge.${table}`],
    );
    return rows.map((row) => row.name);
  });

const mayMake = (may: boolean) =>
  asOwner(
    test,
    `${may ? 'GRANT' : 'REVOKE'} EXECUTE ON FUNCTION bridge.ensure_log_partition(bigint) ${may ? 'TO' : 'FROM'} bridge_app`,
  );

describe('the end of a partition', () => {
  it('that is met without a next one costs no entry: it is made, and the batch goes over the boundary', async () => {
    const start = SIZE - 3n;
    const before = await setHead(start);
    const log = open();
    const receipts = await Promise.all(
      Array.from({ length: 10 }, (_, n) => log.appender.submit(lane, item(n))),
    );
    await log.close();
    expect(receipts.map((receipt) => receipt.leafIndex)).toEqual(receipts.map((_, i) => start + BigInt(i)));
    const rows = await readEntries(test.db);
    expect(rows.map((row) => row.leaf_index)).toEqual(receipts.map((receipt) => receipt.leafIndex));
    const head = await readHead(test.db);
    const expected = extendRange(
      decodeRange(start, before),
      rows.map((row) => row.leaf_hash),
    );
    expect(head.size).toBe(SIZE + 7n);
    expect(rangeRoot(decodeRange(head.size, head.range)).equals(rangeRoot(expected))).toBe(true);
    for (const table of ['entry', 'log_tag'])
      expect(await partitionsOf(table)).toEqual([`${table}_000000`, `${table}_000001`]);
    const counted = await withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) =>
      ask(`SELECT (SELECT count(*)::int FROM bridge.entry_000000) AS old, (SELECT count(*)::int FROM bridge.entry_000001) AS new,
        (SELECT count(*)::int FROM bridge.log_tag_000001) AS tags`),
    );
    expect(counted).toEqual([{ old: 3, new: 7, tags: 7 }]);
  });

  it('is met by two instances at once without harm', async () => {
    await setHead(SIZE - 1n);
    const logs = [open(), open()];
    const submits = Array.from({ length: 40 }, (_, n) => logs[n % 2]?.appender.submit(lane, item(n)));
    await Promise.all(submits);
    await Promise.all(logs.map((log) => log.close()));
    expect((await readEntries(test.db)).map((row) => row.leaf_index)).toEqual(
      submits.map((_, i) => SIZE - 1n + BigInt(i)),
    );
  });

  it('that cannot be passed is AUDIT_UNAVAILABLE for the impatient, and the patient are written once it can', async () => {
    await setHead(SIZE);
    await mayMake(false);
    const told: unknown[] = [];
    let grant = async (): Promise<void> => undefined;
    const log = open({ sleep: () => grant(), onPartitionTrouble: (error) => told.push(error) });
    expect(await failureOf(log.appender.submit(impatient, item(1)))).toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    });
    expect(await readEntries(test.db)).toEqual([]);
    grant = () => mayMake(true);
    const [patient, gone] = await Promise.all([
      log.appender.submit(lane, item(2)),
      failureOf(log.appender.submit(impatient, item(3))),
    ]);
    await log.close();
    expect(gone).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(patient.leafIndex).toBe(SIZE);
    expect(await readEntries(test.db)).toHaveLength(1);
  });
});

describe('the next partition', () => {
  it('is made behind the back of the writers once the head passes the middle', async () => {
    await setHead(SIZE / 2n - 1n);
    const log = open();
    await log.appender.submit(lane, item(0));
    await log.close();
    expect(await partitionsOf('entry')).toEqual(['entry_000000', 'entry_000001']);
  });

  it('is not made before', async () => {
    await setHead(SIZE / 2n - 2n);
    const log = open();
    await log.appender.submit(lane, item(0));
    await log.close();
    expect(await partitionsOf('entry')).toEqual(['entry_000000']);
  });

  it('is made at the start where the head stands past the middle, by whoever asks first', async () => {
    await setHead(3n * SIZE + SIZE / 2n);
    const made = await Promise.all([1, 2, 3].map(() => ensurePartitions(test.db)));
    expect(made).toEqual([4n, 4n, 4n]);
    expect(await partitionsOf('entry')).toEqual(['entry_000000', 'entry_000003', 'entry_000004']);
    expect(await partitionsOf('log_tag')).toEqual(['log_tag_000000', 'log_tag_000003', 'log_tag_000004']);
  });

  it('that cannot be made is told of while there is still room, and nobody is refused', async () => {
    await setHead(SIZE / 2n);
    await mayMake(false);
    const told: unknown[] = [];
    const log = open({ onPartitionTrouble: (error) => told.push(error) });
    await log.appender.submit(lane, item(0));
    await log.close();
    expect(told).toMatchObject([{ code: '42501' }]);
  });

  it('has the indexes of the log, so that entries are found by id and by leaf there too', async () => {
    await setHead(SIZE / 2n);
    await ensurePartitions(test.db);
    const rows = await test.db.query<{ name: string; indexes: bigint }>({
      text: `SELECT tablename AS name, count(*) AS indexes FROM pg_indexes WHERE schemaname = 'bridge' AND tablename ~ '^(entry|log_tag)_00000.$' GROUP BY 1 ORDER BY 1`,
    });
    expect(rows.rows).toEqual([
      { name: 'entry_000000', indexes: 2n },
      { name: 'entry_000001', indexes: 2n },
      { name: 'log_tag_000000', indexes: 2n },
      { name: 'log_tag_000001', indexes: 2n },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { createPartitions } from '../../src/audit/partitions.js';
import type { Database, Rows, Statement, Transaction } from '../../src/storage/database.js';

const HALF = 1n << 19n;
const PARTITION = 1n << 20n;

/** A database that holds only a head; `fail` is thrown instead of answering. */
function headOf(size: bigint) {
  const head = { size, asked: 0, fail: undefined as Error | undefined };
  const answer = async <R extends object>(): Promise<Rows<R>> => {
    head.asked += 1;
    if (head.fail !== undefined) throw head.fail;
    return { rows: [{ size: head.size }] as R[], count: 1 };
  };
  const tx: Transaction = {
    query: <R extends object>(_: Statement) => answer<R>(),
    run: async () => undefined,
  };
  const db: Database = { query: tx.query, transaction: (work) => work(tx), close: async () => undefined };
  return { head, db };
}

describe('partitions', () => {
  it('are made with the first leaf that an instance writes, and not again until the middle is reached', async () => {
    const { head, db } = headOf(5n);
    const partitions = createPartitions(db, () => undefined);
    for (const leaf of [4n, 5n, HALF - 1n]) {
      partitions.passed(leaf);
      await partitions.idle();
    }
    expect(head.asked).toBe(1);
    head.size = HALF + 1n;
    partitions.passed(HALF);
    await partitions.idle();
    expect(head.asked).toBe(2);
    partitions.passed(PARTITION + HALF - 1n);
    await partitions.idle();
    expect(head.asked).toBe(2);
  });

  it('are asked for once at a time', async () => {
    const { head, db } = headOf(5n);
    const partitions = createPartitions(db, () => undefined);
    for (let i = 0; i < 10; i += 1) partitions.passed(4n);
    await partitions.idle();
    expect(head.asked).toBe(1);
  });

  it('that could not be made are told of, tried again some leaves later, and harm nobody', async () => {
    const { head, db } = headOf(5n);
    const told: unknown[] = [];
    const partitions = createPartitions(db, (error) => {
      told.push(error);
      throw new Error('the observer fails too');
    });
    head.fail = new Error('permission denied');
    for (const leaf of [5n, 6n, 1_028n]) {
      partitions.passed(leaf);
      await partitions.idle();
    }
    expect(told).toEqual([head.fail]);
    head.fail = undefined;
    partitions.passed(1_029n);
    await partitions.idle();
    expect(head.asked).toBe(2);
  });

  it('that were missing at a boundary are made before the caller goes on, or the caller hears why not', async () => {
    const { head, db } = headOf(PARTITION);
    const partitions = createPartitions(db, () => undefined);
    await partitions.makeRoom();
    expect(head.asked).toBe(1);
    head.fail = new Error('permission denied');
    await expect(partitions.makeRoom()).rejects.toBe(head.fail);
  });
});

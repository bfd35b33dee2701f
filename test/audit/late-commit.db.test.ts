import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import { LateCommitProxy } from './support/late-commit-proxy.js';
import {
  createLogDatabase,
  type Item,
  openLog,
  probeLane,
  readProbes,
  requireSoundLog,
} from './support/log.js';

let test: TestDatabase;
let proxy: LateCommitProxy;
beforeEach(async () => {
  test = await createLogDatabase();
  proxy = new LateCommitProxy(new URL(test.appUrl));
});
afterEach(async () => {
  await proxy.close();
  await test.drop();
});

const item = (n: number): Item => ({ n, draft: () => numberedDraft(n) });
const lane = probeLane('1-late', 60_000);

/** Waits until a session of the application waits for a row or a transaction of another. */
async function untilSomebodyWaits(): Promise<void> {
  const text = `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')`;
  for (let i = 0; i < 500; i += 1) {
    if ((await test.db.query({ text })).count > 0) return;
    await sleep(10);
  }
  throw new Error('nobody waits');
}

describe('a COMMIT that is still on its way when its connection is lost', () => {
  it('is waited for: the entries that it writes are found, and not written again', async () => {
    const before = openLog(test.appUrl);
    const first = await before.appender.submit(lane, item(0));
    await before.close();
    const log = openLog(await proxy.listen(test.appUrl));
    proxy.armed = true;
    const submits = [1, 2].map((n) => log.appender.submit(lane, item(n)));
    await untilSomebodyWaits();
    proxy.deliver();
    const receipts = await Promise.all(submits);
    await log.close();
    expect(await requireSoundLog(test.db)).toHaveLength(3);
    const leaves = [first, ...receipts].map((receipt, n) => [n, receipt.leafIndex]);
    expect(await readProbes(test.db)).toEqual(new Map(leaves as [number, bigint][]));
  });
});

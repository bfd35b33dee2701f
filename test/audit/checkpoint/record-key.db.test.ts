import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyApplier, keyLane } from '../../../src/audit/checkpoint/record-key.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import type { TestDatabase } from '../../support/database.js';
import { createLogDatabase, type OpenLog, openLog, requireSoundLog } from '../support/log.js';
import { newSigner } from './support/public-log.js';

let test: TestDatabase;
let log: OpenLog;
const open = () =>
  openLog(test.appUrl, { deps: { appliers: new Map([[keyApplier.kind, keyApplier as EffectApplier]]) } });
beforeEach(async () => {
  test = await createLogDatabase();
  log = open();
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const [first, second] = [newSigner().key, newSigner().key];
const changes = async () =>
  (await requireSoundLog(test.db)).map(({ kind, line }) => [kind, JSON.parse(line).data]);

describe('the key of checkpoints', () => {
  it('is an entry at the first start and whenever it changes, and none otherwise', async () => {
    const start = (active = first, old = [second]) =>
      log.appender.submit(keyLane, { instance: 'one', active, old });
    expect(await start()).toMatchObject({ leafIndex: 0n });
    expect(await start()).toBeNull();
    expect(await start(second, [first])).toMatchObject({ leafIndex: 1n });
    expect(await start(second, [])).toBeNull();
    expect(await start(first)).toMatchObject({ leafIndex: 2n });
    expect(await changes()).toEqual([
      ['log.key-changed', { from: null, instance: 'one', old: [second.text], to: first.text }],
      ['log.key-changed', { from: first.text, instance: 'one', old: [first.text], to: second.text }],
      ['log.key-changed', { from: second.text, instance: 'one', old: [second.text], to: first.text }],
    ]);
  });

  it('of several instances that start at once is one entry', async () => {
    const others = [open(), open()];
    const submit = ({ appender }: OpenLog) =>
      appender.submit(keyLane, { instance: 'one', active: first, old: [] });
    const receipts = await Promise.all([log, ...others, log].map(submit));
    await Promise.all(others.map((other) => other.close()));
    expect(receipts.filter((receipt) => receipt !== null)).toHaveLength(1);
    expect(await changes()).toHaveLength(1);
  });
});

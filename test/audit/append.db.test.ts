import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plainLane } from '../../src/audit/plain-lane.js';
import type { TestDatabase } from '../support/database.js';
import { intentDraft, numberedDraft } from '../support/drafts.js';
import {
  createLogDatabase,
  failureOf,
  gate,
  type Item,
  type OpenLog,
  openLog,
  probeLane,
  readProbes,
  requireSoundLog,
} from './support/log.js';
import { numberOf } from './support/parts.js';

let test: TestDatabase;
let log: OpenLog;
beforeEach(async () => {
  test = await createLogDatabase();
  log = openLog(test.appUrl);
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const item = (n: number, person = n): Item => ({
  n,
  draft: () => numberedDraft(n, [numberOf('actor', person), numberOf('subject', person + 1)]),
});
const SOME = Array.from({ length: 20 }, (_, n) => n);

describe('the log', () => {
  it('answers with where the entry stands, and stands as it answered', async () => {
    const drafts = SOME.map(() => intentDraft({ reference: 'satır\nsonu\u2028"\\\u0000' }));
    const receipts = await Promise.all(drafts.map((draft) => log.appender.submit(plainLane, draft)));
    const rows = await requireSoundLog(test.db);
    expect(rows).toHaveLength(20);
    receipts.forEach((receipt, i) => {
      const row = rows[Number(receipt.leafIndex)];
      expect(row?.entry_id).toBe(drafts[i]?.id);
      expect(row?.leaf_hash.equals(receipt.leafHash)).toBe(true);
      expect(row?.at).toEqual(receipt.at);
      expect(JSON.parse(row?.line ?? '{}')).toMatchObject({ data: drafts[i]?.data });
    });
  });

  it('keeps one gapless order under three instances with interleaved lanes, and writes each item once', async () => {
    const others = [openLog(test.appUrl), openLog(test.appUrl, { settings: { maxBatch: 3 } })];
    const lanes = ['1-a', '2-b', '3-c'].map((name) => probeLane(name));
    const submits = Array.from({ length: 450 }, (_, n) => {
      const { appender } = [log, ...others][n % 3] as OpenLog;
      // Twelve persons for all: the instances meet the same new ones again and again.
      return appender.submit(lanes[Math.floor(n / 3) % 3] as (typeof lanes)[0], item(n, (n * 7) % 12));
    });
    const receipts = await Promise.all(submits);
    await Promise.all(others.map((other) => other.close()));
    const rows = await requireSoundLog(test.db);
    expect(rows).toHaveLength(450);
    expect(new Set(receipts.map((receipt) => receipt.leafIndex)).size).toBe(450);
    const probes = await readProbes(test.db);
    receipts.forEach((receipt, n) => {
      expect(probes.get(n)).toBe(receipt.leafIndex);
      expect(JSON.parse(rows[Number(receipt.leafIndex)]?.line ?? '{}')).toMatchObject({
        data: { reference: String(n) },
      });
    });
  });

  it('never sets `at` back where the clock of an instance jumps back, and keeps the time of the event', async () => {
    const times = [
      '2026-05-05T10:00:00Z',
      '2026-05-05T09:00:00Z',
      '2026-05-05T09:30:00Z',
      '2026-05-05T10:00:05Z',
    ];
    const jumping = openLog(test.appUrl, { deps: { now: () => new Date(times.shift() ?? 0) } });
    for (let n = 0; n < 4; n += 1) await jumping.appender.submit(plainLane, numberedDraft(n));
    await jumping.close();
    const rows = await requireSoundLog(test.db);
    expect(rows.map((row) => row.at.toISOString())).toEqual([
      '2026-05-05T10:00:00.000Z',
      '2026-05-05T10:00:00.000Z',
      '2026-05-05T10:00:00.000Z',
      '2026-05-05T10:00:05.000Z',
    ]);
    expect(JSON.parse(rows[1]?.line ?? '{}')).toMatchObject({ eventAt: '2026-05-05T10:00:00.000Z' });
  });

  it('gives an item with several entries consecutive leaves, and its effect the last of them', async () => {
    const lane = probeLane('1-three');
    const three = {
      ...lane,
      settle: async (...args: Parameters<typeof lane.settle>) =>
        (await lane.settle(...args)).map((one) => ({
          ...one,
          entries: [intentDraft(), intentDraft(), ...one.entries],
          answer: (receipts: readonly { leafIndex: bigint }[]) => receipts.map((r) => r.leafIndex),
        })),
    };
    const [a, b] = await Promise.all([
      log.appender.submit(three, item(1)),
      log.appender.submit(three, item(2)),
    ]);
    expect([a, b]).toEqual([
      [0n, 1n, 2n],
      [3n, 4n, 5n],
    ]);
    expect(await readProbes(test.db)).toEqual(
      new Map([
        [1, 2n],
        [2, 5n],
      ]),
    );
    await requireSoundLog(test.db);
  });

  it('answers an item that has nothing to write, and writes nothing', async () => {
    const idle = {
      name: '1-idle',
      patienceMs: 0,
      settle: async (_: unknown, items: readonly string[]) =>
        items.map((word) => ({ entries: [], effects: [], answer: () => word })),
    };
    expect(await log.appender.submit(idle, 'word')).toBe('word');
    expect(await requireSoundLog(test.db)).toHaveLength(0);
  });
});

describe('the line before the log', () => {
  it('refuses what is too much with AUDIT_OVERLOADED, and writes what it had taken', async () => {
    const { opened, open } = gate();
    const lane = probeLane('1-held', 20_000, () => opened);
    const full = openLog(test.appUrl, { settings: { maxBatch: 1, maxQueue: 2 } });
    const first = full.appender.submit(lane, item(0));
    await Promise.resolve().then(() => undefined);
    const waiting = [1, 2].map((n) => full.appender.submit(lane, item(n)));
    expect(await failureOf(full.appender.submit(lane, item(3)))).toMatchObject({ code: 'AUDIT_OVERLOADED' });
    open();
    await Promise.all([first, ...waiting]);
    await full.close();
    expect([...(await readProbes(test.db)).keys()].sort()).toEqual([0, 1, 2]);
  });

  it('is emptied before close() returns, and takes nothing more', async () => {
    const { opened, open } = gate();
    const lane = probeLane('1-held', 20_000, () => opened);
    const submits = SOME.map((n) => log.appender.submit(lane, item(n)));
    let ended = false;
    const closed = log.appender.close().then(() => {
      ended = true;
    });
    expect(await failureOf(log.appender.submit(lane, item(99)))).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await readProbes(test.db)).toEqual(new Map()); // a round trip, in which a hasty close() would have ended
    expect(ended).toBe(false);
    open();
    await closed;
    expect(await requireSoundLog(test.db)).toHaveLength(20);
    await Promise.all(submits);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldDays } from '../../../src/audit/day/fold-days.js';
import { readDays } from '../../../src/audit/day/read-days.js';
import type { EntryKind } from '../../../src/audit/entry.js';
import { indexEntries, indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import type { TestDatabase } from '../../support/database.js';
import { draft, rawLane, START } from '../search/support/random-log.js';
import { createLogDatabase, type OpenLog, openLog, readEntries } from '../support/log.js';

let test: TestDatabase;
let log: OpenLog;
let other: OpenLog;
let now = START;
beforeAll(async () => {
  test = await createLogDatabase();
  log = openLog(test.appUrl, { deps: { now: () => new Date(now) } });
  other = openLog(test.appUrl);
});
afterAll(async () => {
  await log.close();
  await other.close();
  await test.drop();
});

const KINDS = ['query.intent', 'query.refused', 'query.read', 'session.refused'] as const;
const HOUR_MS = 3_600_000;

const write = (kind: EntryKind, code: string | null) =>
  log.appender.submit(rawLane, draft(kind, code === null ? {} : { code }));

/** Counted from the lines alone. */
async function naive(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { at, kind, line } of await readEntries(log.db)) {
    const { data } = JSON.parse(line) as { data: { code?: string | null } };
    const name = `${istanbulDay(at)} ${kind} ${data.code ?? ''}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function folded(): Promise<Record<string, number>> {
  const rows = await readDays(log.db, { from: '2026-01-01', to: '2099-01-01', kinds: KINDS });
  return Object.fromEntries(rows.map(({ code, day, entries, kind }) => [`${day} ${kind} ${code}`, entries]));
}

describe('the counts by day', () => {
  it('equal a naive count whatever the slices, with two at it at once, and whoever is stopped midway', async () => {
    const entry = fc.record({
      kind: fc.constantFrom(...KINDS),
      code: fc.constantFrom(null, 'ROLE_REQUIRED', 'RATE_LIMITED'),
      hours: fc.integer({ min: 0, max: 9 }),
    });
    const round = fc.record({
      entries: fc.array(entry, { maxLength: 12 }),
      indexed: fc.integer({ min: 1, max: 20 }),
      folds: fc.array(
        fc.record({ window: fc.bigInt({ min: 1n, max: 9n }), maxWindows: fc.integer({ min: 0, max: 4 }) }),
        { minLength: 1, maxLength: 4 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
        for (const { entries, folds, indexed } of rounds) {
          for (const { code, hours, kind } of entries) {
            now += hours * HOUR_MS;
            await write(kind, kind === 'query.refused' || kind === 'session.refused' ? code : null);
          }
          await indexEntries(log.db, { limit: indexed, wait: true });
          await Promise.all(folds.map((how, i) => foldDays((i % 2 === 0 ? log : other).db, how)));
        }
        await indexUpToHead(log.db);
        // Who finds the counting taken leaves it to the other: after both, one look more is enough.
        await Promise.all([foldDays(log.db), foldDays(other.db)]);
        const { head, size } = await foldDays(log.db);
        expect(size).toBe(head);
        expect(await folded()).toEqual(await naive());
      }),
      { numRuns: 25 },
    );
  });

  it('are none of entries without search rows, and say how far they reach', async () => {
    await indexUpToHead(log.db);
    const before = await foldDays(log.db);
    await write('query.intent', null);
    expect(await foldDays(log.db)).toEqual({ size: before.size, head: before.head + 1n });
    await indexUpToHead(log.db);
    expect(await foldDays(log.db)).toEqual({ size: before.size + 1n, head: before.head + 1n });
  });

  it('go on where a fold that failed stood, with nothing counted twice', async () => {
    await write('query.refused', 'ROLE_REQUIRED');
    await indexUpToHead(log.db);
    const failing: typeof log.db = {
      ...log.db,
      query: (statement) => log.db.query(statement),
      close: () => log.db.close(),
      transaction: (work, options) =>
        log.db.transaction(async (tx) => {
          await work(tx);
          throw new Error('the power went');
        }, options),
    };
    await expect(foldDays(failing)).rejects.toThrow('the power went');
    await foldDays(log.db);
    expect(await folded()).toEqual(await naive());
  });

  it('do not wait for another who is counting', async () => {
    await write('query.intent', null);
    await indexUpToHead(log.db);
    await log.db.transaction(async (tx) => {
      await tx.query({ text: 'SELECT size FROM bridge.log_day_fold FOR UPDATE' });
      const { head, size } = await foldDays(other.db);
      expect(size).toBeLessThan(head);
    });
    const { head, size } = await foldDays(other.db);
    expect(size).toBe(head);
  });

  it('are read by day and kind alone', async () => {
    const today = istanbulDay(new Date(now));
    const rows = await readDays(log.db, { from: today, to: today, kinds: ['query.intent'] });
    expect(new Set(rows.map(({ day, kind }) => `${day} ${kind}`))).toEqual(
      new Set([`${today} query.intent`]),
    );
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntryDraft } from '../../src/audit/entry.js';
import type { Effect, Lane } from '../../src/audit/lane.js';
import { sideTag } from '../../src/audit/person-keys.js';
import { istanbulYear } from '../../src/calendar/istanbul-day.js';
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
import { numberOf, personOf, tagger } from './support/parts.js';

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

const item = (n: number): Item => ({ n, draft: () => numberedDraft(n, [numberOf('subject', n)]) });
const lane = probeLane('1-probe');

describe('a poisonous item', () => {
  const POISONS: readonly [string, Item, unknown][] = [
    ['breaks a constraint by its effect', { ...item(0), n: -1 }, { code: '23514' }],
    ['doubles a key by its effect', { ...item(0), n: 1 }, { code: '23505' }],
    [
      'has no canonical form',
      { n: 100, draft: () => intentDraft({ criteria: 0.5 }) },
      { code: 'ENTRY_INVALID' },
    ],
    [
      'makes the lane throw',
      {
        n: 101,
        draft: () => {
          throw new TypeError('bad item');
        },
      },
      { message: 'bad item' },
    ],
    [
      'has an id that PostgreSQL refuses',
      { n: 102, draft: () => ({ ...intentDraft(), id: 'x' }) },
      { code: 'ENTRY_INVALID' },
    ],
  ];

  it.each(POISONS)('that %s fails alone; the others are written, each once', async (_, poison, failure) => {
    await log.appender.submit(lane, item(1));
    const good = [2, 3, 4, 5].map((n) => log.appender.submit(lane, item(n)));
    const bad = failureOf(log.appender.submit(lane, poison));
    const after = [6, 7].map((n) => log.appender.submit(lane, item(n)));
    expect(await bad).toMatchObject(failure as object);
    await Promise.all([...good, ...after]);
    expect(await requireSoundLog(test.db)).toHaveLength(7);
    expect([...(await readProbes(test.db)).keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('of another lane does not hurt either', async () => {
    const bad: Lane<number, null> = {
      name: '0-bad',
      patienceMs: 20_000,
      settle: async (tx, items) => {
        await tx.query({ text: 'SELECT 1 / 0' });
        return items.map(() => ({ entries: [], effects: [], answer: () => null }));
      },
    };
    const failing = [1, 2].map((n) => failureOf(log.appender.submit(bad, n)));
    const good = [1, 2, 3].map((n) => log.appender.submit(lane, item(n)));
    for (const failure of failing) expect(await failure).toMatchObject({ code: '22012' });
    await Promise.all(good);
    expect(await requireSoundLog(test.db)).toHaveLength(3);
  });

  it.each([
    ['too few', (all: unknown[]) => all.slice(1)],
    ['too many', (all: unknown[]) => [...all, all[0]]],
    ['undefined', (all: unknown[]) => all.map(() => undefined)],
  ])('cannot be hidden by a lane that settles %s', async (_, change) => {
    const wrong = {
      ...lane,
      settle: async (...args: Parameters<typeof lane.settle>) => change([...(await lane.settle(...args))]),
    } as unknown as typeof lane;
    const failure = await failureOf(Promise.all([1, 2].map((n) => log.appender.submit(wrong, item(n)))));
    expect(failure).toBeInstanceOf(Error);
    expect(await requireSoundLog(test.db)).toHaveLength(0);
  });

  it('whose effect has no entry is refused, not answered as done', async () => {
    const silent: Lane<number, string> = {
      name: '1-silent',
      patienceMs: 0,
      settle: async (_tx, items) =>
        items.map((n) => ({ entries: [], effects: [{ kind: 'probe', n } as Effect], answer: () => 'done' })),
    };
    expect(await failureOf(log.appender.submit(silent, 5))).toMatchObject({ code: 'ENTRY_INVALID' });
    expect(await readProbes(test.db)).toEqual(new Map());
  });
});

describe('an answer that fails', () => {
  it('is the fault of its item alone, which is written all the same', async () => {
    const cross = {
      ...lane,
      settle: async (...args: Parameters<typeof lane.settle>) =>
        (await lane.settle(...args)).map((one) => ({
          ...one,
          answer: () => {
            throw new Error('cross');
          },
        })),
    };
    const bad = failureOf(log.appender.submit(cross, item(1)));
    await log.appender.submit(lane, item(2));
    expect(await bad).toMatchObject({ message: 'cross' });
    expect(await requireSoundLog(test.db)).toHaveLength(2);
  });
});

describe('an observer or a pause that fails', () => {
  it('does not stop the log', async () => {
    const touchy = openLog(test.appUrl, {
      deps: {
        observe: () => {
          throw new Error('metrics are broken');
        },
        sleep: () => Promise.reject(new Error('no timers')),
      },
    });
    await touchy.appender.submit(lane, item(1));
    await touchy.appender.submit(lane, item(2));
    await touchy.close();
    expect(await requireSoundLog(test.db)).toHaveLength(2);
  });
});

describe('what metrics are told', () => {
  it('is each batch, how many items it had, and whether it failed', async () => {
    const told: unknown[] = [];
    const watched = openLog(test.appUrl, {
      deps: { observe: ({ items, failed }) => told.push([items, failed]) },
    });
    await Promise.all([1, 2, 3].map((n) => watched.appender.submit(lane, item(n))));
    await failureOf(Promise.all([4, -1].map((n) => watched.appender.submit(lane, { ...item(4), n }))));
    await watched.close();
    expect(told).toEqual([
      [3, false],
      [2, true],
      [1, false],
      [1, true],
    ]);
  });
});

/** A lane whose items are several entries each. */
const several: Lane<readonly EntryDraft[], undefined> = {
  name: '9-several',
  patienceMs: 20_000,
  settle: async (_tx, items) => items.map((entries) => ({ entries, effects: [], answer: () => undefined })),
};

describe('two instances that wait for each other', () => {
  it('do so in no circle over persons whom both meet first: keys are made in one order', async () => {
    const failed: boolean[] = [];
    const observe = (batch: { failed: boolean }) => failed.push(batch.failed);
    const logs = [0, 1].map(() => openLog(test.appUrl, { deps: { observe } }));
    const { opened, open } = gate();
    const held = gate();
    // Somebody makes the key of the person in the middle; both instances reach it from their own end.
    const holder = test.db.transaction(async (tx) => {
      const tag = sideTag(tagger, 'subject', personOf(2));
      await tx.query({
        text: `INSERT INTO bridge.person_key VALUES (gen_random_uuid(), $1, $2, 'subject', 1, 'm1', '')`,
        values: [tag, istanbulYear(new Date())],
      });
      held.open();
      await opened;
      throw new Error('rolled back');
    });
    await held.opened;
    const submits = [
      [1, 2, 3],
      [3, 2, 1],
    ].map((persons, i) =>
      logs[i]?.appender.submit(
        several,
        persons.map((n) => numberedDraft(n, [numberOf('subject', n)])),
      ),
    );
    for (let waiting = 0; waiting < 2; await new Promise((resolve) => setTimeout(resolve, 5))) {
      const text = `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`;
      waiting = (await test.db.query({ text })).count;
    }
    open();
    await expect(holder).rejects.toThrow('rolled back');
    await Promise.all(submits);
    await Promise.all(logs.map((one) => one.close()));
    expect(failed).toEqual([false, false]);
    await requireSoundLog(test.db);
  });

  it('both write, whichever PostgreSQL ends', async () => {
    const held = [new Set<string>(), new Set<string>()];
    const crossing = (name: string, first: number, second: number) => {
      let met = false;
      return probeLane(name, 20_000, async (tx) => {
        await tx.query({ text: 'SELECT pg_advisory_xact_lock(99, $1)', values: [first] });
        held[0]?.add(name);
        // Only the first tries meet; afterwards the loser comes alone.
        while (!met && (held[0]?.size ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
        met = true;
        await tx.query({ text: 'SELECT pg_advisory_xact_lock(99, $1)', values: [second] });
      });
    };
    const other = openLog(test.appUrl);
    await Promise.all([
      log.appender.submit(crossing('1-a', 1, 2), item(1)),
      other.appender.submit(crossing('1-b', 2, 1), item(2)),
    ]);
    await other.close();
    expect(await requireSoundLog(test.db)).toHaveLength(2);
  });
});

describe('a trouble that does not end', () => {
  const always = (error: unknown) =>
    probeLane('1-always', 0, async () => {
      throw error;
    });

  it('with other batches is given up with the patience of the item', async () => {
    const deadlock = Object.assign(new Error('deadlock'), { code: '40P01' });
    expect(await failureOf(log.appender.submit(always(deadlock), item(1)))).toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      cause: deadlock,
    });
  });

  it('with a partition of another table is the fault of the item, and of it alone', async () => {
    const missing = Object.assign(new Error('no partition'), { code: '23514', routine: 'ExecFindPartition' });
    const bad = failureOf(log.appender.submit(always(missing), item(1)));
    const good = log.appender.submit(lane, item(2));
    expect(await bad).toBe(missing);
    await good;
    expect(await requireSoundLog(test.db)).toHaveLength(1);
  });

  it('with locks that are not had in time holds nobody else up for good', async () => {
    const slow = Object.assign(new Error('lock timeout'), { code: '55P03' });
    const bad = failureOf(log.appender.submit(always(slow), item(1)));
    const good = [2, 3].map((n) => log.appender.submit(lane, item(n)));
    expect(await bad).toMatchObject({ code: 'AUDIT_UNAVAILABLE', cause: slow });
    await Promise.all(good);
    expect(await requireSoundLog(test.db)).toHaveLength(2);
  });
});

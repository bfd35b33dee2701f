import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAppender } from '../../../src/audit/appender.js';
import type { DataOf } from '../../../src/audit/catalogue/catalogue.js';
import { draftOf } from '../../../src/audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../../../src/audit/lane.js';
import { destroyKeys, keysDestroyedApplier } from '../../../src/audit/retention/destroy-keys.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { recordReadings } from '../../support/authority.js';
import { someone } from '../../verification/support/house.js';
import { masterKeys, tagger } from '../support/parts.js';
import { type FullHouse, grantRole, openFullHouse, PORTS, reading, seatOf } from './support/full-house.js';

let full: FullHouse;

beforeAll(async () => {
  full = await openFullHouse();
});

afterAll(() => full.close());

/** Destroys keys as the periodic run does: rows and entry in one transaction that excludes batches. */
const destroyLane: Lane<readonly string[], number> = {
  name: '5-test-destroy',
  patienceMs: 20_000,
  exclusive: true,
  settle: async (tx, items) => {
    const settled = [];
    for (const ids of items) {
      const { keys, searchRows } = await destroyKeys(tx, ids, '2026-05-04');
      const data: DataOf<'retention.destroyed'> = {
        actor: null,
        decision: null,
        instance: 'i',
        keptForRecords: 0,
        keys: keys.map(({ keyId }) => keyId),
        legalGround: 'g',
        proposal: null,
        rule: 'term',
        searchRows,
        side: 'subject',
        yearFrom: 2026,
        yearTo: 2026,
        years: 1,
      };
      settled.push({
        entries: [draftOf('retention.destroyed', full.house.now, data)],
        effects: [{ kind: 'keys-destroyed', keys } as Effect],
        answer: () => keys.length,
      });
    }
    return settled;
  },
};

async function destroySome(count: number): Promise<number> {
  const log = createAppender(
    { maxBatch: 16, maxQueue: 100 },
    {
      db: full.house.test.db,
      masterKeys,
      tagger,
      appliers: new Map([[keysDestroyedApplier.kind, keysDestroyedApplier as EffectApplier]]),
      now: () => full.house.now,
      sleep: async () => undefined,
    },
  );
  const rows = await full.rows<{ id: string }>(
    `SELECT key_id AS id FROM bridge.person_key WHERE side = 'subject' ORDER BY created_at LIMIT ${count}`,
  );
  const gone = await log.submit(
    destroyLane,
    rows.map(({ id }) => id),
  );
  await log.close();
  return gone;
}

describe('a log that is being written', () => {
  it('passes while others append, publish, make search rows, change rights and destroy keys', async () => {
    for (let n = 0; n < 20; n += 1) await full.ask(n);
    await full.settle();
    let over = false;
    const work = async () => {
      for (let n = 100; !over; n += 1) {
        full.house.pass(1);
        await full.ask(n);
        if (n % 3 === 0) await indexUpToHead(full.house.test.db);
        if (n % 4 === 0) await full.stampNow();
        if (n % 5 === 0) expect(await destroySome(2)).toBe(2);
        if (n % 7 === 0) await grantRole(full, someone(n), randomUUID());
        if (n % 6 === 0)
          await recordReadings(
            full.log,
            full.house.test.db,
            PORTS,
            [reading([seatOf(full.asker), seatOf(someone(n))])],
            full.house.now,
          );
      }
    };
    const working = work();
    const sizes = new Set<bigint>();
    for (let round = 0; round < 25; round += 1) {
      const { difference, size } = await full.check();
      expect(difference).toBeNull();
      sizes.add(size);
    }
    over = true;
    await working;
    expect(sizes.size).toBeGreaterThan(10);
    const { difference, passed } = await full.check();
    expect(difference).toBeNull();
    expect(passed.find(({ check }) => check === 'keys')?.text).toMatch(/with a record \([1-9]/);
  });

  it('is not told of as changed because a reference looks like an escape of JSON', async () => {
    const subject = { kimlikNo: '10000000146' };
    for (const reference of ['\\u0000', 'a\\\\u0000', '\u{1F600}'.repeat(10), 'x'.repeat(64)])
      expect(await full.bridge.ask({ token: full.token, question: { reference, subject } })).toBe('match');
    await full.settle();
    expect((await full.check()).difference).toBeNull();
  });

  it('passes with entries behind the last search rows, tiles and checkpoint', async () => {
    await full.ask(900);
    expect((await full.check()).difference).toBeNull();
  });

  it('with nothing in it passes too', async () => {
    const empty = await openFullHouse();
    await empty.tamper(
      'TRUNCATE bridge.entry, bridge.log_tag, bridge.log_search, bridge.person_key, bridge.authority_seat, bridge.authority_history, bridge.authority_cooperative, bridge.authority_event CASCADE',
    );
    await empty.tamper('UPDATE bridge.authority_head SET last_event = 0');
    await empty.tamper("UPDATE bridge.log_head SET size = 0, compact_range = '', last_at = 'epoch'");
    expect((await empty.check({ readWitness: async () => null })).difference).toBeNull();
    await empty.close();
  });

  it('tells of keys under master keys that are not at hand, and does not take them for changed', async () => {
    const other = {
      ...masterKeys,
      unwrap: (...args: Parameters<typeof masterKeys.unwrap>) => masterKeys.unwrap(args[0], args[1], 'm9'),
    };
    const { difference, passed } = await full.check({ masterKeys: other });
    expect(difference).toBeNull();
    expect(passed.find(({ check }) => check === 'keys')?.text).toContain('not in the settings');
    expect(passed.find(({ check }) => check === 'authority-history')?.text).toMatch(
      /; holders of [1-9]\d* roles not compared/,
    );
  });

  it('tells of roles whose holder cannot be compared because the key was destroyed', async () => {
    await grantRole(full, someone(1_000), randomUUID());
    await destroySome(100_000);
    await full.settle();
    const { difference, passed } = await full.check();
    expect(difference).toBeNull();
    const [roles] = await full.rows<{ count: number }>(
      'SELECT count(*)::int AS count FROM bridge.authority_role',
    );
    expect(passed.find(({ check }) => check === 'authority-history')?.text).toContain(
      `; holders of ${roles?.count} roles not compared: their keys are destroyed or not at hand`,
    );
  });

  it('holds a destruction against the keys: one that an entry names and the table does not', async () => {
    await full.settle();
    await full.tamper(
      'DELETE FROM bridge.destroyed_key WHERE key_id = (SELECT min(key_id::text)::uuid FROM bridge.destroyed_key)',
    );
    expect((await full.check()).difference?.check).toBe('keys');
  });
});

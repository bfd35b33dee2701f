import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cursorFault, type FeedEvent, readEnds, readEvents } from '../../src/events/feed.js';
import { purgeEvents } from '../../src/events/purge-events.js';
import { readSnapshot, type SnapshotPlace } from '../../src/events/snapshot.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { TEST_POOL } from '../support/database.js';
import {
  DAY_S,
  type EventHouse,
  eventOf,
  later,
  MERSIS,
  NOW,
  openEventHouse,
  tagOf,
} from './support/event-house.js';

let house: EventHouse;
const db = () => house.test.db;

beforeAll(async () => {
  house = await openEventHouse();
});
afterAll(async () => house.close());
beforeEach(async () => house.reset());

async function readAll(after: bigint | null, sizeOf: () => number): Promise<FeedEvent[]> {
  const all: FeedEvent[] = [];
  for (let cursor = after; ; ) {
    const { events, last } = await readEvents(db(), cursor, sizeOf());
    all.push(...events);
    cursor = events.at(-1)?.position ?? cursor;
    if (events.length === 0 || cursor === last) return all;
  }
}

const positions = (events: readonly FeedEvent[]) => events.map(({ position }) => Number(position));

describe('the feed', () => {
  it('gives each event as it was written, with its entry', async () => {
    const basis = randomUUID();
    await db().transaction((tx) => house.write(tx, [eventOf(4, basis, 'lost')]));
    const { events, first, last } = await readEvents(db(), null, 10);
    expect([first, last]).toEqual([1n, 1n]);
    expect(events).toEqual([
      {
        position: 1n,
        at: NOW,
        kind: 'lost',
        tag: tagOf(4),
        mersisNo: MERSIS,
        basis,
        data: eventOf(4, basis, 'lost').data,
        leaf: 3n,
      },
    ]);
  });

  it('is empty, with its ends, before anything has happened', async () => {
    expect(await readEvents(db(), null, 10)).toEqual({ events: [], first: 1n, last: 0n });
    expect(cursorFault(0n, await readEnds(db()))).toBeNull();
    expect(cursorFault(1n, await readEnds(db()))).toBe('ahead');
  });

  it('goes on from every cursor, in pages of any size, with the same events', async () => {
    await house.grantMany(40);
    const whole = await readAll(null, () => 1000);
    expect(positions(whole)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async (after, sizes) => {
          const read = await readAll(BigInt(after), () => sizes.next().value as number);
          expect(read).toEqual(whole.slice(after));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('shows no event while one before it is not committed: the second writer cannot even take a number', async () => {
    await withConnection({ url: house.test.appUrl, ...TEST_POOL }, async (ask) => {
      await ask('BEGIN');
      await ask('UPDATE bridge.authority_head SET last_event = last_event + 1');
      await ask(`INSERT INTO bridge.authority_event VALUES (1, now(), 'granted', decode(repeat('00', 16), 'hex'), NULL,
        gen_random_uuid(), '{}', 1)`);
      const second = house.grantMany(2);
      const waiting =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
      while ((await house.rows(waiting)).length === 0) await sleep(5);
      expect(await readEvents(db(), null, 10)).toEqual({ events: [], first: 1n, last: 0n });
      await ask('COMMIT');
      await second;
      const { events, last } = await readEvents(db(), null, 10);
      expect([positions(events), last]).toEqual([[1, 2, 3], 3n]);
    });
  });

  it('never has a gap for who follows it while many write, some of whom roll back', async () => {
    const seen: number[] = [];
    let writing = true;
    const follow = async () => {
      for (let cursor = 0n; ; ) {
        const isLast = !writing;
        const { events } = await readEvents(db(), cursor, 3);
        seen.push(...positions(events));
        cursor = events.at(-1)?.position ?? cursor;
        if (isLast && events.length === 0) return;
      }
    };
    const following = follow();
    const writers = Array.from({ length: 24 }, async (_, n) => {
      const work = db().transaction(async (tx) => {
        await house.write(
          tx,
          Array.from({ length: (n % 4) + 1 }, () => eventOf(n, randomUUID())),
        );
        if (n % 5 === 0) throw new Error('thought better of it');
      });
      await work.catch(() => undefined);
    });
    await Promise.all(writers);
    writing = false;
    await following;
    const { last } = await readEnds(db());
    expect(seen).toEqual(Array.from({ length: Number(last) }, (_, n) => n + 1));
    expect(last).toBeGreaterThan(20n);
  });
});

describe('a feed that somebody has cut into', () => {
  const hole = { code: 'LOG_INCONSISTENT' };
  const read = (after: bigint | null, limit = 10) => readEvents(db(), after, limit);

  it.each([
    ['in the middle', 'DELETE FROM bridge.authority_event WHERE position = 3', null],
    ['in the middle, behind a cursor', 'DELETE FROM bridge.authority_event WHERE position = 3', 1n],
    ['right behind the cursor', 'DELETE FROM bridge.authority_event WHERE position = 3', 2n],
    ['the first one', 'DELETE FROM bridge.authority_event WHERE position = 1', null],
    ['the last one', 'DELETE FROM bridge.authority_event WHERE position = 5', 3n],
    ['all of them', 'DELETE FROM bridge.authority_event', null],
    ['the number of the last one raised', 'UPDATE bridge.authority_head SET last_event = 9', null],
    ['the number of the last one lowered', 'UPDATE bridge.authority_head SET last_event = 4', null],
  ])('gives no page over the hole: %s', async (_name, sql, after) => {
    await house.grantMany(5);
    await house.rows(sql);
    await expect(read(after)).rejects.toMatchObject(hole);
  });

  it('still gives the pages that are whole, and leaves cursors that are too old or ahead to their own answer', async () => {
    await house.grantMany(5);
    await house.rows('DELETE FROM bridge.authority_event WHERE position = 4');
    expect(positions((await read(null, 3)).events)).toEqual([1, 2, 3]);
    expect(positions((await read(4n)).events)).toEqual([5]);
    expect((await read(9n)).events).toEqual([]);
    await house.rows('DELETE FROM bridge.authority_event WHERE position < 4');
    await house.rows('UPDATE bridge.authority_head SET first_event = 5');
    const { first, last } = await read(1n);
    expect(cursorFault(1n, { first, last })).toBe('too-old');
  });
});

describe('purging', () => {
  const kept = { keepDays: 90, retryDays: 5 };

  it('takes what is too old from the beginning, and moves the first event with it', async () => {
    await house.grantMany(3, later(-100 * DAY_S));
    await house.grantMany(2, later(-90 * DAY_S));
    await house.grantMany(2);
    expect(await purgeEvents(db(), kept, NOW)).toBe(3);
    const { events, first, last } = await readEvents(db(), null, 10);
    expect([positions(events), first, last]).toEqual([[4, 5, 6, 7], 4n, 7n]);
    expect(cursorFault(3n, { first, last })).toBeNull();
    expect(cursorFault(2n, { first, last })).toBe('too-old');
    expect(cursorFault(8n, { first, last })).toBe('ahead');
    expect(await purgeEvents(db(), kept, NOW)).toBe(0);
  });

  it('leaves a cursor at the end good where everything is gone', async () => {
    await house.grantMany(5, later(-100 * DAY_S));
    expect(await purgeEvents(db(), kept, NOW)).toBe(5);
    const ends = await readEnds(db());
    expect(ends).toEqual({ first: 6n, last: 5n });
    expect([cursorFault(5n, ends), cursorFault(4n, ends)]).toEqual([null, 'too-old']);
    await house.grantMany(1);
    expect(positions((await readEvents(db(), 5n, 10)).events)).toEqual([6]);
  });

  it('makes no hole: an old event behind a young one stays', async () => {
    await house.grantMany(1, later(-100 * DAY_S));
    await house.grantMany(1);
    await house.grantMany(1, later(-100 * DAY_S));
    expect(await purgeEvents(db(), kept, NOW)).toBe(1);
    expect(positions((await readEvents(db(), null, 10)).events)).toEqual([2, 3]);
  });

  it('keeps what is on its way to a receiver, and lets dead letters go with their events', async () => {
    await house.grantMany(4, later(-100 * DAY_S));
    await house.rows(
      `INSERT INTO bridge.webhook_delivery (client_id, position, queued_at, next_at, dead_at)
        VALUES ('a', 1, $1, $1, $1), ('a', 3, $1, $1, NULL), ('a', 4, $1, $1, $1)`,
      [NOW],
    );
    expect(await purgeEvents(db(), kept, NOW)).toBe(2);
    expect((await readEnds(db())).first).toBe(3n);
    const left = await house.rows<{ position: bigint }>(
      'SELECT position FROM bridge.webhook_delivery ORDER BY 1',
    );
    expect(left.map(({ position }) => position)).toEqual([3n, 4n]);
  });

  it('takes more than a chunk in one run', async () => {
    await house.rows(
      `INSERT INTO bridge.authority_event SELECT n, $1, 'granted', $2, NULL, gen_random_uuid(), '{}', 1 FROM generate_series(1, 4500) n`,
      [later(-100 * DAY_S), tagOf(1)],
    );
    await house.rows('UPDATE bridge.authority_head SET last_event = 4500');
    expect(await purgeEvents(db(), kept, NOW)).toBe(4500);
    expect((await readEnds(db())).first).toBe(4501n);
  });
});

describe('a snapshot', () => {
  it('shows what the feed has told to be in force: seats with what is told of them, and roles', async () => {
    const seat = await house.seat(1, true);
    await house.seat(2, false);
    await house.rows(
      `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il, told)
        VALUES ($1, $2, 'directorate', 'ticaret', '06', true), (gen_random_uuid(), $2, 'directorate', 'tarim', '34', false)`,
      ['22222222-2222-4222-8222-222222222222', tagOf(3)],
    );
    const first = await readSnapshot(db(), null, 10);
    expect(first.grants).toEqual([
      {
        basis: seat,
        tag: tagOf(1),
        mersisNo: MERSIS,
        role: 'board',
        ministry: 'ticaret',
        il: '06',
        from: '2026-01-01',
        to: null,
        registeredOn: '2026-01-02',
        leaf: 5n,
      },
    ]);
    const second = await readSnapshot(db(), first.next, 10);
    expect(second).toMatchObject({
      next: null,
      grants: [{ role: 'directorate', ministry: 'ticaret', leaf: null }],
    });
  });

  it('is what is in force, with the feed behind its position, whatever changes between its pages', async () => {
    const change = fc.record({ seat: fc.nat(7), granted: fc.boolean() });
    const run = fc.asyncProperty(
      fc.array(fc.array(change, { maxLength: 4 }), { minLength: 4, maxLength: 8 }),
      fc.integer({ min: 1, max: 3 }),
      async (rounds, size) => {
        await house.reset();
        const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => house.seat(n, false)));
        const apply = async (changes: readonly { seat: number; granted: boolean }[]) => {
          for (const { seat, granted } of changes) await turn(ids[seat] ?? '', seat, granted);
        };
        const [before = [], ...between] = rounds;
        await apply(before);
        const state = new Set<string>();
        let place: SnapshotPlace | null = null;
        let position = 0n;
        do {
          const page = await readSnapshot(db(), place, size);
          if (place !== null) expect(page.position).toBe(position);
          position = page.position;
          for (const { basis } of page.grants) state.add(basis);
          place = page.next;
          await apply(between.shift() ?? []);
        } while (place !== null);
        for (const rest of between) await apply(rest);
        for (const { kind, basis } of await readAll(position, () => 2))
          if (kind === 'granted') state.add(basis);
          else state.delete(basis);
        const told = await house.rows<{ id: string }>(
          'SELECT seat_id AS id FROM bridge.authority_seat WHERE told',
        );
        expect([...state].sort()).toEqual(told.map(({ id }) => id).sort());
      },
    );
    await fc.assert(run, { numRuns: 20 });
  });

  /** As the writer of rights does it: row and event in one transaction, and only what is new. */
  async function turn(id: string, n: number, granted: boolean): Promise<void> {
    await db().transaction(async (tx) => {
      const text = 'UPDATE bridge.authority_seat SET told = $2 WHERE seat_id = $1 AND told <> $2';
      if ((await tx.query({ text, values: [id, granted] })).count === 0) return;
      await house.write(tx, [eventOf(n, id, granted ? 'granted' : 'lost')]);
    });
  }
});

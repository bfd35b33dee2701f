import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { problemReply } from '../../../src/api/reply.js';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { Lane } from '../../../src/audit/lane.js';
import { readVersionAt } from '../../../src/authority/history/read-version.js';
import { openPersons } from '../../../src/authority/recording/persons.js';
import type { CooperativeReading, SeatReading } from '../../../src/authority/recording/reading.js';
import { lockRecords } from '../../../src/authority/recording/records.js';
import { settleChanges } from '../../../src/authority/recording/settle-changes.js';
import { turnDay } from '../../../src/authority/recording/turn-day.js';
import type { BridgeConfig } from '../../../src/config/schema.js';
import { tellPersons } from '../../../src/events/telling.js';
import { leafKnownAt } from '../../../src/house/authority/known-leaf.js';
import { openAuthorities } from '../../../src/house/authority/open-authorities.js';
import { RECORDING_APPLIERS } from '../../../src/house/authority/record-ports.js';
import { type OpenLog, openLog, readEntries, readHead } from '../../audit/support/log.js';
import { digitsOf, masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const A = '0123456789000015';
const B = '0123456789000023';
const ports = portsOf({ masterKeys, tagger });
const FIRST = new Date('2026-05-04T09:00:00Z');
const SECOND = new Date('2026-06-01T09:00:00Z');
const NOW = new Date('2026-06-02T09:00:00Z');
const CONFIG = {
  instance: 'bridge-1',
  authority: { staleAfterHours: 48, nothingAfterHours: 96, afterTerm: { mode: 'assembly-only', days: 30 } },
} as unknown as BridgeConfig;

let test: TestDatabase;
let log: OpenLog;
let now: Date;
beforeEach(async () => {
  test = await createTestDatabase({ migrations: true });
  const appliers = new Map(RECORDING_APPLIERS.map((one) => [one.kind, one]));
  now = FIRST;
  log = openLog(test.appUrl, { deps: { appliers, now: () => now } });
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const seat = (n: number, changes: Partial<SeatReading> = {}) => seatReading(tagger, personOf(n), changes);
const record = (at: Date, mersisNo: string, changes: Partial<CooperativeReading>) => {
  now = at;
  return recordReadings(log.appender, log.db, ports, [cooperativeReading(mersisNo, changes)], at);
};
const client = (id: string, ...permissions: readonly string[]) => ({ id, permissions });

async function ask(query = '', caller = client('core', 'evaluation'), mersisNo = A) {
  const house = { config: CONFIG, db: log.db, now: () => NOW, gate: { requireSound: () => undefined } };
  const { routes } = openAuthorities({ ...house, log: { ...log, masterKeys, tagger } });
  const request = { url: `/x${query}`, params: { mersisNo }, headers: {} } as unknown as Request;
  now = NOW;
  const given = { client: caller, certificateSha256: Buffer.alloc(32), requestId: 'r-1' } as never;
  const reply = await Promise.resolve()
    .then(() => routes[0]?.handle(request, given))
    .catch(problemReply);
  return { status: reply?.status, body: JSON.parse(String(reply?.body ?? 'null')) };
}
const rolesOf = ({ body }: Awaited<ReturnType<typeof ask>>) =>
  body.authorities.map(({ role, from, to }: Record<string, string>) => [role, from, to]);
const lastEntry = async () => checkLine((await readEntries(test.db)).at(-1)?.line ?? '');

describe('who could act on a day, as known on a day', () => {
  it('is another answer before a correction was recorded than after it, for the same day', async () => {
    await record(FIRST, A, { seats: [seat(1, { endsOn: '2026-05-20' })] });
    await record(SECOND, A, { seats: [seat(1, { endsOn: '2026-05-10' })] });
    const before = await ask('?at=2026-05-15&knownAt=2026-05-16');
    expect(rolesOf(before)).toEqual([['board', '2025-01-01', '2026-05-20']]);
    expect(before.body).toMatchObject({ version: 1, knownFrom: null, readAt: null, freshness: null });
    expect(before.body.authorities[0].may).toContain('member.add');
    const after = await ask('?at=2026-05-15');
    // The old board, which calls the assembly.
    expect(rolesOf(after)).toEqual([['board-after-term', '2025-01-01', '2026-05-10']]);
    expect(after.body.authorities[0].may).toEqual([
      'assembly.call',
      'assembly.record',
      'attendance-list.read',
    ]);
    expect(after.body).toMatchObject({ version: 2, knownAt: null, readAt: SECOND.toISOString() });
    const leaf = (await readEntries(test.db))[after.body.entry.leafIndex];
    expect(checkLine(leaf?.line ?? '')).toMatchObject({ kind: 'authority.recorded', data: { version: 2 } });
  });

  it('keeps a seat in force for the days before its source named it no longer', async () => {
    await record(FIRST, A, { seats: [seat(1), seat(2)] });
    await record(SECOND, A, { seats: [seat(2)] });
    expect(rolesOf(await ask('?at=2026-05-31'))).toEqual(
      expect.arrayContaining([
        ['board', '2025-01-01', '2026-06-01'],
        ['board', '2025-01-01', null],
      ]),
    );
    expect(rolesOf(await ask('?at=2026-06-01'))).toEqual([['board', '2025-01-01', null]]);
  });

  it('counts what was recorded at the very instant, and nothing of a millisecond later', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    const at = (shiftMs: number) => ask(`?knownAt=${new Date(FIRST.getTime() + shiftMs).toISOString()}`);
    expect((await at(-1)).status).toBe(404);
    expect((await at(0)).status).toBe(200);
  });

  it('means by a bare date the beginning of that day in Europe/Istanbul', async () => {
    await record(new Date('2026-05-04T20:59:59.999Z'), A, { seats: [seat(1)] });
    await record(new Date('2026-05-04T21:00:00.001Z'), A, { durum: 'tasfiye', durumSince: '2026-05-05' });
    expect((await ask('?at=2026-05-05&knownAt=2026-05-05')).body).toMatchObject({
      durum: 'faal',
      version: 1,
    });
    expect((await ask('?at=2026-05-05&knownAt=2026-05-06')).body).toMatchObject({ durum: 'tasfiye' });
  });

  it('goes to the cooperative that it went into, as known then too', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    await record(FIRST, B, { seats: [seat(2)] });
    await record(SECOND, A, { durum: 'birleşme', durumSince: '2026-06-01', successor: B });
    const merged = await ask();
    expect(merged.body).toMatchObject({ durum: 'birleşme', successor: { mersisNo: B, version: 1 } });
    expect(merged.body.authorities).toHaveLength(1);
    const earlier = await ask('?at=2026-06-01&knownAt=2026-05-20');
    expect(earlier.body).toMatchObject({ durum: 'faal', successor: null });
    await record(SECOND, B, { durum: 'birleşme', durumSince: '2026-06-01', successor: A });
    expect((await ask()).body).toMatchObject({ successor: null, authorities: [] });
  });

  it('names an unknown successor’s board nobody', async () => {
    await record(FIRST, A, { durum: 'birleşme', durumSince: '2026-01-01', successor: B, seats: [seat(1)] });
    expect((await ask()).body).toMatchObject({ durum: 'birleşme', successor: null, authorities: [] });
  });

  it('gives fewer rights from an old reading, and none from a very old one, as every decision does', async () => {
    const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
    await record(hoursAgo(72), A, { seats: [seat(1)] });
    await record(hoursAgo(120), B, { seats: [seat(1)] });
    const { body } = await ask();
    expect([body.freshness, body.authorities[0].may.includes('member.read')]).toEqual(['reads-only', true]);
    expect(body.authorities[0].may).not.toContain('member.add');
    const old = await ask('', undefined, B);
    expect([old.body.freshness, old.body.authorities[0].may]).toEqual(['stale', []]);
    // What somebody could do on a day that is over does not hang on how old the reading is today.
    expect((await ask('?at=2026-05-30', undefined, B)).body.authorities[0].may).toContain('member.add');
  });

  it('names persons to a client as the feed names them to it', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    const telling = {
      tagger,
      openPersons: (db: Parameters<typeof openPersons>[0], tags: readonly Buffer[]) =>
        openPersons(db, masterKeys, tags),
    };
    const tag = tagger.tag('authority', personOf(1));
    for (const caller of [
      client('core', 'evaluation'),
      client('other', 'evaluation'),
      client('core', 'evaluation', 'kimlik-no'),
    ]) {
      const inFeed = (await tellPersons(telling, log.db, caller, [tag]))(tag);
      expect((await ask('', caller)).body.authorities[0].person).toEqual(inFeed);
    }
    expect((await lastEntry()).data).toMatchObject({ numbers: true, shown: 1 });
  });

  it('leaves an entry with whoever asked and for what, and nobody’s number in it', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    const size = (await readHead(test.db)).size;
    await ask('?at=2026-05-30&knownAt=2026-05-31');
    const entry = await lastEntry();
    expect(entry).toMatchObject({
      kind: 'authority.read',
      data: {
        ...{
          at: '2026-05-30',
          client: 'core',
          cooperative: A,
          instance: 'bridge-1',
          knownLeaf: Number(size),
        },
        ...{ numbers: false, requestId: 'r-1', shown: 1 },
      },
    });
    expect((await readEntries(test.db)).at(-1)?.line).not.toContain(digitsOf(1));
  });
});

describe('of a cooperative from before versions were kept', () => {
  const insert = (version: number) =>
    test.db.query({
      text: `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, version, read_at)
        VALUES ($1, 'K', 'Tüketim', '1163', 'birim', 'Ankara', 'ticaret', 'faal', $2, $3)`,
      values: [A, version, FIRST],
    });
  const insertSeat = () =>
    test.db.query({
      text: `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, registered_on)
        VALUES ($1, $2, $3, 'board', '2025-01-01', '2025-01-05')`,
      values: [randomUUID(), tagger.tag('authority', personOf(1)), A],
    });

  it('tells what there is, and since when it was known at the latest', async () => {
    await insert(4);
    await insertSeat();
    expect((await ask()).body).toMatchObject({ version: 4, entry: null, knownFrom: null });
    const then = await ask('?knownAt=2026-01-01');
    expect(then.body).toMatchObject({ version: 4, entry: null, knownFrom: FIRST.toISOString() });
    expect(rolesOf(then)).toEqual([['board', '2025-01-01', null]]);
  });

  it('tells the first version that is kept for every instant before it', async () => {
    await insert(4);
    await record(SECOND, A, { seats: [seat(1)] });
    const then = await ask('?knownAt=2026-01-01');
    expect(then.body).toMatchObject({ version: 5, knownFrom: SECOND.toISOString() });
    expect((await ask('?knownAt=2026-06-02')).body).toMatchObject({ version: 5, knownFrom: null });
  });
});

describe('readVersionAt', () => {
  it('gives the version of the greatest leaf before the one asked about', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    const first = (await readHead(test.db)).size;
    await record(SECOND, A, {});
    const at = async (leaf: bigint | null) => (await readVersionAt(log.db, A, leaf))?.version ?? null;
    expect([await at(0n), await at(first - 1n), await at(first), await at(null)]).toEqual([null, null, 1, 2]);
    expect(await readVersionAt(log.db, B, null)).toBeNull();
  });
});

describe('the leaf before which everything was known', () => {
  it('waits for an entry of that time that is still on its way to its COMMIT', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    let asked: Promise<bigint> | undefined;
    let known: bigint | undefined;
    // As a batch does: it holds the head from the moment that gives the time.
    await test.db.transaction(async (tx) => {
      await tx.query({ text: 'SELECT 1 FROM bridge.log_head FOR UPDATE' });
      asked = leafKnownAt(log.db, SECOND).then((leaf) => {
        known = leaf;
        return leaf;
      });
      const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%log_head FOR SHARE%'`;
      for (let i = 0; i < 2_000 && (await tx.query({ text: waits })).rows.length === 0; i += 1);
      expect(known).toBeUndefined();
    });
    expect(await asked).toBe((await readHead(test.db)).size);
  });
});

/** An accepted appointment, as its lane brings it. */
async function addAppointee(n: number): Promise<void> {
  const lane: Lane<null, null> = {
    name: '5-test-seat',
    patienceMs: 30_000,
    exclusive: true,
    settle: async (tx, _items, at) => {
      const before = (await lockRecords(tx, [A])).get(A);
      if (before === undefined) throw new Error('no such cooperative');
      const { person: _person, ...plain } = seat(n, { startsOn: '2026-05-04', registeredOn: '2026-05-04' });
      const appointee = { ...plain, seatId: randomUUID(), role: 'appointee', goneOn: null } as const;
      const added = { ...appointee, source: 'decision', state: null, appointment: randomUUID() } as const;
      const after = { ...before.record, seats: [...before.record.seats, added].sort(bySeatId) };
      const { asOf, readAt } = before;
      const persons = new Map([[added.tag, personOf(n)]]);
      const change = { before, after, source: 'decision', asOf, readAt, persons, lead: [] } as const;
      return [{ ...(await settleChanges(tx, [change], ports, at)), answer: () => null }];
    },
  };
  await log.appender.submit(lane, null);
}

const bySeatId = (a: { seatId: string }, b: { seatId: string }) => (a.seatId < b.seatId ? -1 : 1);

describe('the turn of a day', () => {
  const events = async () =>
    (
      await test.db.query<{ kind: string; role: string }>({
        text: `SELECT kind, data->>'role' AS role FROM bridge.authority_event ORDER BY position`,
      })
    ).rows.map(({ kind, role }) => `${kind} ${role}`);
  const turnTo = async (day: string) => {
    now = new Date(`${day}T09:00:00Z`);
    return turnDay(log.appender, log.db, ports, now);
  };

  it('tells of each status whose day has come, though a later one is known already', async () => {
    await record(FIRST, A, { seats: [seat(1)] });
    await record(FIRST, A, { seats: [seat(1)], durum: 'tasfiye', durumSince: '2026-05-06' });
    await record(FIRST, A, { seats: [seat(1)], durum: 'terkin', durumSince: '2026-05-20' });
    expect(await turnTo('2026-05-05')).toBe(0);
    expect(await turnTo('2026-05-06')).toBe(1);
    expect(await events()).toEqual(['granted board', 'lost board']);
  });

  it('tells of a trustee who begins while the organs are suspended', async () => {
    const trustee = seat(2, { role: 'trustee', startsOn: '2026-05-06', registeredOn: '2026-05-04' });
    await record(FIRST, A, { seats: [seat(1), trustee] });
    await test.db.query({
      text: `UPDATE bridge.authority_cooperative SET suspended_by = '1', suspensions = '[{"decisionNo":"1","decidedOn":"2026-05-01","from":"2026-05-01","to":null}]'`,
    });
    await turnTo('2026-05-06');
    expect((await events()).sort()).toEqual(['granted board', 'granted trustee', 'lost board']);
  });

  it('tells once of what begins to contradict an appointment on that day', async () => {
    const trustee = seat(2, { role: 'trustee', startsOn: '2026-05-06', registeredOn: '2026-05-04' });
    await record(FIRST, A, { seats: [seat(1), trustee] });
    await addAppointee(3);
    const told = async () =>
      (await readEntries(test.db)).filter(({ kind }) => kind === 'authority.disagreed').length;
    expect(await told()).toBe(0);
    await turnTo('2026-05-06');
    await turnTo('2026-05-06');
    expect(await told()).toBe(1);
    const kept = await test.db.query({ text: 'SELECT matter FROM bridge.appointment_disagreement' });
    expect(kept.rows).toEqual([{ matter: 'appointed-under-trustee' }]);
  });

  it('ends an appointment that sleeps on the day on which the last of its board is over', async () => {
    const trustee = seat(2, { role: 'trustee', startsOn: '2026-05-05', registeredOn: '2026-05-05' });
    await record(FIRST, A, { seats: [seat(1, { endsOn: '2026-05-10' })] });
    await addAppointee(3);
    await turnTo('2026-05-05');
    now = new Date('2026-05-05T10:00:00Z');
    await record(now, A, { seats: [seat(1, { endsOn: '2026-05-10' }), trustee] });
    await turnTo('2026-05-10');
    const { rows } = await test.db.query<{ ends: string }>({
      text: `SELECT ends_on::text AS ends FROM bridge.authority_seat WHERE role = 'appointee'`,
    });
    expect(rows).toEqual([{ ends: '2026-05-10' }]);
  });
});

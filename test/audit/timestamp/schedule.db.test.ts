import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../../src/audit/catalogue/catalogue.js';
import { lastCheckpoint, type StoredCheckpoint } from '../../../src/audit/checkpoint/store.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { outageApplier, outageLane } from '../../../src/audit/timestamp/outage.js';
import { createTimestampSchedule, type TimestampSchedule } from '../../../src/audit/timestamp/schedule.js';
import type { Stamper } from '../../../src/audit/timestamp/stamp.js';
import { readTimestampState } from '../../../src/audit/timestamp/state.js';
import { insertTimestamp, lastTimestamp } from '../../../src/audit/timestamp/store.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import type { TestDatabase } from '../../support/database.js';
import { numberedDraft } from '../../support/drafts.js';
import { createLogDatabase, gate, type OpenLog, openLog, readEntries } from '../support/log.js';

const ORIGIN = 'audit.example/log';
const START = Date.parse('2026-05-05T10:00:00Z');
const MINUTE_MS = 60_000;

let test: TestDatabase;
let logs: OpenLog[];
let nowMs: number;
const now = () => new Date(nowMs);

beforeEach(async () => {
  test = await createLogDatabase();
  logs = [];
  nowMs = START;
});
afterEach(async () => {
  for (const log of logs) await log.close();
  await test.drop();
});

/** What authorities do now: a time stamp, or the reasons why each gave none. */
type Behaviour = () => Promise<Readonly<Record<string, string>> | null>;

interface Instance {
  readonly schedule: TimestampSchedule;
  readonly log: OpenLog;
  /** Sizes that were asked about. */
  readonly asked: bigint[];
}

/** One process with a schedule, and authorities as `behave` says. */
function openInstance(name: string, behave: Behaviour, timeoutsMs: readonly number[] = [1000]): Instance {
  const appliers = new Map([[outageApplier.kind, outageApplier as EffectApplier]]);
  const log = openLog(test.appUrl, { deps: { appliers, now } });
  logs.push(log);
  const asked: bigint[] = [];
  const stamper: Stamper = {
    stamp: async ({ origin, size }) => {
      asked.push(size);
      const reasons = await behave();
      if (reasons !== null) throw new BridgeError('TIMESTAMP_UNAVAILABLE', 'none', { fields: reasons });
      const [genTime, receivedAt] = [new Date(nowMs - 1000), now()];
      return insertTimestamp(log.db, {
        origin,
        size,
        authority: 'a',
        response: Buffer.of(1),
        genTime,
        receivedAt,
      });
    },
  };
  const newest = (q: Parameters<typeof lastCheckpoint>[0]) => lastCheckpoint(q, ORIGIN);
  const schedule = createTimestampSchedule(
    { origin: ORIGIN, instance: name, timeoutsMs, everyMinutes: 60 },
    { db: log.db, log: log.appender, stamper, newest, now },
  );
  return { schedule, log, asked };
}

async function checkpointOf(size: bigint): Promise<StoredCheckpoint> {
  const stored = {
    origin: ORIGIN,
    size,
    root: createHash('sha256').update(`${size}`).digest(),
    note: `a note of ${size}\n`,
    signedAt: now(),
  };
  await test.db.query({
    text: 'INSERT INTO bridge.log_checkpoint (origin, size, root, note, signed_at) VALUES ($1, $2, $3, $4, $5)',
    values: [stored.origin, stored.size, stored.root, stored.note, stored.signedAt],
  });
  return stored;
}

/** Entries about time stamps: kind and data, held against the catalogue. */
async function told(): Promise<{ kind: string; data: Record<string, unknown> }[]> {
  const rows = (await readEntries(test.db)).filter(({ kind }) => kind.startsWith('timestamp.'));
  return rows.map(({ kind, line }) => {
    const { data } = JSON.parse(line) as { data: Record<string, unknown> };
    const row = CATALOGUE[kind as 'timestamp.outage'];
    return { kind, data: row.data.parse(data) as Record<string, unknown> };
  });
}

const works: Behaviour = async () => null;
const fails: Behaviour = async () => ({ a: 'timeout', b: 'chain' });

describe('the schedule of time stamps', () => {
  it('stamps the newest checkpoint, and again after a period where a newer one stands', async () => {
    const { schedule, asked } = openInstance('one', works);
    await schedule.step();
    expect(asked).toEqual([]);
    await checkpointOf(3n);
    await checkpointOf(7n);
    await schedule.step();
    await schedule.step();
    expect(asked).toEqual([7n]);
    nowMs += 60 * MINUTE_MS;
    await schedule.step();
    expect(asked).toEqual([7n]);
    await checkpointOf(8n);
    await schedule.step();
    await checkpointOf(9n);
    nowMs += 59 * MINUTE_MS;
    await schedule.step();
    expect(asked).toEqual([7n, 8n]);
    nowMs += MINUTE_MS;
    await schedule.step();
    expect(asked).toEqual([7n, 8n, 9n]);
    expect(await lastTimestamp(test.db, ORIGIN)).toMatchObject({ size: 9n, receivedAt: now() });
    expect(await told()).toEqual([]);
  });

  it('asks nobody where no authority is configured', async () => {
    const { schedule, asked } = openInstance('one', works, []);
    await checkpointOf(3n);
    await schedule.step();
    expect(asked).toEqual([]);
  });

  it('asks once, however many instances look at once, and holds no transaction open meanwhile', async () => {
    await checkpointOf(3n);
    const answered = gate();
    const slow: Behaviour = () => answered.opened.then(() => null);
    const instances = ['one', 'two', 'three'].map((name) => openInstance(name, slow));
    const steps = instances.map(({ schedule }) => schedule.step());
    const all = () => instances.flatMap(({ asked }) => asked);
    while (all().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const idle = instances.filter(({ asked }) => asked.length === 0);
    await Promise.all(steps.filter((_, i) => idle.includes(instances[i] as Instance)));
    await Promise.all(idle.map(({ schedule }) => schedule.step()));
    const { rows } = await test.db.query<{ open: number }>({
      text: `SELECT count(*)::int AS open FROM pg_stat_activity
        WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`,
    });
    expect(rows[0]?.open).toBe(0);
    answered.open();
    await Promise.all(steps);
    expect(all()).toEqual([3n]);
  });

  it('goes on where an instance died while it asked, once its lease is over', async () => {
    await checkpointOf(3n);
    const dead = openInstance('dead', () => Promise.reject(new Error('killed')));
    await expect(dead.schedule.step()).rejects.toThrow('killed');
    const other = openInstance('other', works);
    nowMs += 60_000;
    await other.schedule.step();
    expect(other.asked).toEqual([]);
    nowMs += 2_000;
    await other.schedule.step();
    expect(other.asked).toEqual([3n]);
  });

  it('tries again five minutes after a failure, then ten, whichever instance looks', async () => {
    await checkpointOf(3n);
    const [one, two] = [openInstance('one', fails), openInstance('two', fails)];
    const tries: number[] = [];
    for (let minute = 0; minute <= 36; minute += 1) {
      const before = one.asked.length + two.asked.length;
      await (minute % 2 === 0 ? one : two).schedule.step();
      if (one.asked.length + two.asked.length > before) tries.push(minute);
      nowMs += MINUTE_MS;
    }
    expect(tries).toEqual([0, 5, 15, 35]);
  });
});

describe('an outage of the authorities', () => {
  it('is told once when it begins and once when it ends, by whichever instances see it', async () => {
    await checkpointOf(3n);
    let behave = fails;
    const [one, two] = [openInstance('one', () => behave()), openInstance('two', () => behave())];
    await one.schedule.step();
    nowMs += 5 * MINUTE_MS;
    await checkpointOf(4n);
    await two.schedule.step();
    nowMs += 10 * MINUTE_MS;
    behave = works;
    await two.schedule.step();
    nowMs += 60 * MINUTE_MS;
    await checkpointOf(6n);
    await one.schedule.step();
    const since = new Date(START).toISOString();
    expect(await told()).toEqual([
      {
        kind: 'timestamp.outage',
        data: {
          authorities: [
            { authority: 'a', reason: 'timeout' },
            { authority: 'b', reason: 'chain' },
          ],
          instance: 'one',
          lastGenTime: null,
          since,
          size: 3,
        },
      },
      {
        kind: 'timestamp.restored',
        data: {
          authority: 'a',
          genTime: new Date(START + 15 * MINUTE_MS - 1000).toISOString(),
          instance: 'two',
          outage: 0,
          since,
          size: 4,
        },
      },
    ]);
  });

  it('that comes again is told again, since its own beginning', async () => {
    await checkpointOf(3n);
    let behave = fails;
    const { schedule } = openInstance('one', () => behave());
    await schedule.step();
    nowMs += 5 * MINUTE_MS;
    behave = works;
    await schedule.step();
    behave = fails;
    nowMs += 60 * MINUTE_MS;
    await checkpointOf(5n);
    await schedule.step();
    const entries = await told();
    expect(entries.map(({ kind }) => kind)).toEqual([
      'timestamp.outage',
      'timestamp.restored',
      'timestamp.outage',
    ]);
    expect(entries[2]?.data).toMatchObject({ since: now().toISOString(), size: 5 });
  });

  it('that an export ended is told as ended, and the next one counts from itself', async () => {
    await checkpointOf(3n);
    const { schedule, asked } = openInstance('one', fails);
    await schedule.step();
    nowMs += MINUTE_MS;
    const { size } = await checkpointOf(4n);
    await insertTimestamp(test.db, {
      origin: ORIGIN,
      size,
      authority: 'b',
      response: Buffer.of(1),
      genTime: now(),
      receivedAt: now(),
    });
    await schedule.step();
    nowMs += 60 * MINUTE_MS;
    await checkpointOf(5n);
    await schedule.step();
    await schedule.step();
    expect(asked).toEqual([3n, 5n]);
    const entries = await told();
    expect(entries.map(({ kind }) => kind)).toEqual([
      'timestamp.outage',
      'timestamp.restored',
      'timestamp.outage',
    ]);
    expect(entries[1]?.data).toMatchObject({ authority: 'b', outage: 0 });
    expect(entries[2]?.data).toMatchObject({ since: now().toISOString() });
  });

  it('is told once where two logs write it at the same moment', async () => {
    const [one, two] = [openInstance('one', fails), openInstance('two', fails)];
    const news = (instance: string) => ({
      kind: 'timestamp.outage' as const,
      at: now(),
      data: { authorities: [], instance, lastGenTime: null, since: now().toISOString(), size: 1 },
    });
    const wrote = await Promise.all(
      [one, two, one, two].map(({ log }, i) => log.appender.submit(outageLane, news(`${i}`))),
    );
    expect(wrote.filter(Boolean)).toHaveLength(1);
    expect(await told()).toHaveLength(1);
  });

  it('that nobody told of is not told as ended', async () => {
    const { log } = openInstance('one', works);
    const data = { authority: 'a', genTime: now().toISOString(), instance: 'one', size: 1 };
    const wrote = await log.appender.submit(outageLane, { kind: 'timestamp.restored', at: now(), data });
    expect([wrote, await told()]).toEqual([false, []]);
  });
});

describe('the state of time stamps, as read', () => {
  const settings = { origin: ORIGIN, authorities: 1, everyMinutes: 60, budgetHours: 24 };

  it('counts from the oldest entry that no time stamp covers, although its checkpoint is gone', async () => {
    const { schedule, log } = openInstance('one', works);
    expect(await readTimestampState(test.db, settings, now())).toMatchObject({
      kind: 'current',
      coveredSize: 0n,
    });
    await log.appender.submit(plainLane, numberedDraft(1));
    await log.appender.submit(plainLane, numberedDraft(1));
    await checkpointOf(2n);
    await schedule.step();
    nowMs += MINUTE_MS;
    expect(await readTimestampState(test.db, settings, now())).toMatchObject({
      kind: 'current',
      sinceMs: 0,
      coveredSize: 2n,
      lastGenTime: new Date(START - 1000),
    });
    await log.appender.submit(plainLane, numberedDraft(1));
    nowMs += 25 * 60 * MINUTE_MS;
    await log.appender.submit(plainLane, numberedDraft(1));
    expect(await readTimestampState(test.db, settings, now())).toMatchObject({
      kind: 'over-budget',
      sinceMs: 25 * 60 * MINUTE_MS,
      leftMs: 0,
    });
  });

  it('says since when an outage is told of', async () => {
    await checkpointOf(3n);
    await openInstance('one', fails).schedule.step();
    nowMs += MINUTE_MS;
    expect((await readTimestampState(test.db, settings, now())).outageSince).toEqual(new Date(START));
  });
});

describe('a stored time stamp', () => {
  it('is the first one that came for its checkpoint and authority', async () => {
    await checkpointOf(3n);
    const stamp = (byte: number) => ({
      origin: ORIGIN,
      size: 3n,
      authority: 'a',
      response: Buffer.of(byte),
      genTime: now(),
      receivedAt: now(),
    });
    const both = [await insertTimestamp(test.db, stamp(1)), await insertTimestamp(test.db, stamp(2))];
    expect(both.map(({ response }) => response)).toEqual([Buffer.of(1), Buffer.of(1)]);
  });
});

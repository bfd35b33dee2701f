import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPace } from '../../../src/mersis/poll/pace.js';
import { readPause } from '../../../src/mersis/poll/pause.js';
import { readProgress } from '../../../src/mersis/poll/progress.js';
import { releaseClaims } from '../../../src/mersis/poll/release-claims.js';
import type { TakenResult } from '../../../src/mersis/poll/take-in-port.js';
import { makeAllDue, wish } from '../../../src/mersis/poll/wish.js';
import type { MersisReply } from '../../../src/mersis/port.js';
import { failureOf, gate, requireSoundLog } from '../../audit/support/log.js';
import {
  found,
  HOUR,
  MINUTE,
  no,
  nos,
  openPollHouse,
  type PollHouse,
  SETTINGS,
  START,
} from './support/poll-house.js';

let house: PollHouse;
beforeEach(async () => {
  house = await openPollHouse();
});
afterEach(async () => {
  await requireSoundLog(house.test.db);
  await house.close();
});

const DOWN: MersisReply = { kind: 'fault', fault: { kind: 'unavailable', cause: 'timeout' } };
const REFUSED: MersisReply = { kind: 'fault', fault: { kind: 'refused' } };
const byNumber = (one: { mersisNo: string }, other: { mersisNo: string }) =>
  one.mersisNo < other.mersisNo ? -1 : 1;

describe('a run', () => {
  it('opens with what is due, asks about each once, ends with nothing left, and counts', async () => {
    await house.register(nos(250));
    house.result = ({ mersisNo }) => (mersisNo === no(7) ? 'changed' : 'unchanged');
    expect(await house.steps(house.poller())).toBe('idle');
    expect([...house.sent].sort()).toEqual(nos(250));
    const entries = await house.told();
    expect(entries.map(({ kind }) => kind)).toEqual([
      'mersis.run-started',
      'mersis.asking',
      'mersis.asking',
      'mersis.asking',
      'mersis.run-ended',
    ]);
    const [started, ...others] = entries.map(({ data }) => data as Record<string, unknown>);
    expect(started).toMatchObject({ due: 250, kind: 'poll', lossLimit: 5, instance: 'bridge-1' });
    expect(others.slice(0, 3).flatMap((data) => data.cooperatives)).toHaveLength(250);
    expect(others.at(-1)).toEqual({
      asked: 250,
      changed: 1,
      failed: 0,
      losses: 0,
      refused: 0,
      run: started?.run,
    });
    expect(await house.runs()).toEqual([{ state: 'done', kind: 'poll', asked: 250 }]);
    for (const row of await house.rows())
      expect(row).toMatchObject({ readAt: START, wishedAt: null, failures: 0, problem: null });
  });

  it('is not opened for one that has just become due: it waits for company, a minute at the most', async () => {
    await house.register([no(1)], { readAt: new Date(START.getTime() - 20 * HOUR) });
    const poller = house.poller();
    expect(await house.steps(poller)).toBe('idle');
    expect(await house.told()).toEqual([]);
    house.later(MINUTE);
    await house.steps(poller);
    expect(house.sent).toEqual([no(1)]);
  });

  it('is opened at once for one that was never read, and for one that somebody waits for', async () => {
    await house.register([no(1)]);
    await house.register([no(2)], { readAt: START, dueAt: new Date(START.getTime() + HOUR) });
    const poller = house.poller();
    await house.steps(poller);
    expect(house.sent).toEqual([no(1)]);
    await wish(house.test.db, [no(2)], house.clock.now);
    await house.steps(poller);
    expect(house.sent).toEqual([no(1), no(2)]);
  });

  it('ends after a day, whatever is left', async () => {
    await house.register(nos(3));
    const poller = house.poller({ settings: { ...SETTINGS, dailyBudget: 1 } });
    expect(await house.steps(poller)).toBe('budget');
    house.later(24 * HOUR);
    await house.steps(poller);
    expect((await house.runs()).map(({ state }) => state)).toEqual(['done', 'running']);
  });

  it('that stands stopped has nothing asked any more, not even what somebody waits for', async () => {
    await house.register(nos(150));
    const poller = house.poller();
    house.result = async ({ runId }): Promise<TakenResult> => {
      await house.test.db.query({
        text: `UPDATE bridge.mersis_run SET state = 'stopped' WHERE run_id = $1`,
        values: [runId],
      });
      return 'run-stopped';
    };
    expect(await house.steps(poller)).toBe('stopped');
    expect(house.sent).toHaveLength(100);
    await wish(house.test.db, [no(149)], house.clock.now);
    house.later(HOUR);
    expect(await house.steps(poller)).toBe('stopped');
    expect(house.sent).toHaveLength(100);
    expect(
      (await house.rows(house.sent)).every(
        ({ problem, readAt }) => problem === 'run-stopped' && readAt === null,
      ),
    ).toBe(true);
    expect(house.events.map(({ kind }) => kind)).toContain('run-stopped');
    // Released: the next run asks about all of them again.
    await house.test.db.query({ text: `UPDATE bridge.mersis_run SET state = 'released'` });
    house.result = () => 'unchanged';
    expect(await house.steps(poller)).toBe('idle');
    expect(house.sent.slice(100).sort()).toEqual(nos(150));
  });
});

describe('nothing is asked', () => {
  it('before the entry that tells of it is durable', async () => {
    await house.register(nos(10));
    const known: boolean[] = [];
    house.answer = async (mersisNo) => {
      const told = await house.told('mersis.asking');
      known.push(
        told.some(({ data }) => (data as { cooperatives: string[] }).cooperatives.includes(mersisNo)),
      );
      return found(mersisNo, house.clock.now);
    };
    await house.steps(house.poller());
    expect(known).toEqual(Array(10).fill(true));
  });

  it('while the entry cannot be written', async () => {
    await house.register(nos(10));
    await house.log.appender.close();
    expect(await failureOf(house.poller().step())).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect([house.sent, (await house.rows()).every(({ problem }) => problem === null)]).toEqual([[], true]);
  });

  it('while the log cannot be relied on', async () => {
    await house.register(nos(10));
    expect(await house.poller({ isSound: () => false }).step()).toBe('closed');
    expect(house.sent).toEqual([]);
  });

  it('twice, by two pollers at once that both believe that they lead', async () => {
    await house.register(nos(400));
    const pollers = [house.poller(), house.poller(), house.poller()];
    await pollers[0]?.openRun('poll');
    await Promise.all(pollers.map((poller) => house.steps(poller)));
    expect([...house.sent].sort()).toEqual(nos(400));
    expect(new Set(house.sent).size).toBe(400);
    expect((await house.told('mersis.run-started')).length).toBe(1);
    expect((await house.told('mersis.run-ended')).length).toBe(1);
  });
});

describe('the order', () => {
  it('is wishes first, in their order, then what is overdue longest; what is not due stays', async () => {
    const ago = (ms: number) => new Date(START.getTime() - ms);
    await house.register([no(1)], { dueAt: ago(HOUR), readAt: ago(24 * HOUR) });
    await house.register([no(2)], { dueAt: ago(3 * HOUR), readAt: ago(24 * HOUR) });
    await house.register([no(3)], { dueAt: ago(2 * HOUR), wishedAt: ago(MINUTE) });
    await house.register([no(4)], { dueAt: ago(0), wishedAt: ago(2 * MINUTE) });
    await house.register([no(5)], { dueAt: new Date(START.getTime() + MINUTE) });
    await house.steps(house.poller({ pace: createPace({ concurrent: 1, requestsPerSecond: 1000 }) }));
    expect(house.sent).toEqual([no(4), no(3), no(2), no(1)]);
  });

  it('takes a wish for an unknown number too, but never a natural person’s, which is told nowhere', async () => {
    await wish(house.test.db, [no(9), no(9)], START);
    expect((await house.rows()).map(({ mersisNo, wishedAt }) => [mersisNo, wishedAt])).toEqual([
      [no(9), START],
    ]);
    const error = await failureOf(wish(house.test.db, [no(1), '4000000000000015'], START));
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).not.toContain('4000000000');
    expect(await house.rows()).toHaveLength(1);
  });

  it('keeps a wish that comes while its cooperative is being asked: it is for the next reading', async () => {
    await house.register([no(1)], { wishedAt: START });
    house.answer = async (mersisNo) => {
      house.later(MINUTE);
      if (house.sent.length === 1) await wish(house.test.db, [mersisNo], house.clock.now);
      return found(mersisNo, house.clock.now);
    };
    await house.steps(house.poller());
    expect(house.sent).toEqual([no(1), no(1)]);
    expect((await house.rows())[0]?.wishedAt).toBeNull();
  });
});

describe('when it is read again', () => {
  it('is the usual interval, or the short one where users are active or a term ends within a week', async () => {
    await house.register(nos(4));
    await house.test.db.query({
      text: 'UPDATE bridge.mersis_cooperative SET active_at = $2 WHERE mersis_no = $1',
      values: [no(1), new Date(START.getTime() - 719 * HOUR)],
    });
    await house.test.db.query({
      text: 'UPDATE bridge.mersis_cooperative SET active_at = $2 WHERE mersis_no = $1',
      values: [no(2), new Date(START.getTime() - 721 * HOUR)],
    });
    await house.test.db.query({
      text: `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
        VALUES ($1, 'u', 't', 'k', 's', 'Ankara', 'ticaret', 'faal', $2)`,
      values: [no(3), START],
    });
    await house.test.db.query({
      text: `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on)
        VALUES ($1, $2, $3, 'board', '2024-01-01', '2026-05-11')`,
      values: [randomUUID(), Buffer.alloc(16, 1), no(3)],
    });
    await house.steps(house.poller());
    const hours = (await house.rows()).map(({ dueAt }) =>
      Math.round((dueAt.getTime() + MINUTE - START.getTime()) / HOUR),
    );
    expect(hours).toEqual([20, 6, 20, 6]);
  });

  it('is soon after a failure, later after each further one; a sound reading forgets them', async () => {
    await house.register([no(1), no(2)]);
    house.answer = (mersisNo) => (mersisNo === no(1) ? DOWN : found(mersisNo, house.clock.now));
    const poller = house.poller();
    const waits: number[] = [];
    for (let i = 1; i <= 3; i += 1) {
      await house.steps(poller);
      const [row] = await house.rows([no(1)]);
      expect(row).toMatchObject({ failures: i, problem: 'timeout', readAt: null });
      waits.push((row?.dueAt.getTime() ?? 0) - house.clock.now.getTime());
      // A pause of all would hide what is looked at here.
      await house.test.db.query({ text: 'DELETE FROM bridge.log_state' });
      house.later((waits.at(-1) ?? 0) + MINUTE);
    }
    expect(waits).toEqual([0.9 * MINUTE, 1.8 * MINUTE, 3.6 * MINUTE]);
    house.answer = (mersisNo) => found(mersisNo, house.clock.now);
    await house.steps(poller);
    expect((await house.rows([no(1)]))[0]).toMatchObject({
      failures: 0,
      problem: null,
      readAt: house.clock.now,
    });
  });

  it('what is not found, or no answer to believe, is recorded; nothing of it is taken in', async () => {
    await house.register(nos(3));
    const taken: string[] = [];
    house.result = ({ mersisNo }) => {
      taken.push(mersisNo);
      return 'unchanged';
    };
    house.answer = (mersisNo) => {
      if (mersisNo === no(0)) return { kind: 'not-found', asOf: START };
      if (mersisNo === no(1)) return { kind: 'fault', fault: { kind: 'invalid', problem: 'duplicate-seat' } };
      return found(mersisNo, START);
    };
    await house.steps(house.poller());
    expect(taken).toEqual([no(2)]);
    const refused = (await house.told('mersis.refused')).map(({ data }) => data);
    const run = expect.any(String);
    expect(refused).toEqual(
      expect.arrayContaining([
        { cooperative: no(0), problem: 'not-found', run },
        { cooperative: no(1), problem: 'duplicate-seat', run },
      ]),
    );
    expect((await house.rows()).map(({ failures, problem }) => [failures, problem])).toEqual([
      [1, 'not-found'],
      [1, 'duplicate-seat'],
      [0, null],
    ]);
    expect((await house.told('mersis.run-ended'))[0]?.data).toMatchObject({
      asked: 3,
      refused: 2,
      failed: 0,
    });
  });

  it('makes everything due at once where that is asked for', async () => {
    await house.register(nos(3), { dueAt: new Date(START.getTime() + HOUR), readAt: START });
    await makeAllDue(house.test.db, START);
    house.later(MINUTE);
    await house.steps(house.poller());
    expect([...house.sent].sort()).toEqual(nos(3));
  });
});

describe('the day’s budget', () => {
  it('is counted before anything is sent; polling leaves a twentieth, which wishes may use up', async () => {
    await house.register(nos(200));
    const poller = house.poller({ settings: { ...SETTINGS, dailyBudget: 100 } });
    house.answer = async (mersisNo) => {
      const { budget } = await readProgress(house.test.db, { dailyBudget: 100 }, house.clock.now);
      expect(budget.used).toBeGreaterThanOrEqual(house.sent.length);
      return found(mersisNo, house.clock.now);
    };
    expect(await house.steps(poller)).toBe('budget');
    expect(house.sent).toHaveLength(95);
    const waiting = (await house.rows()).filter(({ readAt }) => readAt === null).slice(0, 8);
    await wish(
      house.test.db,
      waiting.map(({ mersisNo }) => mersisNo),
      house.clock.now,
    );
    expect(await house.steps(poller)).toBe('budget');
    expect(house.sent).toHaveLength(100);
    // 00:00 in Europe/Istanbul.
    house.clock.now = new Date('2026-05-04T20:59:59.999Z');
    expect(await house.steps(poller)).toBe('budget');
    house.clock.now = new Date('2026-05-04T21:00:00.000Z');
    await house.steps(poller);
    expect(house.sent.length).toBe(195);
  });
});

describe('while MERSİS is under maintenance', () => {
  it('nothing is asked and nobody is blamed; polling goes on by itself at its end', async () => {
    const end = new Date(START.getTime() + MINUTE);
    const window = {
      ...{ window: '0b9c2a34-3a0e-4c43-9f5c-2c9ed7a2b001', system: 'mersis' as const, reason: 'bakım' },
      ...{ startsAt: START, endsAt: end, closedAt: null, openedLeaf: 1n, closedLeaf: null },
    };
    await house.register(nos(5));
    const poller = house.poller({
      maintenance: { currentWindow: (system, at) => (system === 'mersis' && at < end ? window : null) },
    });
    expect(await house.steps(poller)).toBe('maintenance');
    expect([house.sent, await readPause(house.test.db), await house.runs()]).toEqual([[], null, []]);
    house.later(MINUTE);
    expect(await house.steps(poller)).toBe('idle');
    expect(house.sent).toHaveLength(5);
  });
});

describe('where MERSİS does not let us in', () => {
  it('asking stops at once, for longer each time, and one answer ends that; no cooperative is blamed', async () => {
    await house.register(nos(50));
    house.answer = () => REFUSED;
    const pace = createPace({ concurrent: 1, requestsPerSecond: 1000 });
    const poller = house.poller({ pace });
    expect(await house.steps(poller)).toBe('paused');
    expect(house.sent).toHaveLength(1);
    expect(house.events).toContainEqual({
      kind: 'paused',
      reason: 'refused',
      until: new Date(START.getTime() + MINUTE),
    });
    house.later(MINUTE - 1);
    expect(await house.steps(poller)).toBe('paused');
    expect(house.sent).toHaveLength(1);
    house.later(1);
    expect(await house.steps(poller)).toBe('paused');
    expect(house.sent).toHaveLength(2);
    expect(await readPause(house.test.db)).toMatchObject({
      failures: 2,
      until: new Date(START.getTime() + 3 * MINUTE),
    });
    expect((await house.rows()).every(({ failures, problem }) => failures === 0 && problem === null)).toBe(
      true,
    );
    house.later(2 * MINUTE);
    house.answer = (mersisNo) => found(mersisNo, house.clock.now);
    expect(await house.steps(poller)).toBe('idle');
    expect(await readPause(house.test.db)).toBeNull();
    expect(house.events.map(({ kind }) => kind)).toContain('answered-again');
    expect((await house.rows()).every(({ readAt }) => readAt !== null)).toBe(true);
  });

  it('an instance that starts meanwhile knows of it', async () => {
    await house.register(nos(5));
    house.answer = () => REFUSED;
    await house.steps(house.poller());
    const { length } = house.sent;
    expect(await house.steps(house.poller())).toBe('paused');
    expect(house.sent).toHaveLength(length);
  });

  it('or does not answer at all, the day’s budget is not spent on it', async () => {
    await house.register(nos(300));
    house.answer = () => DOWN;
    const poller = house.poller({ pace: createPace({ concurrent: 1, requestsPerSecond: 1000 }) });
    for (let minutes = 0; minutes < 30; minutes += 1) {
      await house.steps(poller);
      house.later(MINUTE);
    }
    expect(house.sent.length).toBeLessThan(25);
  });
});

describe('a crash', () => {
  it('in the middle of a chunk leaves the run to the next one, which asks about the rest, and later about the chunk', async () => {
    await house.register(nos(150));
    const never = gate();
    house.answer = () => never.opened.then(() => DOWN);
    const dying = house.poller();
    await dying.openRun('poll');
    // Asked, and then nothing more is heard of this one for long.
    const late = dying.step();
    while (house.sent.length < 100) await sleep(5);
    const lost = [...house.sent];
    house.answer = (mersisNo) => found(mersisNo, house.clock.now);
    house.sent.length = 0;
    const next = house.poller();
    expect(await house.steps(next)).toBe('waiting');
    expect([...house.sent].sort()).toEqual(
      nos(150)
        .filter((one) => !lost.includes(one))
        .sort(),
    );
    expect(await house.runs()).toEqual([{ state: 'running', kind: 'poll', asked: 150 }]);
    house.later(10 * MINUTE);
    house.sent.length = 0;
    expect(await house.steps(next)).toBe('idle');
    expect([...house.sent].sort()).toEqual([...lost].sort());
    expect(await house.runs()).toEqual([{ state: 'done', kind: 'poll', asked: 250 }]);
    // What it has to say then counts no more: its claim is over.
    never.open();
    await late;
    expect((await house.rows()).every(({ failures, readAt }) => failures === 0 && readAt !== null)).toBe(
      true,
    );
  });

  it('costs whoever takes the lead no waiting: what the other had claimed is due at once', async () => {
    await house.register(nos(3));
    const never = gate();
    house.answer = () => never.opened.then(() => DOWN);
    const dying = house.poller();
    await dying.openRun('poll');
    const late = dying.step();
    while (house.sent.length < 3) await sleep(5);
    house.answer = (mersisNo) => found(mersisNo, house.clock.now);
    house.sent.length = 0;
    const next = house.poller();
    expect(await house.steps(next)).toBe('waiting');
    expect(await releaseClaims(house.test.db, house.clock.now)).toBe(3);
    expect(await house.steps(next)).toBe('idle');
    expect([...house.sent].sort()).toEqual(nos(3));
    expect(await house.runs()).toMatchObject([{ state: 'done', asked: 6 }]);
    never.open();
    await late;
  });

  it('between answer and booking loses no answer: it is asked again', async () => {
    await house.register(nos(5));
    house.result = () => Promise.reject(new Error('gone'));
    const poller = house.poller();
    await poller.step();
    await expect(poller.step()).rejects.toThrow('gone');
    expect((await house.rows()).every(({ problem, readAt }) => problem === 'asking' && readAt === null)).toBe(
      true,
    );
    house.result = () => 'changed';
    house.later(10 * MINUTE);
    expect(await house.steps(house.poller())).toBe('idle');
    expect((await house.rows()).sort(byNumber).every(({ readAt }) => readAt !== null)).toBe(true);
  });

  it('of whoever stops in good order asks nothing more and leaves no claim behind', async () => {
    await house.register(nos(50));
    const poller = house.poller({
      isStopping: () => house.sent.length >= 7,
      pace: createPace({ concurrent: 1, requestsPerSecond: 1000 }),
    });
    expect(await house.steps(poller)).toBe('closed');
    expect(house.sent).toHaveLength(7);
    const rows = await house.rows();
    expect(rows.filter(({ problem }) => problem === 'asking')).toEqual([]);
    expect(rows.filter(({ dueAt }) => dueAt <= house.clock.now)).toHaveLength(43);
  });
});

it('progress tells what there is to know, and nobody’s number', async () => {
  await house.register(nos(3), { readAt: START, dueAt: START });
  await house.register([no(8)], { wishedAt: START });
  const before = await readProgress(house.test.db, SETTINGS, START);
  expect(before).toEqual({
    run: null,
    cooperatives: 4,
    due: 4,
    wished: 1,
    neverRead: 1,
    troubled: 0,
    held: 0,
    oldestReadAt: START,
    budget: { used: 0, limit: 100_000 },
    pause: null,
  });
  await house.steps(house.poller());
  expect(await readProgress(house.test.db, SETTINGS, house.clock.now)).toMatchObject({
    run: { state: 'done', asked: 4 },
    due: 0,
    budget: { used: 4 },
  });
});

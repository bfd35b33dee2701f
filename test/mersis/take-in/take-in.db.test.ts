import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readRecords } from '../../../src/authority/recording/records.js';
import type { takeIn } from '../../../src/mersis/take-in/take-in.js';
import { failureOf } from '../../audit/support/log.js';
import { digitsOf, personOf, tagger } from '../../audit/support/parts.js';
import { seatReading } from '../../support/authority.js';
import { boardOf, empty, full, mersisNo, openRegistry, type Registry } from '../support/registry.js';

let house: Registry;
beforeEach(async () => {
  house = await openRegistry();
});
afterEach(() => house.close());

const kinds = async () => (await house.entries()).map(({ kind }) => kind);
const told = async (kind: string) =>
  (await house.entries()).filter((one) => one.kind === kind).map(({ data }) => data);
const heldRows = async () =>
  (
    await house.test.db.query<{ mersis_no: string; why: string; run_id: string | null }>({
      text: 'SELECT mersis_no, why, run_id, digest, lost, held, gained FROM bridge.mersis_held ORDER BY mersis_no',
    })
  ).rows;
const recordOf = async (n: number) => (await readRecords(house.test.db, [mersisNo(n)])).get(mersisNo(n));
const resultsOf = (taken: Awaited<ReturnType<typeof takeIn>>) => taken.map(({ result }) => result);

describe('a reading', () => {
  it('of a new cooperative is taken in with its seats and entries', async () => {
    expect(await house.take([full(1)])).toEqual([
      { mersisNo: mersisNo(1), result: 'changed', problem: null, secondAfter: null },
    ]);
    expect(await house.inForce(1)).toBe(3);
    expect(await kinds()).toEqual([...Array(3).fill('seat.recorded'), 'authority.recorded']);
  });

  it('that says the same renews the time of what stands, without an entry', async () => {
    await house.take([full(1)]);
    house.pass(60);
    expect(resultsOf(await house.take([full(1, { unvan: 'S.S. YENİ AD' })]))).toEqual(['unchanged']);
    expect(await recordOf(1)).toMatchObject({
      version: 1,
      readAt: house.now(),
      asOf: house.now(),
      record: { unvan: 'S.S. YENİ AD' },
    });
    expect(await kinds()).toHaveLength(4);
  });

  it('answers in the order of asking, though one cooperative comes twice: the second by what the first left', async () => {
    const fewer = full(1, { seats: boardOf(1).slice(1) });
    const taken = await house.take([full(1), full(2), fewer, full(1, { il: 'İzmir' }), full(2)]);
    expect(taken.map(({ mersisNo: no, result }) => [no, result])).toEqual([
      [mersisNo(1), 'changed'],
      [mersisNo(2), 'changed'],
      [mersisNo(1), 'changed'],
      [mersisNo(1), 'changed'],
      [mersisNo(2), 'unchanged'],
    ]);
    expect((await recordOf(1))?.version).toBe(3);
  });

  it('takes more than a hundred at once', async () => {
    const all = Array.from({ length: 130 }, (_, n) => full(n));
    expect(new Set(resultsOf(await house.take(all)))).toEqual(new Set(['changed']));
    expect(new Set(resultsOf(await house.take(all)))).toEqual(new Set(['unchanged']));
  });

  it('older than what is known that says the same is no contradiction, and renews no time', async () => {
    await house.take([full(1)]);
    const before = await recordOf(1);
    const asOf = new Date(house.now().getTime() - 1000);
    house.pass(60);
    expect(resultsOf(await house.take([full(1)], { asOf }))).toEqual(['unchanged']);
    expect(await recordOf(1)).toEqual(before);
    expect(await told('mersis.refused')).toEqual([]);
  });

  it.each([
    ['stale', -25 * 3600],
    ['from-future', 3600],
    ['out-of-order', -1],
  ])('that is %s is refused and written down, and nothing of it is taken in', async (problem, seconds) => {
    await house.take([full(1)]);
    const before = await recordOf(1);
    const asOf = new Date(house.now().getTime() + seconds * 1000);
    const reading = full(1, { il: 'İzmir', unvan: 'S.S. BAŞKA', seats: boardOf(1).slice(1) });
    const runId = await house.openRun(5);
    expect(await house.take([reading, full(2)], { asOf, runId })).toMatchObject([
      { result: 'refused', problem },
      problem === 'out-of-order' ? { result: 'changed' } : { result: 'refused', problem },
    ]);
    expect(await recordOf(1)).toEqual(before);
    expect((await told('mersis.refused'))[0]).toEqual({ cooperative: mersisNo(1), problem, run: runId });
  });

  it('that names one seat twice is refused and written down, and the others of the batch go on', async () => {
    const seats = boardOf(2);
    const twice = full(2, { seats: [...seats, seats[0] as (typeof seats)[number]] });
    expect(await house.take([full(1), twice, full(3)])).toMatchObject([
      { result: 'changed' },
      { result: 'refused', problem: 'duplicate-seat' },
      { result: 'changed' },
    ]);
    expect(await recordOf(2)).toBeUndefined();
    expect(await told('mersis.refused')).toHaveLength(1);
  });

  it('that the tables refuse is refused alone, and the others of the batch are taken in whole', async () => {
    const bad = full(3, { seats: [seatReading(tagger, personOf(900), { startsOn: '2025-02-31' })] });
    const taken = await house.take([full(1), full(2), bad, full(4), full(5)]);
    expect(resultsOf(taken)).toEqual(['changed', 'changed', 'refused', 'changed', 'changed']);
    expect(taken[2]?.problem).toBe('not-storable');
    expect(await recordOf(3)).toBeUndefined();
    expect(await house.inForce(5)).toBe(3);
  });

  it('that cannot be written down is not taken in, and the failure is told', async () => {
    await house.log.appender.close();
    expect(await failureOf(house.take([full(1)]))).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await recordOf(1)).toBeUndefined();
  });
});

describe('a loss', () => {
  beforeEach(async () => {
    await house.take([full(1), full(2)]);
    house.pass(3600);
  });

  it('of one seat is taken in at once', async () => {
    expect(resultsOf(await house.take([full(1, { seats: boardOf(1).slice(1) })]))).toEqual(['changed']);
    expect(await house.inForce(1)).toBe(2);
  });

  it('of the whole board is held, told once, and no right is lost', async () => {
    const secondAfter = new Date(house.now().getTime() + 900_000);
    expect(await house.take([empty(1)])).toMatchObject([{ result: 'held', secondAfter }]);
    house.pass(60);
    expect(await house.take([empty(1)])).toMatchObject([{ result: 'held', secondAfter }]);
    expect(await house.inForce(1)).toBe(3);
    const seats = (await recordOf(1))?.record.seats.map(({ seatId }) => seatId) ?? [];
    const data = { cooperative: mersisNo(1), gained: 0, held: 3, run: null, why: 'empty-board' };
    expect(await told('mersis.held')).toEqual([
      { ...data, lost: expect.arrayContaining(seats as unknown[]) },
    ]);
    // The time that rights rest on is not renewed by what is not believed.
    expect((await recordOf(1))?.readAt.getTime()).toBe(house.now().getTime() - 3_660_000);
  });

  it('is taken in by a second reading after the time, and what was held is forgotten', async () => {
    await house.take([empty(1)]);
    house.pass(900);
    expect(resultsOf(await house.take([empty(1)]))).toEqual(['changed']);
    expect(await house.inForce(1)).toBe(0);
    expect(await heldRows()).toEqual([]);
  });

  it('that the registry takes back is forgotten without an entry', async () => {
    await house.take([empty(1)]);
    const before = (await kinds()).length;
    house.pass(900);
    expect(resultsOf(await house.take([full(1)]))).toEqual(['unchanged']);
    expect(await heldRows()).toEqual([]);
    expect(await kinds()).toHaveLength(before);
    // The next empty board is a first one again.
    expect(resultsOf(await house.take([empty(1)]))).toEqual(['held']);
  });

  it('that is another one at the second reading begins to wait anew', async () => {
    await house.take([empty(1)]);
    house.pass(900);
    const other = full(1, { seats: [seatReading(tagger, personOf(800), { role: 'denetci' })] });
    expect(resultsOf(await house.take([other]))).toEqual(['held']);
    expect(await told('mersis.held')).toHaveLength(2);
    expect(await house.inForce(1)).toBe(3);
  });

  it('leaves no number in entries, in what is held, or in its digest', async () => {
    await house.take([empty(1)]);
    const rows = JSON.stringify(await heldRows(), (_, value) =>
      Buffer.isBuffer(value) ? value.toString('hex') : value,
    );
    const lines = JSON.stringify(await house.entries());
    for (const n of [3, 4, 5]) {
      expect(rows).not.toContain(digitsOf(n));
      expect(lines).not.toContain(digitsOf(n));
      expect(rows).not.toContain(tagger.tag('authority', personOf(n)).toString('hex'));
    }
  });
});

describe('a register that answers empty for every cooperative', () => {
  const ALL = Array.from({ length: 150 }, (_, n) => n);
  let runId: string;
  beforeEach(async () => {
    await house.take(ALL.map((n) => full(n)));
    house.pass(3600);
    runId = await house.openRun(5);
  });
  const run = async () =>
    (
      await house.test.db.query<{ state: string; losses: number }>({
        text: 'SELECT state, losses FROM bridge.mersis_run WHERE run_id = $1',
        values: [runId],
      })
    ).rows[0];
  const standing = async () => {
    const counts = await Promise.all(ALL.map((n) => house.inForce(n)));
    return counts.reduce((sum, one) => sum + one, 0);
  };

  it('takes no right from anybody, stops the run, and raises one alarm', async () => {
    const taken = await house.take(ALL.map(empty), { runId });
    expect(resultsOf(taken)).toEqual(ALL.map((n) => (n < 5 ? 'held' : 'run-stopped')));
    expect(await standing()).toBe(450);
    expect(await told('mersis.run-stopped')).toEqual([{ asked: 7, lossLimit: 5, losses: 100, run: runId }]);
    expect(await run()).toEqual({ state: 'stopped', losses: 150 });
    expect(await told('mersis.held')).toHaveLength(150);
    expect((await heldRows()).every(({ run_id }) => run_id === runId)).toBe(true);
  });

  it('cannot be confirmed by itself: readings after the time are held, within the run and for persons', async () => {
    await house.take(ALL.map(empty), { runId });
    house.pass(3600);
    expect(new Set(resultsOf(await house.take(ALL.map(empty), { runId })))).toEqual(new Set(['run-stopped']));
    expect(resultsOf(await house.take([empty(1)]))).toEqual(['run-stopped']);
    expect(await standing()).toBe(450);
    expect(await told('mersis.run-stopped')).toHaveLength(1);
  });

  it('leaves one person’s reading of an ordinary loss elsewhere to be taken in, and counts it nowhere', async () => {
    const elsewhere = 400;
    await house.take([full(elsewhere)]);
    await house.take(ALL.map(empty), { runId });
    const fewer = full(elsewhere, { seats: boardOf(elsewhere).slice(1) });
    expect(resultsOf(await house.take([fewer]))).toEqual(['changed']);
    expect(await house.inForce(elsewhere)).toBe(2);
    expect(await run()).toMatchObject({ state: 'stopped', losses: 150 });
  });

  it('leaves what gives rights free to be taken in while the run stands stopped', async () => {
    await house.take(ALL.map(empty), { runId });
    const more = full(1, { seats: [...boardOf(1), seatReading(tagger, personOf(900))] });
    expect(resultsOf(await house.take([more]))).toEqual(['changed']);
    expect(await house.inForce(1)).toBe(4);
  });

  it('takes nothing away for a run that was ended while its answers were on their way', async () => {
    await house.test.db.query({
      text: `UPDATE bridge.mersis_run SET state = 'rejected' WHERE run_id = $1`,
      values: [runId],
    });
    expect(await house.take([empty(1), full(2, { il: 'İzmir' })], { runId })).toMatchObject([
      { result: 'run-stopped', problem: 'run-over' },
      { result: 'changed' },
    ]);
    expect(await heldRows()).toEqual([]);
    expect(await house.inForce(1)).toBe(3);
  });

  it('counts small losses like large ones: one seat each stops the run too', async () => {
    const fewer = ALL.slice(0, 20).map((n) => full(n, { seats: boardOf(n).slice(1) }));
    const taken = await house.take(fewer, { runId });
    expect(resultsOf(taken)).toEqual(fewer.map((_, i) => (i < 5 ? 'changed' : 'run-stopped')));
    expect(await standing()).toBe(445);
  });
});

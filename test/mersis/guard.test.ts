import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CooperativeRecord, RecordedSeat } from '../../src/authority/record.js';
import {
  type GuardPolicy,
  type Hold,
  type JudgedReading,
  judgeReading,
  lossLimitOf,
  lossOf,
  type RunCount,
} from '../../src/mersis/guard.js';

const TODAY = '2026-05-05';
const NOW = new Date('2026-05-05T09:00:00Z');
const HOUR_MS = 3_600_000;
const POLICY: GuardPolicy = {
  secondReadingS: 900,
  largeLossPercent: 60,
  lossesPerRun: 200,
  lossSharePercent: 1,
  maxAgeHours: 24,
  clockSkewS: 300,
};
const at = (ms: number) => new Date(NOW.getTime() + ms);

const seat = (n: number, changes: Partial<RecordedSeat> = {}): RecordedSeat => ({
  seatId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  role: 'board',
  startsOn: '2025-01-01',
  endsOn: null,
  registeredOn: '2025-01-05',
  goneOn: null,
  tag: String(n).padStart(32, '0'),
  source: 'mersis',
  state: null,
  representation: null,
  gazette: null,
  actsFor: null,
  appointment: null,
  ...changes,
});
const record = (seats: readonly RecordedSeat[], durum = 'faal'): CooperativeRecord => ({
  mersisNo: '0123456789000015',
  vkn: null,
  unvan: 'Örnek',
  tur: 't',
  kanun: '1163',
  seviye: 'birim',
  il: 'Ankara',
  ilgiliBakanlik: 'ticaret',
  statuses: [{ durum, since: '2020-01-01' }],
  successor: null,
  suspensions: [],
  seats,
});
const gone = (one: RecordedSeat): RecordedSeat => ({ ...one, goneOn: TODAY });
const BOARD = [1, 2, 3, 4, 5].map((n) => seat(n));
const EMPTY = BOARD.map(gone);
const RUN: RunCount = { runId: 'r1', state: 'running', losses: 0, lossLimit: 5 };
const HOLD: Hold = {
  digest: 'd',
  why: 'empty-board',
  runId: null,
  secondAfter: NOW,
  releasedAt: null,
};

const judge = (changes: Partial<JudgedReading> = {}, policy: Partial<GuardPolicy> = {}) =>
  judgeReading(
    {
      before: record(BOARD),
      heldAsOf: at(-HOUR_MS),
      after: record(EMPTY),
      asOf: NOW,
      readAt: NOW,
      now: NOW,
      today: TODAY,
      digest: 'd',
      hold: null,
      run: null,
      ...changes,
    },
    { ...POLICY, ...policy },
  );

describe('the time of the registry’s word', () => {
  it.each([
    ['of a day ago', -24 * HOUR_MS, null],
    ['of more than a day ago', -24 * HOUR_MS - 1, 'stale'],
    ['that is no time', Number.NaN, 'stale'],
    ['a little ahead of our clock', 300_000, null],
    ['from the future', 300_001, 'from-future'],
  ])('%s is judged as such', (_name, ms, problem) => {
    const verdict = judge({ after: record(BOARD), asOf: at(ms), heldAsOf: null });
    expect(verdict).toEqual(
      problem === null ? { kind: 'apply', counts: false } : { kind: 'refuse', problem },
    );
  });

  it('before the one that stands is out of order, the same is not', () => {
    const same = { after: record(BOARD), heldAsOf: at(-5) };
    expect(judge({ ...same, asOf: at(-6) })).toEqual({ kind: 'refuse', problem: 'out-of-order' });
    expect(judge({ ...same, asOf: at(-5) }).kind).toBe('apply');
  });

  it('is asked of a released reading too', () => {
    const hold = { ...HOLD, releasedAt: NOW };
    expect(judge({ hold, asOf: at(-25 * HOUR_MS) }).kind).toBe('refuse');
  });

  it('does not hang on days of registrations and starts that lie ahead: they are facts, not in force', () => {
    const ahead = seat(9, { startsOn: '2026-06-01', registeredOn: '2026-05-20' });
    expect(judge({ after: record([...BOARD, ahead]) })).toEqual({ kind: 'apply', counts: false });
  });
});

describe('a loss', () => {
  const heldAs = (why: string) => ({
    kind: 'hold',
    why,
    secondAfter: at(900_000),
    counts: false,
  });

  it('of the whole board waits for a second reading', () => {
    expect(judge()).toEqual(heldAs('empty-board'));
  });

  it('of the whole board waits whichever auditors come instead', () => {
    const auditors = [11, 12, 13, 14, 15].map((n) => seat(n, { role: 'denetci' }));
    expect(judge({ after: record([...EMPTY, ...auditors]) })).toEqual(heldAs('empty-board'));
  });

  it.each(['terkin', 'birleşme', 'tasfiye'])('of everybody by the status %s waits', (durum) => {
    expect(judge({ after: record(BOARD, durum) })).toEqual(heldAs('large-loss'));
    expect(judge({ after: record(BOARD, durum) }, { largeLossPercent: 100 })).toEqual(heldAs('large-loss'));
  });

  it.each([
    [3, { kind: 'apply', counts: false }],
    [4, heldAs('large-loss')],
  ])('of %i of five seats: more than the share waits', (count, verdict) => {
    const after = BOARD.map((one, i) => (i < count ? gone(one) : one));
    expect(judge({ after: record(after) })).toEqual(verdict);
  });

  it('of a whole board with as many new members is an election', () => {
    const elected = [11, 12, 13, 14, 15].map((n) => seat(n));
    expect(judge({ after: record([...EMPTY, ...elected]), run: RUN })).toEqual({
      kind: 'apply',
      counts: true,
    });
    expect(judge({ after: record([...EMPTY, ...elected.slice(1)]) })).toEqual(heldAs('large-loss'));
  });

  it('by an end that the registry states is ordinary, and counts in its run all the same', () => {
    const after = record([seat(1, { endsOn: TODAY }), ...BOARD.slice(1)]);
    expect(judge({ after, run: RUN })).toEqual({ kind: 'apply', counts: true });
  });

  it('of seats that no registry gave, or that were not in force, is none', () => {
    const before = record([
      seat(1),
      seat(2, { registeredOn: null }),
      seat(3, { source: 'decision', role: 'appointee' }),
    ]);
    const after = record([seat(1), ...before.seats.slice(1).map(gone)]);
    expect(lossOf(before, after, TODAY)).toEqual({ inForce: 1, lost: [], gained: 0, emptied: false });
  });

  it('of a new cooperative is none', () => {
    expect(judge({ before: null, after: record([]), heldAsOf: null })).toEqual({
      kind: 'apply',
      counts: false,
    });
  });
});

describe('a second reading', () => {
  const second = (ms: number, hold: Partial<Hold> = {}) =>
    judge({ readAt: at(ms), hold: { ...HOLD, secondAfter: at(900_000), ...hold } });

  it('that says the same once the time is over is believed, one before it is not', () => {
    expect(second(899_999)).toMatchObject({ kind: 'hold', secondAfter: at(900_000) });
    expect(second(900_000)).toEqual({ kind: 'apply', counts: false });
  });

  it('that says something else begins to wait anew', () => {
    expect(second(900_000, { digest: 'other' })).toMatchObject({
      kind: 'hold',
      secondAfter: at(1_800_000),
    });
  });

  it('never confirms what a stopped run held: that begins to wait as a first one', () => {
    expect(second(900_000, { why: 'run-stopped', runId: 'r0' })).toMatchObject({
      kind: 'hold',
      secondAfter: at(1_800_000),
    });
  });

  it('that two persons have released needs no time and no room in its run, another one does', () => {
    const released = { ...HOLD, secondAfter: at(1), releasedAt: NOW };
    const full = { ...RUN, losses: 5 };
    expect(judge({ hold: released, run: full })).toEqual({ kind: 'apply', counts: false });
    expect(judge({ hold: released, run: full, digest: 'other' })).toEqual({
      kind: 'stop-run',
      counts: true,
    });
  });
});

describe('a run', () => {
  const small = { after: record([gone(BOARD[0] as RecordedSeat), ...BOARD.slice(1)]) };

  it('takes as many losses as it may, and stops at the next one', () => {
    expect(judge({ ...small, run: { ...RUN, losses: 4 } })).toEqual({ kind: 'apply', counts: true });
    expect(judge({ ...small, run: { ...RUN, losses: 5 } })).toEqual({ kind: 'stop-run', counts: true });
    expect(judge({ run: { ...RUN, losses: 5 } })).toEqual({ kind: 'stop-run', counts: true });
  });

  it('counts a cooperative once, though it is held and then confirmed', () => {
    const hold = { ...HOLD, runId: RUN.runId };
    expect(judge({ hold, run: { ...RUN, losses: 5 } })).toEqual({ kind: 'apply', counts: false });
    expect(judge({ hold: { ...hold, runId: 'r0' }, run: RUN })).toEqual({ kind: 'apply', counts: true });
  });

  it('that stands stopped keeps no ordinary loss that one person has read anew, and every doubtful one', () => {
    const beside: RunCount = { ...RUN, state: 'beside', losses: 100 };
    expect(judge({ ...small, run: beside })).toEqual({ kind: 'apply', counts: false });
    expect(judge({ run: beside }).kind).toBe('stop-run');
    expect(judge({ ...small, hold: { ...HOLD, why: 'run-stopped' }, run: beside }).kind).toBe('stop-run');
    expect(judge({ ...small, hold: { ...HOLD, releasedAt: NOW }, run: beside }).kind).toBe('apply');
  });

  it('that stands stopped lets nothing go, a confirmed reading neither', () => {
    const stopped: RunCount = { ...RUN, state: 'stopped', losses: 0 };
    expect(judge({ ...small, run: stopped }).kind).toBe('stop-run');
    expect(judge({ hold: HOLD, run: stopped }).kind).toBe('stop-run');
    expect(judge({ after: record([...BOARD, seat(9)]), run: stopped }).kind).toBe('apply');
  });

  it('that is over takes nothing away any longer, and counts nothing', () => {
    const over: RunCount = { ...RUN, state: 'over' };
    expect(judge({ ...small, run: over })).toEqual({ kind: 'leave' });
    expect(judge({ after: record([...BOARD, seat(9)]), run: over }).kind).toBe('apply');
  });

  it.each([
    [50_078, 200],
    [10_000, 100],
    [101, 5],
    [0, 5],
  ])('of %i cooperatives stops above %i losses', (cooperatives, limit) => {
    expect(lossLimitOf(POLICY, cooperatives)).toBe(limit);
  });

  it('stops above the count where that is smaller than five', () => {
    expect(lossLimitOf({ lossesPerRun: 2, lossSharePercent: 100 }, 50_078)).toBe(2);
  });
});

describe('whatever a reading says', () => {
  const day = fc.constantFrom('2024-01-01', '2026-05-04', TODAY, '2026-05-06', '2027-01-01');
  const someSeat = fc
    .record({
      n: fc.integer({ min: 1, max: 12 }),
      role: fc.constantFrom('board', 'denetci', 'liquidator', 'trustee', 'appointee'),
      source: fc.constantFrom('mersis', 'registry', 'decision'),
      startsOn: day,
      endsOn: fc.option(day),
      registeredOn: fc.option(day),
      goneOn: fc.option(day),
    })
    .map(({ n, ...changes }) => seat(n, changes as Partial<RecordedSeat>));
  const someRecord = fc
    .tuple(
      fc.uniqueArray(someSeat, { selector: ({ seatId }) => seatId, maxLength: 12 }),
      fc.constantFrom('faal', 'faal', 'tasfiye', 'terkin'),
    )
    .map(([seats, durum]) => record(seats, durum));
  const someHold = fc.option(
    fc.record({
      digest: fc.constantFrom('d', 'other'),
      why: fc.constantFrom('empty-board' as const, 'large-loss' as const, 'run-stopped' as const),
      runId: fc.option(fc.constantFrom('r0', 'r1')),
      secondAfter: fc.integer({ min: -2_000_000, max: 2_000_000 }).map(at),
      releasedAt: fc.option(fc.constant(NOW)),
    }),
  );
  const someRun = fc.option(
    fc.record({
      runId: fc.constant('r1'),
      state: fc.constantFrom('running' as const, 'stopped' as const, 'over' as const, 'beside' as const),
      losses: fc.integer({ min: 0, max: 7 }),
      lossLimit: fc.integer({ min: 1, max: 7 }),
    }),
  );
  const reading = fc.record({
    before: fc.option(someRecord),
    after: someRecord,
    hold: someHold,
    run: someRun,
    heldAsOf: fc.option(fc.integer({ min: -HOUR_MS, max: HOUR_MS }).map(at)),
    asOf: fc.integer({ min: -30 * HOUR_MS, max: HOUR_MS }).map(at),
  });

  it('what takes nothing away is never held, and what is applied took little, was confirmed, or was released', () => {
    fc.assert(
      fc.property(reading, (changes) => {
        const { before, after, hold, run } = changes;
        const verdict = judge(changes);
        const loss = lossOf(before, after, TODAY);
        if (verdict.kind === 'refuse') return;
        if (loss.lost.length === 0) {
          expect(verdict).toEqual({ kind: 'apply', counts: false });
          return;
        }
        if (verdict.kind !== 'apply') return;
        const same = hold?.digest === 'd' ? hold : null;
        if (same?.releasedAt != null) return;
        if (run?.state === 'beside') expect(hold).toBeNull();
        else expect(run?.state ?? 'running').toBe('running');
        if (run !== null && verdict.counts) expect(run.losses).toBeLessThan(run.lossLimit);
        const isDoubtful =
          loss.emptied || (loss.lost.length * 100 > 60 * loss.inForce && loss.gained < loss.lost.length);
        if (isDoubtful) {
          expect(run?.state).not.toBe('beside');
          expect(same?.why).not.toBe('run-stopped');
          expect(same?.secondAfter.getTime()).toBeLessThanOrEqual(NOW.getTime());
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('no run takes away from more cooperatives than its limit, in whichever order they come', () => {
    const one = fc.record({ before: someRecord, after: someRecord });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (all, lossLimit) => {
        let run: RunCount = { ...RUN, lossLimit };
        let taken = 0;
        for (const changes of all) {
          const verdict = judge({ ...changes, run });
          const loses = lossOf(changes.before, changes.after, TODAY).lost.length > 0;
          if (verdict.kind === 'apply' && loses) taken += 1;
          if (verdict.kind === 'stop-run') run = { ...run, state: 'stopped' };
          if ('counts' in verdict && verdict.counts) run = { ...run, losses: run.losses + 1 };
        }
        expect(taken).toBeLessThanOrEqual(lossLimit);
      }),
      { numRuns: 500 },
    );
  });
});

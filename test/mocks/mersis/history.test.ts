import { describe, expect, it } from '@jest/globals';
import { inForce, isPending } from '../../../mocks/mersis/history/board.js';
import {
  type HistoryChange,
  historySeedOf,
  moveMonths,
  simulateMonths,
} from '../../../mocks/mersis/history.js';
import { addDays, isDay } from '../../../mocks/population/calendar.js';
import { generatePopulation } from '../../../mocks/population/generate-population.js';
import type { Cooperative, Population, Seat } from '../../../mocks/population/population.js';
import { orderedRoles, rolesOfBoard } from '../../../mocks/population/roles.js';

const TODAY = '2026-07-15';
const population = generatePopulation({ seed: 'history', people: 2000, cooperatives: 300, today: TODAY });
const untouched = JSON.stringify(population);
const options = { seed: 'one', count: 24, today: TODAY };
const changes = [...simulateMonths(population, options)];
const after = moveMonths(population, options).population;
/** As a demonstration does it: month by month, all of them on one real day. */
const steps = Array.from({ length: 12 }).reduce<Population[]>(
  (worlds) => [...worlds, moveMonths(worlds.at(-1) as Population, { ...options, count: 1 }).population],
  [population],
);
const later = moveMonths(after, { ...options, today: addDays(TODAY, 400) }).population;
const worlds = [after, later, ...steps.slice(1)];

const keyOf = ({ kimlikNo, gorev }: Seat) => `${kimlikNo} ${gorev}`;
/** Terms of one person in one duty of which the next begins before they are over. */
function overlapsOf(board: readonly Seat[]): Seat[] {
  const sorted = [...board].sort((a, b) => (keyOf(a) + a.baslangic < keyOf(b) + b.baslangic ? -1 : 1));
  return sorted.filter((seat, place) => {
    const next = sorted[place + 1];
    return next !== undefined && keyOf(next) === keyOf(seat) && (seat.bitis ?? '9999') > next.baslangic;
  });
}

/** Every cooperative before and after each of its changes. */
function inOrder(of: readonly HistoryChange[]): { before: Cooperative; change: HistoryChange }[] {
  const known = new Map(population.cooperatives.map((one) => [one.mersisNo, one]));
  return of.map((change) => {
    const before = known.get(change.mersisNo) as Cooperative;
    known.set(change.mersisNo, change.now);
    return { before, change };
  });
}

describe('simulated months', () => {
  it('are the same for the same population, seed and day, and leave what they began with as it was', () => {
    expect([...simulateMonths(population, options)]).toEqual(changes);
    expect(JSON.stringify(moveMonths(population, options).population)).toBe(JSON.stringify(after));
    expect(JSON.stringify(population)).toBe(untouched);
  });

  it('are others for another seed, and one that follows from the population is the same for the same people', () => {
    expect([...simulateMonths(population, { ...options, seed: 'two' })]).not.toEqual(changes);
    expect(historySeedOf(after)).toBe(historySeedOf(population));
    const other = generatePopulation({ seed: 'x', people: 100, cooperatives: 1, today: TODAY });
    expect(historySeedOf(other)).not.toBe(historySeedOf(population));
  });

  it('go on counting, so that the next month is not the last one again', () => {
    expect(after.months).toBe(24);
    expect(steps.at(-1)?.months).toBe(12);
    const [one] = moveMonths(after, { ...options, count: 1, today: addDays(TODAY, 31) }).changes;
    expect(one?.month).toBe(25);
  });

  it('change at one cooperative nothing of what is drawn for another', () => {
    const [first] = population.cooperatives as readonly Cooperative[];
    const patched = {
      ...population,
      cooperatives: population.cooperatives.map((one) => (one === first ? { ...one, board: [] } : one)),
    };
    const others = (of: Iterable<HistoryChange>) =>
      [...of].filter(({ mersisNo, what }) => mersisNo !== first?.mersisNo && what !== 'merger');
    expect(others(simulateMonths(patched, options))).toEqual(others(changes));
  });

  it('bring everything that can happen, each on the day of its month', () => {
    const all = [
      ...changes,
      ...moveMonths(after, { ...options, count: 120, today: addDays(TODAY, 4000) }).changes,
    ];
    expect(new Set(all.map(({ what }) => what))).toEqual(
      new Set([
        ...['elected', 'registered', 'resigned', 'term-ended', 'corrected'],
        ...['liquidation', 'deletion', 'merger', 'trustee'],
      ]),
    );
    for (const { month, day } of changes) expect(day).toBe(addDays(TODAY, -30 * (24 - month)));
  });

  it('never name a date that is none, lies ahead or runs backwards, and registered nobody before the election', () => {
    for (const world of worlds) {
      const today = world === later ? addDays(TODAY, 400) : TODAY;
      const isPast = (day: string) => isDay(day) && day <= today;
      const isWrong = ({ baslangic, bitis, tescil }: Seat) =>
        !isPast(baslangic) ||
        (bitis !== undefined && !(isDay(bitis) && bitis > baslangic)) ||
        (tescil !== undefined && !(isPast(tescil) && tescil >= baslangic));
      expect(world.cooperatives.filter(({ durumTarihi = '' }) => !isPast(durumTarihi))).toEqual([]);
      expect(world.cooperatives.flatMap(({ board }) => board).filter(isWrong)).toEqual([]);
    }
  });

  it('never let two terms of one person in one duty overlap, and keep every ended duty in the list', () => {
    for (const world of worlds) {
      const shorter = world.cooperatives.filter(
        ({ board }, index) => board.length < (population.cooperatives[index]?.board.length ?? 0),
      );
      expect(shorter).toEqual([]);
      expect(world.cooperatives.flatMap(({ board }) => overlapsOf(board))).toEqual([]);
    }
  });

  it('elect whole boards that are registered a month later, and the old board sits until then', () => {
    const elections = inOrder(changes).filter(({ change }) => change.what === 'elected');
    expect(elections.length).toBeGreaterThan(50);
    for (const { before, change } of elections) {
      const { now, day, month, mersisNo } = change;
      const added = now.board.slice(before.board.length);
      expect(now.board.slice(0, before.board.length)).toEqual(before.board);
      expect(added.filter(({ gorev }) => gorev === 'yönetim kurulu üyesi').length).toBeGreaterThanOrEqual(3);
      for (const seat of added)
        expect([seat.tescil, seat.baslangic, isPending(seat, day)]).toEqual([undefined, day, true]);
      if (month === 24) continue;
      const next = changes.find((one) => one.mersisNo === mersisNo && one.month === month + 1);
      expect(next?.what).toBe('registered');
      const board = next?.now.board ?? [];
      const inOffice = board.filter((seat) => inForce(seat, next?.day ?? ''));
      expect(inOffice.map(keyOf).sort()).toEqual(added.map(keyOf).sort());
    }
  });

  it('leave after a liquidation liquidators alone, after a deletion nobody, after a merger a working successor', () => {
    for (const { change } of inOrder(changes)) {
      const { what, now, day } = change;
      const duties = new Set(now.board.filter((seat) => inForce(seat, day)).map(({ gorev }) => gorev));
      if (what === 'liquidation') expect([now.durum, [...duties]]).toEqual(['tasfiye', ['tasfiye memuru']]);
      if (what === 'deletion') expect([now.durum, duties.size]).toEqual(['terkin', 0]);
      if (what === 'trustee') expect(duties).toContain('kayyım');
      if (what === 'resigned')
        expect(now.board.filter(({ bitis }) => bitis === day).length).toBeGreaterThan(0);
      if (what !== 'merger') continue;
      expect([now.durum, duties.size]).toEqual(['birleşme', 0]);
      expect(population.cooperatives.some(({ mersisNo }) => mersisNo === now.halef)).toBe(true);
      expect(now.halef).not.toBe(now.mersisNo);
    }
  });

  it('elect only people who may sit, and give everybody the roles that the boards say', () => {
    const mayNot = new Set(
      population.people
        .filter(
          ({ kimlikNo, durum, soyad, is }) =>
            durum !== 'açık' ||
            kimlikNo.startsWith('9') ||
            soyad === '' ||
            is.some((role) =>
              /^(?:directorate|ministry|security|log|finance|admin|appointee|legacy)/.test(role),
            ),
        )
        .map(({ kimlikNo }) => kimlikNo),
    );
    for (const [at, world] of worlds.entries()) {
      const today = world === later ? addDays(TODAY, 400) : TODAY;
      const changed = world.cooperatives.filter(({ mersisNo, board }) => {
        const was = population.cooperatives.find((one) => one.mersisNo === mersisNo);
        return JSON.stringify(was?.board) !== JSON.stringify(board);
      });
      expect([at, changed.length > 0]).toEqual([at, true]);
      for (const { board } of changed)
        for (const { kimlikNo } of board) expect(mayNot.has(kimlikNo)).toBe(false);
      if (world === later) continue;
      const given = new Map<string, string[]>();
      for (const one of world.cooperatives)
        for (const [kimlikNo, roles] of rolesOfBoard(one, today))
          given.set(kimlikNo, [...(given.get(kimlikNo) ?? []), ...roles]);
      const said = ({ is }: { is: readonly string[] }) =>
        is.filter((role) => !/^(?:board|elected|former|denetci):/.test(role));
      const wrong = world.people.filter(
        (one) => one.is.join() !== orderedRoles([...said(one), ...(given.get(one.kimlikNo) ?? [])]).join(),
      );
      expect(wrong).toEqual([]);
    }
  });

  it('of a world without cooperatives, or with too few people, bring nothing', () => {
    const empty = { people: [], cooperatives: [] };
    expect(moveMonths(empty, options)).toEqual({ population: { ...empty, months: 24 }, changes: [] });
    const alone = { ...population, people: [] };
    const what = new Set([...simulateMonths(alone, options)].map((one) => one.what));
    expect([what.has('elected'), what.has('resigned'), what.has('trustee')]).toEqual([false, false, false]);
  });
});

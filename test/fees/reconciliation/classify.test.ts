import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kurus } from '../../../src/fees/kurus.js';
import {
  classify,
  type Difference,
  type OurCell,
  type TheirCell,
} from '../../../src/fees/reconciliation/classify.js';

/** Two kuruş a query, unless the test says otherwise. */
function ours(day: string | null, units: number, more: Partial<OurCell> = {}): OurCell {
  const price = units === 0 ? null : { least: kurus(2), most: kurus(2) };
  const rest = {
    service: null,
    amountKurus: kurus(units * 2),
    unknown: 0,
    uncounted: 0,
    early: 0,
    late: 0,
    price,
  };
  return { day, units, ...rest, ...more };
}

function theirs(day: string | null, queries: number, amount: number | null = queries * 2): TheirCell {
  return { day, service: null, queries, amountKurus: amount === null ? null : kurus(amount) };
}

const told = (differences: readonly Difference[]) =>
  differences.map(({ amountKurus, behind, class: name, day, queries }) => [
    name,
    day,
    queries,
    Number(amountKurus),
    behind,
  ]);

const [D1, D2, D3] = ['2026-07-01', '2026-07-02', '2026-07-03'];

describe('differences between their figures and the book', () => {
  it('are none where both are equal', () => {
    expect(classify([ours(D1, 10), ours(D2, 0)], [theirs(D1, 10)])).toEqual([]);
    expect(classify([], [])).toEqual([]);
  });

  it('are only with us, with our counted entries behind them, where they counted fewer', () => {
    expect(told(classify([ours(D1, 10)], [theirs(D1, 7)]))).toEqual([['only-with-us', D1, -3, -6, 10]]);
    expect(told(classify([ours(D1, 10)], []))).toEqual([['only-with-us', D1, -10, -20, 10]]);
  });

  it('are only with them, with what we sent and did not count behind them, where they counted more', () => {
    expect(told(classify([ours(D1, 10, { uncounted: 2 })], [theirs(D1, 13)]))).toEqual([
      ['only-with-them', D1, 3, 6, 2],
    ]);
    expect(told(classify([], [theirs(null, 4, 12)]))).toEqual([['only-with-them', null, 4, 12, 0]]);
  });

  it('are unknown outcomes as far as these account for it; the rest is only with us', () => {
    expect(told(classify([ours(D1, 10, { unknown: 2 })], [theirs(D1, 9)]))).toEqual([
      ['unknown-outcome', D1, -1, -2, 2],
    ]);
    expect(told(classify([ours(D1, 10, { unknown: 2 })], [theirs(D1, 5)]))).toEqual([
      ['unknown-outcome', D1, -2, -4, 2],
      ['only-with-us', D1, -3, -6, 8],
    ]);
  });

  it('hold unknown outcomes where the counts agree, or theirs is higher: these are settled as counted', () => {
    expect(told(classify([ours(D1, 10, { unknown: 2 })], [theirs(D1, 10)]))).toEqual([
      ['unknown-outcome', D1, 0, 0, 2],
    ]);
    expect(told(classify([ours(D1, 10, { unknown: 2 })], [theirs(D1, 11)]))).toEqual([
      ['unknown-outcome', D1, 0, 0, 2],
      ['only-with-them', D1, 1, 2, 0],
    ]);
  });

  it('lie at a day boundary as far as our lines near midnight account for a lack and the next day’s excess', () => {
    const book = [ours(D1, 10, { late: 2 }), ours(D2, 10, { early: 1 }), ours(D3, 10)];
    expect(told(classify(book, [theirs(D1, 8), theirs(D2, 12), theirs(D3, 10)]))).toEqual([
      ['day-boundary', D1, -2, -4, 3],
      ['day-boundary', D2, 2, 4, 3],
    ]);
    expect(told(classify(book, [theirs(D1, 12), theirs(D2, 8), theirs(D3, 10)]))).toEqual([
      ['day-boundary', D1, 1, 2, 3],
      ['only-with-them', D1, 1, 2, 0],
      ['day-boundary', D2, -1, -2, 3],
      ['only-with-us', D2, -1, -2, 10],
    ]);
  });

  it('never lie at a boundary that has no line of ours beside it, or is not between neighbours', () => {
    expect(
      told(classify([ours(D1, 10), ours(D2, 10)], [theirs(D1, 9), theirs(D2, 11)])).map(([name]) => name),
    ).toEqual(['only-with-us', 'only-with-them']);
    const apart = classify(
      [ours(D1, 10, { late: 5 }), ours(D3, 10, { early: 5 })],
      [theirs(D1, 9), theirs(D3, 11)],
    );
    expect(told(apart).map(([name]) => name)).toEqual(['only-with-us', 'only-with-them']);
  });

  it('are of the tariff where the counts are equal and the money is not, or the price is another', () => {
    expect(told(classify([ours(D1, 10)], [theirs(D1, 10, 30)]))).toEqual([['tariff-differs', D1, 0, 10, 10]]);
    expect(told(classify([ours(D1, 10)], [theirs(D1, 12, 36)]))).toEqual([
      ['only-with-them', D1, 2, 4, 0],
      ['tariff-differs', D1, 0, 12, 10],
    ]);
  });

  it('are rounding up to one kuruş', () => {
    expect(told(classify([ours(D1, 10)], [theirs(D1, 10, 21)]))).toEqual([['rounding', D1, 0, 1, 10]]);
    expect(told(classify([ours(D1, 10)], [theirs(D1, 9, 17)]))).toEqual([
      ['only-with-us', D1, -1, -2, 10],
      ['rounding', D1, 0, -1, 10],
    ]);
  });

  it('are no matter of the tariff where two prices of ours account for the money', () => {
    const two = ours(null, 10, { amountKurus: kurus(50), price: { least: kurus(2), most: kurus(8) } });
    expect(told(classify([two], [theirs(null, 9, 42)]))).toEqual([['only-with-us', null, -1, -8, 10]]);
    expect(told(classify([two], [theirs(null, 9, 40)]))).toEqual([
      ['only-with-us', null, -1, -8, 10],
      ['tariff-differs', null, 0, -2, 10],
    ]);
  });

  it('compare no money where a figure of theirs has none', () => {
    expect(told(classify([ours(D1, 10), ours(D2, 1)], [theirs(D1, 9, null), theirs(D2, 1, 500)]))).toEqual([
      ['only-with-us', D1, -1, 0, 10],
    ]);
  });
});

const DAYS = [D1, D2, D3, '2026-07-05'];
const small = fc.nat(9);
const ourCell = fc
  .record({
    units: fc.nat(30),
    unknown: small,
    uncounted: small,
    early: small,
    late: small,
    least: fc.nat(4),
    spread: fc.nat(4),
    over: fc.nat(40),
  })
  .map(
    ({ least, over, spread, units, unknown, ...rest }): Omit<OurCell, 'day' | 'service'> => ({
      ...rest,
      units,
      unknown: Math.min(unknown, units),
      amountKurus: kurus(units * least + Math.min(over, units * spread)),
      price: units === 0 ? null : { least: kurus(least), most: kurus(least + spread) },
    }),
  );
const theirCell = fc.record({ queries: fc.nat(30), amount: fc.nat(200) });
const place = fc.record({ day: fc.constantFrom(...DAYS), service: fc.constantFrom('a', 'b') });
const sides = fc.record({
  ours: fc.array(fc.tuple(place, ourCell), { maxLength: 8 }),
  theirs: fc.array(fc.tuple(place, theirCell), { maxLength: 8 }),
  compared: fc.boolean(),
});

function cellsOf<T>(pairs: readonly (readonly [{ day: string | undefined; service: string }, T])[]) {
  const once = new Map(
    pairs.map(([where, cell]) => [
      `${where.day} ${where.service}`,
      { ...where, day: where.day ?? '', ...cell },
    ]),
  );
  return [...once.values()];
}

describe('for any figures and any book', () => {
  it('the differences add up exactly to the whole, each place has a class once, and what is equal has none', () => {
    fc.assert(
      fc.property(sides, (input) => {
        const book: OurCell[] = cellsOf(input.ours);
        const file: TheirCell[] = cellsOf(input.theirs).map(({ amount, ...one }) => ({
          ...one,
          amountKurus: input.compared ? kurus(amount) : null,
        }));
        const found = classify(book, file);
        const isCompared = input.compared || file.length === 0;
        const sum = <T>(all: readonly T[], pick: (one: T) => bigint) =>
          all.reduce((total, one) => total + pick(one), 0n);
        const queries = sum(file, (one) => BigInt(one.queries)) - sum(book, (one) => BigInt(one.units));
        const amount = sum(file, (one) => one.amountKurus ?? 0n) - sum(book, (one) => one.amountKurus);
        expect(sum(found, (one) => BigInt(one.queries))).toBe(queries);
        expect(sum(found, (one) => one.amountKurus)).toBe(isCompared ? amount : 0n);
        expect(
          sum(
            found.filter((one) => one.class === 'day-boundary'),
            (one) => BigInt(one.queries),
          ),
        ).toBe(0n);
        const keys = found.map((one) => `${one.day} ${one.service} ${one.class}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const one of found) {
          const mine = book.find(({ day, service }) => day === one.day && service === one.service);
          if (one.class === 'unknown-outcome') {
            expect(-one.queries).toBeGreaterThanOrEqual(0);
            expect(-one.queries).toBeLessThanOrEqual(mine?.unknown ?? 0);
          } else expect(one.queries !== 0 || one.amountKurus !== 0n).toBe(true);
          if (one.class === 'tariff-differs' || one.class === 'rounding') expect(one.queries).toBe(0);
        }
        for (const cell of book.filter(({ unknown }) => unknown > 0))
          expect(keys).toContain(`${cell.day} ${cell.service} unknown-outcome`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('each place adds up by itself too', () => {
    fc.assert(
      fc.property(sides, (input) => {
        const book: OurCell[] = cellsOf(input.ours);
        const file: TheirCell[] = cellsOf(input.theirs).map(({ amount, ...one }) => ({
          ...one,
          amountKurus: kurus(amount),
        }));
        const found = classify(book, file);
        for (const { day, service } of [...book, ...file]) {
          const at = <T extends { day: string | null; service: string | null }>(all: readonly T[]) =>
            all.filter((one) => one.day === day && one.service === service);
          const queries = (at(file)[0]?.queries ?? 0) - (at(book)[0]?.units ?? 0);
          expect(at(found).reduce((sum, one) => sum + one.queries, 0)).toBe(queries);
          const amount = (at(file)[0]?.amountKurus ?? 0n) - (at(book)[0]?.amountKurus ?? 0n);
          expect(at(found).reduce((sum, one) => sum + one.amountKurus, 0n)).toBe(amount);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

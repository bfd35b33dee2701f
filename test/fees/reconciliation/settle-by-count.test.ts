import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settleByCount, type Unsettled } from '../../../src/fees/reconciliation/settle-by-count.js';

const one = (query: string, late: boolean | null = null, counted: boolean | null = null): Unsettled => ({
  query,
  late,
  settled: counted === null ? null : { counted },
});
const told = (unknowns: readonly Unsettled[], fewer: number) =>
  settleByCount(unknowns, fewer).map(({ by, counted, query }) => [query, counted, by]);

describe('unknown outcomes follow their count', () => {
  it('all alike where they counted all, or none', () => {
    expect(told([one('a'), one('b')], 0)).toEqual([
      ['a', true, 'all'],
      ['b', true, 'all'],
    ]);
    expect(told([one('a'), one('b')], 2)).toEqual([
      ['a', false, 'all'],
      ['b', false, 'all'],
    ]);
  });

  it('the earliest as the counted ones where number alone tells', () => {
    expect(told([one('a'), one('b'), one('c')], 2)).toEqual([
      ['a', true, 'count'],
      ['b', false, 'count'],
      ['c', false, 'count'],
    ]);
  });

  it('late answers first', () => {
    expect(told([one('a', false), one('b', true), one('c')], 1)).toEqual([
      ['a', false, 'late-outcome'],
      ['b', true, 'late-outcome'],
      ['c', true, 'all'],
    ]);
  });

  it('their count where late answers say otherwise', () => {
    expect(told([one('a', false)], 0)).toEqual([['a', true, 'count']]);
    expect(told([one('a', true), one('b', true)], 1)).toEqual([
      ['a', true, 'late-outcome'],
      ['b', false, 'count'],
    ]);
  });

  it('what was settled before as it is', () => {
    expect(told([one('a', null, true), one('b', null, false), one('c')], 1)).toEqual([['c', true, 'count']]);
  });

  const unknowns = fc
    .array(fc.record({ late: fc.constantFrom(true, false, null) }), { maxLength: 12 })
    .map((all) => all.map(({ late }, i) => one(`q${i}`, late)));

  it('exactly as many, and a run that is cut off anywhere goes on to the same end', () => {
    fc.assert(
      fc.property(unknowns, fc.nat(12), fc.nat(12), (all, wish, cut) => {
        const fewer = Math.min(wish, all.length);
        const whole = settleByCount(all, fewer);
        expect(whole.filter(({ counted }) => !counted)).toHaveLength(fewer);
        expect(whole.map(({ query }) => query)).toEqual(all.map(({ query }) => query));
        const first = new Map(whole.slice(0, cut).map((done) => [done.query, done]));
        const resumed = settleByCount(
          all.map((unknown) => ({ ...unknown, settled: first.get(unknown.query) ?? null })),
          fewer,
        );
        expect([...first.values(), ...resumed]).toEqual(whole);
      }),
      { numRuns: 1_000 },
    );
  });
});

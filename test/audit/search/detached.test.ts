import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { touchedBy } from '../../../src/audit/search/detached.js';

const PART = 1n << 20n;

describe('detached ranges of a period', () => {
  it('that lie beside each other are told as one run', () => {
    expect(touchedBy([0n, 1n, 3n], 0n, 9n * PART)).toEqual([
      { first: 0n, count: 2n * PART },
      { first: 3n * PART, count: PART },
    ]);
  });

  it('are those that a look at every single leaf’s time would touch, whatever the times of those that are gone', () => {
    // Six full parts, each written at one time; some parts are detached. A period touches a detached leaf if its time may
    // lie inside, given the neighbours that are at hand.
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 6, maxLength: 6 });
    const gone = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
    const bound = fc.integer({ min: -1, max: 22 });
    fc.assert(
      fc.property(times, gone, bound, bound, (unsorted, detached, a, b) => {
        const at = [...unsorted].sort((x, y) => x - y);
        const [from, to] = a < b ? [a, b] : [b, a + 1];
        const parts = detached.flatMap((is, i) => (is ? [BigInt(i)] : []));
        // The bounds as bridge.leaf_at finds them: just behind the last entry at hand that is earlier.
        const boundOf = (instant: number) =>
          at.reduce((low, time, i) => (!detached[i] && time < instant ? BigInt(i + 1) * PART : low), 0n);
        const told = touchedBy(parts, boundOf(from), boundOf(to));
        at.forEach((time, i) => {
          if (!detached[i] || time < from || time >= to) return;
          const leaf = BigInt(i) * PART;
          expect(told.some((run) => run.first <= leaf && leaf < run.first + run.count)).toBe(true);
        });
      }),
    );
  });

  it('wholly before or behind the period are not told', () => {
    expect(touchedBy([1n], 2n * PART + 5n, 3n * PART)).toEqual([]);
    expect(touchedBy([2n], 0n, 2n * PART - 1n)).toEqual([]);
    expect(touchedBy([2n], 0n, 2n * PART)).toHaveLength(1);
  });
});

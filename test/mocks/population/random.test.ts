import { describe, expect, it } from '@jest/globals';
import { randomStream } from '../../../mocks/population/random.js';

const draws = (seed: string, purpose: string) => {
  const random = randomStream(seed, purpose);
  return Array.from({ length: 20 }, () => random.below(2 ** 32));
};

describe('a stream of choices', () => {
  it('is the same for the same seed and purpose, and another for another of either', () => {
    expect(draws('a', 'names')).toEqual(draws('a', 'names'));
    expect(draws('a', 'names')).not.toEqual(draws('b', 'names'));
    expect(draws('a', 'names')).not.toEqual(draws('a', 'numbers'));
  });

  it('does not confuse a seed that ends like a purpose begins', () => {
    expect(draws('ab', 'c')).not.toEqual(draws('a', 'bc'));
  });

  it('gives the numbers of sfc32, computed apart from this code, on every machine', () => {
    expect(draws('koopbis', 'test').slice(0, 4)).toEqual([1978532528, 3211379974, 2810301789, 3981769017]);
  });

  it('reaches every value within its limits and none outside', () => {
    const random = randomStream('limits', 'test');
    const seen = new Set(Array.from({ length: 500 }, () => random.between(3, 7)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7]);
  });

  it('is about even: no value of ten is drawn twice as often as another', () => {
    const random = randomStream('even', 'test');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const drawn = random.below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(Math.max(...counts)).toBeLessThan(2 * Math.min(...counts));
  });

  it('picks by weight, and never what has no weight', () => {
    const random = randomStream('weights', 'test');
    const list = [{ weight: 1 }, { weight: 0 }, { weight: 9 }];
    const counts = new Map<object, number>();
    for (let i = 0; i < 2000; i += 1) {
      const one = random.weighted(list);
      counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    expect(counts.get(list[1] as object)).toBeUndefined();
    expect(counts.get(list[2] as object)).toBeGreaterThan(5 * (counts.get(list[0] as object) ?? 2000));
  });

  it('shuffles without losing or doubling anything, and leaves the list itself alone', () => {
    const list = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = randomStream('shuffle', 'test').shuffled(list);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
    expect(list).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});

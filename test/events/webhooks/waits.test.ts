import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseMs, retryAfterMs, waitMs } from '../../../src/events/webhooks/waits.js';

const NOW = new Date('2026-05-04T09:00:00.000Z');
const HOUR = 3_600_000;

describe('waits between tries', () => {
  it('begin with five seconds, double up to an hour, and stay there', () => {
    const waits = Array.from({ length: 14 }, (_, n) => waitMs(n + 1, 0.5) / 1000);
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600]);
    expect(waitMs(100_000, 0.5)).toBe(HOUR);
  });

  it('differ by chance, never by more than a quarter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, chance) => {
          const [middle, wait] = [waitMs(n, 0.5), waitMs(n, chance)];
          expect(wait).toBeGreaterThanOrEqual(middle * 0.75);
          expect(wait).toBeLessThanOrEqual(middle * 1.25);
        },
      ),
    );
    expect(waitMs(1, 0)).not.toBe(waitMs(1, 0.9));
  });

  it('become a pause of the receiver at the third failure in a row, of five minutes at the most', () => {
    expect([1, 2, 3, 4, 60].map((n) => pauseMs(n, 0.5))).toEqual([0, 0, 5_000, 10_000, 300_000]);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    ['0', 5],
    ['86400', 86_400],
    ['9999999999', 86_400],
    [' 60 ', 60],
    ['Mon, 04 May 2026 09:10:00 GMT', 600],
    ['Mon, 04 May 2026 08:00:00 GMT', 5],
    ['Mon, 04 May 2099 08:00:00 GMT', 86_400],
  ])('of %j is a wait of %d seconds', (header, seconds) => {
    expect(retryAfterMs(header, NOW, 0)).toBe(seconds * 1000);
    expect(retryAfterMs(header, NOW, 0.9)).toBeGreaterThan(seconds * 1000);
  });

  it.each([
    null,
    '',
    '-5',
    '1.5',
    '1e9',
    '12345678901',
    'tomorrow',
    '2026-05-04',
    'Xyz, 99 Abc 2026 99:99:99 GMT',
  ])('of %j says nothing', (header) => {
    expect(retryAfterMs(header, NOW, 0)).toBeNull();
  });
});

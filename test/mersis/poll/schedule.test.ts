import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowance, claimMs, nextDue, pauseMs, retryAt } from '../../../src/mersis/poll/schedule.js';
import { GATHER_MS, MAX_CHUNK } from '../../../src/mersis/poll/settings.js';

const HOUR = 3_600_000;
const READ_AT = new Date('2026-05-04T09:00:00Z');
const randomness = () => fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const intervals = () =>
  fc.record({
    activeMs: fc.integer({ min: HOUR, max: 24 * HOUR }),
    staleMs: fc.integer({ min: 24 * HOUR, max: 720 * HOUR }),
    jitter: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });

describe('the next reading', () => {
  it('lies within the interval, gathering included, and never in front of half of it', () => {
    fc.assert(
      fc.property(intervals(), fc.boolean(), randomness(), (interval, active, random) => {
        const ms = nextDue(READ_AT, active, interval, random).getTime() - READ_AT.getTime();
        const limit = active ? interval.activeMs : interval.staleMs;
        expect(ms + GATHER_MS).toBeLessThanOrEqual(limit);
        expect(ms).toBeGreaterThanOrEqual(Math.floor((limit - GATHER_MS) * (1 - interval.jitter)) - 1);
      }),
    );
  });

  it('moves with chance where there is jitter, so that the register is not asked in one wave', () => {
    const interval = { activeMs: 6 * HOUR, staleMs: 20 * HOUR, jitter: 0.1 };
    const due = [0, 0.25, 0.5, 0.75].map((random) => nextDue(READ_AT, false, interval, random).getTime());
    expect(new Set(due).size).toBe(4);
    expect([...due].sort((a, b) => b - a)).toEqual(due);
  });
});

describe('trying again', () => {
  it('waits a minute, twice as long each time, an hour at the most; a tenth more or less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), randomness(), (failures, random) => {
        const ms = retryAt(READ_AT, failures, random).getTime() - READ_AT.getTime();
        const middle = Math.min(HOUR, 60_000 * 2 ** Math.min(failures - 1, 20));
        expect(ms).toBeGreaterThanOrEqual(Math.floor(middle * 0.9));
        expect(ms).toBeLessThanOrEqual(middle * 1.1);
      }),
    );
  });

  it('pauses longer and longer, and never beyond an hour', () => {
    for (const reason of ['refused', 'unavailable'] as const) {
      const pauses = Array.from({ length: 30 }, (_, i) => pauseMs(reason, i + 1));
      expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
      expect(pauses[0]).toBeLessThanOrEqual(60_000);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(HOUR);
    }
  });
});

describe('the day’s budget', () => {
  it('is never gone beyond, and a twentieth of it is kept for what somebody waits for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.nat(300_000), (budget, used) => {
        const { others, wishes } = allowance(budget, used);
        expect(used + wishes).toBeLessThanOrEqual(Math.max(used, budget));
        expect(used + others).toBeLessThanOrEqual(Math.max(used, Math.ceil(budget * 0.95)));
        expect(others).toBeLessThanOrEqual(wishes);
        expect(Math.min(others, wishes)).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(allowance(100, 95)).toEqual({ wishes: 5, others: 0 });
    expect(allowance(100, 100)).toEqual({ wishes: 0, others: 0 });
  });
});

it('a claim outlives the slowest way in which its chunk can be asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: MAX_CHUNK }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 100, max: 60_000 }),
      (count, requestsPerSecond, concurrent, timeoutMs) => {
        const slowest = (count * 1000) / requestsPerSecond + Math.ceil(count / concurrent) * timeoutMs;
        expect(claimMs(count, { requestsPerSecond, concurrent, timeoutMs })).toBeGreaterThan(slowest);
      },
    ),
  );
});

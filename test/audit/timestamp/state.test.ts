import { describe, expect, it } from '@jest/globals';
import { forgetEnded, isDue, retryPause, type ScheduleState } from '../../../src/audit/timestamp/lease.js';
import { type TimestampFacts, timestampState } from '../../../src/audit/timestamp/state.js';

const NOW = new Date('2026-05-05T12:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const facts = (over: Partial<TimestampFacts> = {}): TimestampFacts => ({
  authorities: 1,
  lastGenTime: ago(30),
  firstUnstampedAt: ago(10),
  now: NOW,
  everyMinutes: 60,
  budgetHours: 24,
  ...over,
});

describe('the state of time stamps', () => {
  it('is current while everything is covered, however long ago that was', () => {
    const { kind, sinceMs, leftMs } = timestampState(
      facts({ firstUnstampedAt: null, lastGenTime: ago(99_999) }),
    );
    expect([kind, sinceMs, leftMs]).toEqual(['current', 0, 86_400_000]);
  });

  it.each([
    // The next one is due at the end of the period, and at once for an entry that ends a long rest.
    ['current', 30, 29],
    ['current', 62, 61],
    ['late', 63, 62],
    ['late', 122, 121],
    ['outage', 123, 122],
    ['current', 9_999, 2],
    ['late', 9_999, 3],
    ['outage', 9_999, 1_440],
    ['over-budget', 9_999, 1_441],
  ])(
    'is %s where the last time stamp is %i and the oldest uncovered entry %i minutes old',
    (kind, last, first) => {
      const state = timestampState(facts({ lastGenTime: ago(last), firstUnstampedAt: ago(first) }));
      expect(state).toEqual({
        kind,
        sinceMs: first * 60_000,
        leftMs: Math.max(0, 86_400_000 - first * 60_000),
      });
    },
  );

  it('counts from the first entry where there was never a time stamp', () => {
    expect(timestampState(facts({ lastGenTime: null, firstUnstampedAt: ago(1) })).kind).toBe('current');
    expect(timestampState(facts({ lastGenTime: null, firstUnstampedAt: ago(30) })).kind).toBe('late');
    expect(timestampState(facts({ lastGenTime: null, firstUnstampedAt: ago(1_441) })).kind).toBe(
      'over-budget',
    );
  });

  it('says where no authority is configured, which uses up no budget that anybody set', () => {
    expect(timestampState(facts({ authorities: 0, firstUnstampedAt: ago(9_999) })).kind).toBe(
      'none-configured',
    );
  });

  it('holds against an entry from a clock that was ahead', () => {
    const state = timestampState(facts({ firstUnstampedAt: ago(-600) }));
    expect(state).toEqual({ kind: 'current', sinceMs: 0, leftMs: 86_400_000 });
  });
});

describe('the schedule of time stamps', () => {
  const times = { everyMs: 3_600_000, retryMs: 300_000, maxRetryMs: 3_600_000, leaseMs: 70_000 };
  const quiet: ScheduleState = {
    failures: 0,
    firstFailureAt: null,
    nextTryAt: null,
    holder: null,
    leaseUntil: null,
  };
  const due = (last: number | null, state: Partial<ScheduleState> = {}, size = 5n) =>
    isDue(
      { size },
      last === null ? null : { size: 4n, receivedAt: ago(last) },
      { ...quiet, ...state },
      NOW,
      times,
    );

  it('pauses five minutes after a failure, doubling up to an hour', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 1_000_000].map((failures) => retryPause(failures, times) / 60_000);
    expect(pauses).toEqual([5, 10, 20, 40, 60, 60, 60]);
  });

  it('asks where a newer checkpoint stands and the period has passed', () => {
    expect([due(null), due(60), due(59), due(61, {}, 4n)]).toEqual([true, true, false, false]);
    expect(isDue(null, null, quiet, NOW, times)).toBe(false);
  });

  it('waits for a lease and for the pause after a failure, but not for instants that a wrong clock wrote', () => {
    const ahead = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();
    expect(due(null, { leaseUntil: ahead(60) })).toBe(false);
    expect(due(null, { leaseUntil: ahead(-1) })).toBe(true);
    expect(due(null, { leaseUntil: ahead(71) })).toBe(true);
    expect(due(null, { nextTryAt: ahead(3_600) })).toBe(false);
    expect(due(null, { nextTryAt: ahead(3_601) })).toBe(true);
    expect(due(-1)).toBe(true);
  });

  it('forgets failures that lie before the last time stamp', () => {
    const failed = {
      ...quiet,
      failures: 3,
      firstFailureAt: ago(20).toISOString(),
      nextTryAt: ago(-9).toISOString(),
    };
    expect(forgetEnded(failed, { receivedAt: ago(10) })).toEqual(quiet);
    expect(forgetEnded(failed, { receivedAt: ago(30) })).toEqual(failed);
    expect(forgetEnded(failed, null)).toEqual(failed);
  });
});

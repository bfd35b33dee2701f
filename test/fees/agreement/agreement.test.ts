import { describe, expect, it } from '@jest/globals';
import { feeClassAhead, standingOf } from '../../../src/fees/agreement/agreement.js';

const VALID = { validFrom: '2026-01-01', validUntil: '2026-12-31' };
const on = (today: string, noticeDays = 60) => standingOf(VALID, today, noticeDays);

describe('where an agreement stands', () => {
  it.each<[string, string, number]>([
    ['2025-12-31', 'not-yet', 365],
    ['2026-01-01', 'in-force', 364],
    ['2026-11-01', 'in-force', 60],
    ['2026-11-02', 'renew-soon', 59],
    ['2026-12-31', 'renew-soon', 0],
    ['2027-01-01', 'ended', -1],
  ])('on %s is %s with %i days left', (today, state, daysLeft) => {
    expect(on(today)).toEqual({ state, daysLeft });
  });

  it('goes by the notice of the settings, down to its last day', () => {
    expect(on('2026-12-30', 1)).toEqual({ state: 'in-force', daysLeft: 1 });
    expect(on('2026-12-31', 1)).toEqual({ state: 'renew-soon', daysLeft: 0 });
    expect(on('2026-01-01', 365).state).toBe('renew-soon');
  });

  it('counts whole days over the hours of summer time, which the zone had until 2016', () => {
    expect(standingOf({ validFrom: '2016-01-01', validUntil: '2016-04-01' }, '2016-03-01', 10).daysLeft).toBe(
      31,
    );
  });
});

describe('the class of an account', () => {
  const account = {
    feeClass: 'outside' as const,
    feeClassChanges: [
      { from: '2027-07-01', feeClass: 'outside' as const },
      { from: '2027-01-01', feeClass: 'paying' as const },
      { from: '2026-01-01', feeClass: 'outside' as const },
    ],
  };

  it('is today’s, with the changes that are still to come in their order', () => {
    expect(feeClassAhead(account, '2026-12-31')).toEqual({
      feeClass: 'outside',
      coming: [
        { from: '2027-01-01', feeClass: 'paying' },
        { from: '2027-07-01', feeClass: 'outside' },
      ],
    });
    expect(feeClassAhead(account, '2027-01-01')).toEqual({
      feeClass: 'paying',
      coming: [{ from: '2027-07-01', feeClass: 'outside' }],
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { istanbulDay, istanbulQuarter, istanbulYear } from '../../src/calendar/istanbul-day.js';

const QUARTER_OF_MONTH: Record<string, number> = {
  '01': 1,
  '02': 1,
  '03': 1,
  '04': 2,
  '05': 2,
  '06': 2,
  '07': 3,
  '08': 3,
  '09': 3,
  '10': 4,
  '11': 4,
  '12': 4,
};

describe('the calendar of Istanbul', () => {
  it.each([
    ['2026-07-15T20:59:59.999Z', '2026-07-15', '2026-Q3', 2026],
    ['2026-07-15T21:00:00.000Z', '2026-07-16', '2026-Q3', 2026],
    ['2026-12-31T20:59:59.999Z', '2026-12-31', '2026-Q4', 2026],
    ['2026-12-31T21:00:00.000Z', '2027-01-01', '2027-Q1', 2027],
    ['2026-03-31T20:59:59.999Z', '2026-03-31', '2026-Q1', 2026],
    ['2026-03-31T21:00:00.000Z', '2026-04-01', '2026-Q2', 2026],
    ['2026-06-30T21:00:00.000Z', '2026-07-01', '2026-Q3', 2026],
    ['2026-09-30T20:59:59.999Z', '2026-09-30', '2026-Q3', 2026],
    ['2026-09-30T21:00:00.000Z', '2026-10-01', '2026-Q4', 2026],
    ['2028-02-28T21:00:00.000Z', '2028-02-29', '2028-Q1', 2028],
  ])('at %s the day is %s, the quarter %s, the year %i', (instant, day, quarter, year) => {
    const at = new Date(instant);
    expect(istanbulDay(at)).toBe(day);
    expect(istanbulQuarter(at)).toBe(quarter);
    expect(istanbulYear(at)).toBe(year);
  });

  it('knows the summer time that Turkey kept until 2016', () => {
    expect(istanbulDay(new Date('2015-01-01T21:30:00Z'))).toBe('2015-01-01');
    expect(istanbulDay(new Date('2015-07-01T21:30:00Z'))).toBe('2015-07-02');
  });

  it('is three hours ahead of UTC at every instant since 2017, in every zone this runs in', () => {
    const from = new Date('2017-01-01T00:00:00Z');
    fc.assert(
      fc.property(
        fc.date({ min: from, max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }),
        (at) => {
          const shifted = new Date(at.getTime() + 3 * 3_600_000).toISOString();
          expect(istanbulDay(at)).toBe(shifted.slice(0, 10));
          expect(istanbulYear(at)).toBe(Number(shifted.slice(0, 4)));
          expect(istanbulQuarter(at)).toBe(
            `${shifted.slice(0, 4)}-Q${QUARTER_OF_MONTH[shifted.slice(5, 7)]}`,
          );
        },
      ),
    );
  });

  it('refuses an instant that is none', () => {
    expect(() => istanbulDay(new Date(Number.NaN))).toThrow(RangeError);
  });
});

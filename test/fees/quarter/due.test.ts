import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quarterOfDay } from '../../../src/calendar/istanbul-day.js';
import { dueOf } from '../../../src/fees/quarter/due.js';

describe('the day on which a quarter is due', () => {
  it.each([
    // By hand, with a calendar: 30 April 2026 is a Thursday, 31 July a Friday, 31 October a Saturday, 31 January 2027 a Sunday.
    ['2026-Q1', '2026-04-30', '2026-04-30'],
    ['2026-Q2', '2026-07-31', '2026-07-31'],
    ['2026-Q3', '2026-10-31', '2026-11-02'],
    ['2026-Q4', '2027-01-31', '2027-02-01'],
    // A leap year changes nothing: no month that follows a quarter is February.
    ['2027-Q4', '2028-01-31', '2028-01-31'],
    ['2028-Q1', '2028-04-30', '2028-05-02'],
    ['2028-Q4', '2029-01-31', '2029-01-31'],
  ])('of %s is %s, to be paid by %s', (quarter, due, payBy) => {
    expect(dueOf(quarter, [])).toEqual({ due, payBy });
  });

  it('passes over the first of May behind a weekend: 30 April 2028 is a Sunday, 1 May a holiday', () => {
    expect(dueOf('2028-Q1', []).payBy).toBe('2028-05-02');
  });

  it('passes over holidays of the settings, and only where they are on the way', () => {
    expect(dueOf('2026-Q2', ['2026-07-31', '2026-08-03']).payBy).toBe('2026-08-04');
    expect(dueOf('2026-Q2', ['2026-07-30', '2026-08-03']).payBy).toBe('2026-07-31');
  });

  it.each(['2026-Q5', '2026-3', '', '2026-Q1 '])('is refused for what is no quarter: %j', (text) => {
    expect(() => dueOf(text, [])).toThrow(RangeError);
  });

  it('is refused rather than looked for without end', () => {
    const days = Array.from({ length: 1_200 }, (_, i) =>
      new Date(Date.UTC(2026, 6, 31 + i)).toISOString().slice(0, 10),
    );
    expect(() => dueOf('2026-Q2', days)).toThrow(RangeError);
  });

  it('is the last day of the first month of the next quarter, and the day to pay by never before it nor on a weekend', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2006, max: 2100 }), fc.integer({ min: 1, max: 4 }), (year, n) => {
        const { due, payBy } = dueOf(`${year}-Q${n}`, []);
        const next = new Date(new Date(due).getTime() + 86_400_000).toISOString().slice(0, 10);
        expect(next.slice(8)).toBe('01');
        expect(quarterOfDay(due)).toBe(n === 4 ? `${year + 1}-Q1` : `${year}-Q${n + 1}`);
        expect(payBy >= due).toBe(true);
        expect([0, 6]).not.toContain(new Date(payBy).getUTCDay());
      }),
    );
  });
});

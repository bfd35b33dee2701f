import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  answerDueBy,
  dueDay,
  isRunDue,
  lastDueYear,
  recordKeptUntil,
} from '../../../src/audit/retention/term.js';
import { istanbulDay, istanbulYear } from '../../../src/calendar/istanbul-day.js';

describe('the term', () => {
  it.each([
    // Midnight in Istanbul is 21:00 UTC.
    ['2036-12-31T20:59:59.999Z', 10, 2025],
    ['2036-12-31T21:00:00.000Z', 10, 2026],
    ['2028-12-31T20:59:59.999Z', 2, 2025],
    ['2028-12-31T21:00:00.000Z', 2, 2026],
    ['2027-06-01T00:00:00.000Z', 1, 2025],
  ])('at %s with %i years is over for %i', (now, years, last) => {
    expect(lastDueYear(new Date(now), years)).toBe(last);
  });

  it('ends for a year on 1 January after so many whole years, and that day says so', () => {
    expect(dueDay(2026, 10)).toBe('2037-01-01');
    fc.assert(
      fc.property(fc.integer({ min: 2016, max: 2090 }), fc.integer({ min: 1, max: 100 }), (year, years) => {
        const day = dueDay(year, years);
        const midnight = new Date(`${day}T00:00:00+03:00`);
        expect(lastDueYear(midnight, years)).toBe(year);
        expect(lastDueYear(new Date(midnight.getTime() - 1), years)).toBe(year - 1);
      }),
    );
  });

  it('keeps data of any moment for whole years after its own year', () => {
    const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2080-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 30 }), (at, years) => {
        const [year = '', rest = ''] = [istanbulDay(at).slice(0, 4), istanbulDay(at).slice(4)];
        const later = new Date(
          `${Number(year) + years}${rest === '-02-29' ? '-02-28' : rest}T12:00:00+03:00`,
        );
        expect(lastDueYear(later, years)).toBeLessThan(istanbulYear(at));
      }),
    );
  });
});

describe('a record of destruction', () => {
  it.each([
    ['2026-05-05T10:00:00Z', '2029-05-05'],
    ['2026-12-31T21:00:00Z', '2030-01-01'],
    ['2028-02-29T10:00:00Z', '2031-03-01'],
  ])('made at %s is kept until %s', (now, until) => {
    expect(recordKeptUntil(new Date(now))).toBe(until);
  });
});

describe('the answer to a request', () => {
  it.each([
    ['2026-01-31', '2026-03-02'],
    ['2028-01-31', '2028-03-01'],
    ['2026-12-15', '2027-01-14'],
  ])('received on %s is due on %s', (day, due) => {
    expect(answerDueBy(day)).toBe(due);
  });
});

describe('a periodic run', () => {
  const now = new Date('2027-06-15T10:00:00Z');
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const DAY = 86_400_000;

  it('is due when there was none, and after so many days, not a moment earlier', () => {
    expect(isRunDue(null, 30, now)).toBe(true);
    expect(isRunDue(ago(30 * DAY), 30, now)).toBe(true);
    expect(isRunDue(ago(30 * DAY - 1), 30, now)).toBe(false);
  });

  it('is due as soon as another year has begun in Istanbul, since terms end then', () => {
    const newYear = new Date('2026-12-31T21:00:00Z');
    expect(isRunDue(new Date(newYear.getTime() - 1), 180, newYear)).toBe(true);
    expect(isRunDue(newYear, 180, new Date(newYear.getTime() + 1))).toBe(false);
  });

  it('is not put off for ever by a last run that lies in the future', () => {
    expect(isRunDue(ago(-31 * DAY), 30, now)).toBe(true);
    expect(isRunDue(ago(-1 * DAY), 30, now)).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../../../src/calendar/add-days.js';
import { type DayUse, type ForecastParts, forecast } from '../../../src/fees/ahead/forecast.js';
import { kurus } from '../../../src/fees/kurus.js';

/** 1 July 2026 is a Wednesday; the quarter has 66 working days (Monday to Friday) and 26 others. */
const FROM = '2026-07-01';
const END = '2026-10-01';

const isWorkingDay = (day: string) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
const use = (day: string, queries: number, price = 2): DayUse => {
  return { day, queries, units: queries, amountKurus: kurus(queries * price) };
};
const range = (from: string, to: string) => {
  const days: string[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
};
const of = (parts: Partial<ForecastParts>) => {
  const { days = [], since = FROM } = parts;
  const inside = days.filter(({ day }) => day >= since && day < END);
  const sum = (pick: (one: DayUse) => number | bigint) =>
    inside.reduce((before, one) => before + BigInt(pick(one)), 0n);
  const used = {
    queries: Number(sum(({ queries }) => queries)),
    units: Number(sum(({ units }) => units)),
    amountKurus: kurus(sum(({ amountKurus }) => amountKurus)),
  };
  return forecast({ since, today: '2026-07-15', end: END, days, used, isWorkingDay, ...parts });
};

describe('a forecast', () => {
  it('projects the mean of working days over those left, and that of other days over theirs', () => {
    const days = range(FROM, '2026-07-15').map((day) => use(day, isWorkingDay(day) ? 100 : 10));
    // Ten working and four other days are over; of today on 56 and 22 are left.
    expect(of({ days })).toEqual({
      basis: 'mean-of-days',
      since: FROM,
      days: 14,
      queries: 66 * 100 + 26 * 10,
      units: 6_860,
      amountKurus: kurus(13_720),
    });
  });

  it('says that it has too few days before a week is over, and how many it needs', () => {
    const days = range(FROM, '2026-07-07').map((day) => use(day, 100));
    expect(of({ today: '2026-07-07', days })).toEqual({
      ...{ basis: 'too-few-days', since: FROM, days: 6, needed: 7 },
    });
    expect(of({ today: FROM, days })).toEqual({
      ...{ basis: 'too-few-days', since: FROM, days: 0, needed: 7 },
    });
    expect(of({ today: '2026-07-08', days })).toMatchObject({ basis: 'mean-of-days', days: 7 });
  });

  it('counts a new account from its first day, not from the quarter’s', () => {
    const days = range('2026-07-08', '2026-07-15').map((day) => use(day, 10));
    expect(of({ since: '2026-07-08', days })).toMatchObject({ days: 7, queries: 10 * 85 });
    expect(of({ since: '2026-07-10', days })).toMatchObject({ basis: 'too-few-days', days: 5 });
  });

  it('has what other quarters brought once, and projects none of it', () => {
    const days = range(FROM, '2026-07-15').map((day) => use(day, 10));
    const plain = of({ days });
    const corrected = of({ days, used: { queries: 140, units: 139, amountKurus: kurus(278) } });
    if (plain.basis !== 'mean-of-days' || corrected.basis !== 'mean-of-days') throw new Error('no forecast');
    expect([corrected.queries, corrected.units]).toEqual([plain.queries, plain.units - 1]);
    expect(corrected.amountKurus).toBe(plain.amountKurus - 2n);
  });

  it('never takes today for less than it already has', () => {
    const quiet = range(FROM, '2026-07-15').map((day) => use(day, 10));
    const usual = of({ days: quiet });
    expect(of({ days: [...quiet, use('2026-07-15', 9)] })).toEqual(usual);
    expect(of({ days: [...quiet, use('2026-07-15', 60)] })).toMatchObject({
      queries: 10 * 92 + 50,
    });
  });

  it('rounds halves up and never passes through a float', () => {
    // Ten working days with 105 queries: 10.5 a day over 56 days is 588; 4 others with 2: 0.5 over 22 is 11.
    const days = [use('2026-07-01', 105), use('2026-07-04', 2)];
    expect(of({ days })).toMatchObject({ queries: 107 + 588 + 11 });
    // One query in ten working days: 5.6 of 56 days.
    expect(of({ days: [use('2026-07-01', 1)] })).toMatchObject({ queries: 1 + 6 });
    const much = [{ day: '2026-07-01', queries: 1, units: 1, amountKurus: kurus(9_007_199_254_740_993n) }];
    expect(of({ days: much })).toMatchObject({ amountKurus: 59_447_515_081_290_554n });
  });

  it('leaves out what was used before its first day and after the quarter', () => {
    const days = [
      use('2026-06-30', 1_000_000),
      ...range(FROM, '2026-07-15').map((day) => use(day, 1)),
      use(END, 9_999),
    ];
    expect(of({ days })).toMatchObject({ queries: 92 });
  });

  it('takes a kind of day that has not been there yet for any other', () => {
    const days = range(FROM, '2026-07-15').map((day) => use(day, 7));
    expect(of({ days, isWorkingDay: (day) => day < '2026-07-15' })).toMatchObject({ queries: 7 * 92 });
  });

  it('on the last day adds nothing but that day', () => {
    const days = range(FROM, '2026-10-01').map((day) => use(day, 3));
    expect(of({ today: '2026-09-30', days })).toMatchObject({ queries: 3 * 92 });
  });

  it('is never less than what was used already, whatever the days were', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(10_000), { minLength: 92, maxLength: 92 }),
        fc.integer({ min: 7, max: 91 }),
        (counts, n) => {
          const all = range(FROM, END);
          const days = all.slice(0, n + 1).map((day, i) => use(day, counts[i] ?? 0));
          const found = of({ today: all[n] as string, days });
          const soFar = days.reduce((sum, one) => sum + one.queries, 0);
          if (found.basis !== 'mean-of-days') throw new Error('enough days are over');
          expect(found.queries).toBeGreaterThanOrEqual(soFar);
          expect(found.amountKurus).toBeGreaterThanOrEqual(BigInt(soFar * 2));
        },
      ),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { comparedPeriod, dayCount } from '../../../src/fees/ahead/compared-period.js';

describe('what a period is held against', () => {
  it.each<[string, string, string, string, string]>([
    ['the first days of the quarter before', '2026-07-01', '2026-07-21', '2026-04-01', '2026-04-21'],
    ['the same days inside the quarter before', '2026-08-10', '2026-08-11', '2026-05-11', '2026-05-12'],
    ['the last quarter of the year before', '2026-01-01', '2026-02-01', '2025-10-01', '2025-11-01'],
    ['a shorter quarter, cut off at its end', '2026-04-01', '2026-07-01', '2026-01-01', '2026-04-01'],
    ['a leap year’s quarter with its leap day', '2028-04-01', '2028-07-01', '2028-01-01', '2028-04-01'],
    ['no days at the end of a longer quarter', '2026-09-30', '2026-10-01', '2026-07-01', '2026-07-01'],
    [
      'as many days before it, where it goes beyond one quarter',
      '2026-06-30',
      '2026-07-02',
      '2026-06-28',
      '2026-06-30',
    ],
  ])('is %s', (_name, from, to, wantedFrom, wantedTo) => {
    expect(comparedPeriod({ from, to })).toEqual({ from: wantedFrom, to: wantedTo });
  });

  it('never overlaps the period, nor is longer', () => {
    for (const [from, to] of [
      ['2026-10-01', '2027-01-01'],
      ['2026-12-31', '2027-01-01'],
      ['2025-01-01', '2027-01-01'],
    ] as const) {
      const compared = comparedPeriod({ from, to });
      expect(compared.to <= from).toBe(true);
      expect(dayCount(compared)).toBeLessThanOrEqual(dayCount({ from, to }));
      expect(dayCount(compared)).toBeGreaterThanOrEqual(0);
    }
  });
});

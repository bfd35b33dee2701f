import { describe, expect, it } from '@jest/globals';
import type { Timeline, TimelineCount } from '../../../src/audit/day/read-timeline.js';
import type { Part } from '../../../src/console/frame/parts.js';
import { timelineParts } from '../../../src/console/security/person/timeline-chart.js';

const NOW = new Date('2026-05-06T20:30:00Z');
const TITLE = { tr: 'Başlık', en: 'Title' };
const count = (day: string, result: string | null = 'match', kind = 'query.intent'): TimelineCount => ({
  ...{ day, kind, result },
  entries: 2,
});
const timeline = (days: readonly TimelineCount[], more = false): Timeline => ({
  ...{ days, more },
  counted: days.reduce((sum, { entries }) => sum + entries, 0),
});
const chartOf = (parts: readonly Part[]) => {
  const chart = parts.find(({ part }) => part === 'chart');
  if (chart?.part !== 'chart') throw new Error('no chart');
  return chart;
};

describe('the picture of a timeline', () => {
  it('has a point for each day of the period, none that is still to come', () => {
    const days = timeline([count('2026-05-02'), count('2026-05-04', null)]);
    const { chart } = chartOf(
      timelineParts(days, { from: '2026-05-01', to: '2026-06-01T00:00:00+03:00' }, TITLE, NOW),
    );
    expect(chart.points).toEqual(['01', '02', '03', '04', '05', '06'].map((day) => `2026-05-${day}`));
    expect(chart.series.map(({ values }) => values)).toEqual([
      [0, 2, 0, 0, 0, 0],
      [0, 0, 0, 2, 0, 0],
    ]);
  });

  it('goes by month where the days are more than a picture shows', () => {
    const days = timeline([count('2024-12-31'), count('2025-01-01'), count('2026-05-06', 'mismatch')]);
    const { chart, table } = chartOf(timelineParts(days, { from: null, to: null }, TITLE, NOW));
    expect(chart.points).toHaveLength(18);
    expect(chart.points.slice(0, 2)).toEqual(['2024-12', '2025-01']);
    expect(table.rows).toEqual([
      ['12.2024', '2', '0'],
      ['01.2025', '2', '0'],
      ['05.2026', '0', '2'],
    ]);
  });

  it('never has more than 400 points or 6 series, and splits each entry to one of them', () => {
    const results = ['match', 'deceased', 'inactive', 'mismatch', 'not-found', 'refused', 'unknown', null];
    const all = [
      ...results.map((result) => count('2026-05-01', result)),
      count('2026-05-01', null, 'log.searched'),
    ];
    for (const from of ['1900-01-01', '2025-04-02', '2025-04-01', null]) {
      const { chart } = chartOf(timelineParts(timeline(all), { from, to: null }, TITLE, NOW));
      expect(chart.points.length).toBeLessThanOrEqual(400);
      expect(chart.series.length).toBeLessThanOrEqual(6);
      const sum = chart.series
        .flatMap(({ values }) => values)
        .reduce<number>((all_, one) => all_ + (one ?? 0), 0);
      expect(sum).toBe(18);
    }
  });

  it('begins with the first counted day where older entries were left out, and says so', () => {
    const parts = timelineParts(
      timeline([count('2026-05-05')], true),
      { from: '2026-01-01', to: null },
      TITLE,
      NOW,
    );
    expect(chartOf(parts).chart.points).toEqual(['2026-05-05', '2026-05-06']);
    expect(parts[0]).toMatchObject({ part: 'notice' });
    expect(timelineParts(timeline([]), { from: null, to: null }, TITLE, NOW)).toEqual([]);
  });
});

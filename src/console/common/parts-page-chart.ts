import { dayText } from '../../pages/formatting.js';
import type { ChartSpec } from '../frame/chart.js';
import type { TablePart } from '../frame/parts.js';

const DAYS = Array.from({ length: 16 }, (_, n) => `2026-11-${String(n + 1).padStart(2, '0')}`);
const MADE = [310, 420, 388, 402, 395, 120, 98, 405, 431, 440, 437, 512, null, null, null, null] as const;
const EXPECTED = [
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  460,
  430,
  425,
  130,
] as const;
const LIMIT = 450;

/** Made-up numbers: columns that were measured, columns that are expected, and a line that is a limit. */
export const CHART: ChartSpec = {
  title: { tr: 'Günlük sorgu sayısı (örnek)', en: 'Queries by day (sample)' },
  unit: { tr: 'sorgu', en: 'queries' },
  points: DAYS,
  series: [
    { name: { tr: 'Yapılan', en: 'Made' }, kind: 'bar', values: MADE },
    { name: { tr: 'Öngörülen', en: 'Expected' }, kind: 'bar', dashed: true, values: EXPECTED },
    {
      name: { tr: 'Günlük sınır', en: 'Daily limit' },
      kind: 'line',
      dashed: true,
      values: DAYS.map(() => LIMIT),
    },
  ],
};

/** The same numbers. */
export const DAILY: TablePart = {
  part: 'table',
  caption: { tr: 'Günlük sorgu sayısı (örnek), tablo', en: 'Queries by day (sample), table' },
  columns: [
    { label: { tr: 'Gün', en: 'Day' } },
    { label: { tr: 'Yapılan', en: 'Made' }, numeric: true },
    { label: { tr: 'Öngörülen', en: 'Expected' }, numeric: true },
    { label: { tr: 'Günlük sınır', en: 'Daily limit' }, numeric: true },
  ],
  rows: DAYS.map((day, n) => [dayText(day), String(MADE[n] ?? ''), String(EXPECTED[n] ?? ''), String(LIMIT)]),
  empty: { tr: 'Sayı yok.', en: 'There are no numbers.' },
};

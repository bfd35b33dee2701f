import type { Timeline, TimelineCount } from '../../../audit/day/read-timeline.js';
import type { AskedCriteria } from '../../../audit/search/attempt.js';
import { addDays } from '../../../calendar/add-days.js';
import { istanbulDay } from '../../../calendar/istanbul-day.js';
import { formatCount } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Part, TablePart, Text } from '../../frame/parts.js';
import { RESULTS } from '../search/words.js';

/** As many as one picture shows; longer periods are shown by month, of which there are fewer for thirty years. */
const MAX_DAYS = 400;
const MAX_MONTHS = 400;

interface Series {
  readonly name: BothLanguages;
  readonly holds: (count: TimelineCount) => boolean;
}

const ofResult =
  (...results: readonly string[]) =>
  ({ result }: TimelineCount) =>
    result !== null && results.includes(result);

/** What a column is split into; together they are all entries, each once. */
const SERIES: readonly Series[] = [
  { name: RESULTS.match, holds: ofResult('match') },
  { name: { tr: 'kapalı kayıt', en: 'closed record' }, holds: ofResult('deceased', 'inactive') },
  { name: RESULTS.mismatch, holds: ofResult('mismatch') },
  { name: RESULTS['not-found'], holds: ofResult('not-found') },
  {
    name: { tr: 'sonuçsuz sorgu', en: 'query without outcome' },
    holds: (one) => isOpen(one) || ofResult('refused', 'unknown')(one),
  },
  {
    name: { tr: 'diğer kayıtlar', en: 'other entries' },
    holds: ({ kind, result }) => result === null && kind !== 'query.intent',
  },
];

function isOpen({ kind, result }: TimelineCount): boolean {
  return kind === 'query.intent' && result === null;
}

/** The timeline of a person or user as a picture with its table, by day, or by month where the days are too many. */
export function timelineParts(
  timeline: Timeline,
  { from, to }: Pick<AskedCriteria, 'from' | 'to'>,
  title: BothLanguages,
  now: Date,
): readonly Part[] {
  const { counted, days, more } = timeline;
  const firstCounted = days[0]?.day;
  if (firstCounted === undefined) return [];
  // Older entries that were not looked at would stand there as days without any.
  const start = from === null || more ? firstCounted : istanbulDay(instantOf(from));
  const end = lastDay(to, days.at(-1)?.day ?? firstCounted, now);
  const points = pointsBetween(start, end);
  const pointOf = points[0]?.length === 7 ? (day: string) => day.slice(0, 7) : (day: string) => day;
  const series = SERIES.map(({ holds, name }) => ({
    name,
    values: sumsOf(days.filter(holds), points, pointOf),
  })).filter(({ values }) => values.some((value) => value > 0));
  return [
    ...bounded(more, counted),
    {
      part: 'chart',
      chart: {
        title,
        unit: { tr: 'kayıt', en: 'entries' },
        points,
        series: series.map((one) => ({ ...one, kind: 'bar' })),
      },
      says: {
        tr: `${formatCount(counted)} kayıt, ${dayText(start).tr} – ${dayText(end).tr}.`,
        en: `${formatCount(counted)} entries, ${dayText(start).en} – ${dayText(end).en}.`,
      },
      table: tableOf(points, series, title),
    },
  ];
}

/** The last day of the period, but none that is still to come; the clock of the log may be ahead of ours. */
function lastDay(to: string | null, lastCounted: string, now: Date): string {
  const today = istanbulDay(now);
  const newest = lastCounted > today ? lastCounted : today;
  const asked = to === null ? newest : istanbulDay(new Date(instantOf(to).getTime() - 1));
  return [asked, newest].sort()[0] ?? newest;
}

function bounded(more: boolean, counted: number): readonly Part[] {
  if (!more) return [];
  const count = formatCount(counted);
  return [
    {
      part: 'notice',
      tone: 'calm',
      text: {
        tr: `Grafik en yeni kayıtlar üzerindendir: ${count} kayıt sayıldı, daha eskileri grafikte yoktur. Liste tümünü içerir.`,
        en: `The picture is made of the newest entries: ${count} were counted, older ones are not in it. The list has all of them.`,
      },
    },
  ];
}

function instantOf(kept: string): Date {
  return new Date(kept.includes('T') ? kept : `${kept}T00:00:00+03:00`);
}

/** Days, or months where there would be too many; the newest of them. */
function pointsBetween(start: string, end: string): readonly string[] {
  const days: string[] = [];
  for (let day = end; day >= start && days.length <= MAX_DAYS; day = addDays(day, -1)) days.push(day);
  if (days.length <= MAX_DAYS) return days.reverse();
  const months: string[] = [];
  for (
    let day = end;
    day.slice(0, 7) >= start.slice(0, 7) && months.length < MAX_MONTHS;
    day = addDays(`${day.slice(0, 7)}-01`, -1)
  )
    months.push(day.slice(0, 7));
  return months.reverse();
}

function sumsOf(
  counts: readonly TimelineCount[],
  points: readonly string[],
  pointOf: (day: string) => string,
): readonly number[] {
  const sums = new Map<string, number>();
  for (const { day, entries } of counts) sums.set(pointOf(day), (sums.get(pointOf(day)) ?? 0) + entries);
  return points.map((point) => sums.get(point) ?? 0);
}

/** The points that have entries: the others are said to have none by not being there. */
function tableOf(
  points: readonly string[],
  series: readonly { readonly name: Text; readonly values: readonly number[] }[],
  title: BothLanguages,
): TablePart {
  const rows = points.flatMap((point, i) => {
    const values = series.map(({ values }) => values[i] ?? 0);
    return values.every((value) => value === 0)
      ? []
      : [[pointWord(point), ...values.map((value) => formatCount(value))]];
  });
  return {
    part: 'table',
    caption: title,
    columns: [
      { label: { tr: 'Dönem', en: 'Period' } },
      ...series.map(({ name }) => ({ label: name, numeric: true })),
    ],
    rows,
    empty: { tr: 'Kayıt yok.', en: 'No entries.' },
  };
}

function pointWord(point: string): Text {
  const [year, month] = point.split('-');
  return point.length === 7 ? `${month}.${year}` : dayText(point);
}

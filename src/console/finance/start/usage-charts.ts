import { addDays } from '../../../calendar/add-days.js';
import { quarterOfDay } from '../../../calendar/istanbul-day.js';
import { dayCount } from '../../../fees/ahead/compared-period.js';
import { formatTl } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import type { Part, TablePart } from '../../frame/parts.js';
import { countCell, moneyCell, quarterPath } from '../quarter-words.js';
import { movedRows } from './moved-parts.js';
import type { UsageSums } from './usage-sums.js';

/** What the charts show. `to`: the day after the last; `end`: that of the quarter that runs, null where another period is shown. */
export interface Charted {
  /** A quarter: the table of days then adds up to what is billed in it. */
  readonly isQuarter: boolean;
  readonly from: string;
  readonly to: string;
  readonly today: string;
  readonly end: string | null;
  readonly sums: UsageSums;
}

/** Use by day, with what is expected of the days left; its numbers beneath. */
export function dailyChart({ end, from, isQuarter, sums, to, today }: Charted): Part {
  const points = daysBetween(from, end ?? to);
  const byDay = new Map(sums.days.map((one) => [one.day, one]));
  const expected = end === null ? null : perDayLeft(sums, today, end);
  const most = sums.days.reduce((before, { queries }) => Math.max(before, queries), 0);
  return {
    part: 'chart',
    chart: {
      title: { tr: 'Gün gün sorgu', en: 'Queries by day' },
      unit: { tr: 'sorgu', en: 'queries' },
      points,
      series: [
        {
          name: { tr: 'Sorgu', en: 'Queries' },
          kind: 'bar',
          values: points.map((day) => (day > today ? null : (byDay.get(day)?.queries ?? 0))),
        },
        ...(expected === null
          ? []
          : [
              {
                name: { tr: 'Kalan günlerin tahmini', en: 'Expected of the days left' },
                kind: 'line' as const,
                dashed: true,
                values: points.map((day) => (day < today ? null : expected)),
              },
            ]),
      ],
    },
    says: {
      tr: `${countCell(sums.days.length)} günde sorgu var; en yoğun gün ${countCell(most)} sorgu.${expected === null ? '' : ` Kalan günlerde günde ortalama ${countCell(expected)} sorgu bekleniyor.`}`,
      en: `Queries on ${countCell(sums.days.length)} days; ${countCell(most)} on the busiest.${expected === null ? '' : ` About ${countCell(expected)} a day are expected of the days left.`}`,
    },
    table: dayTable(sums, isQuarter),
  };
}

function dayTable(sums: UsageSums, isQuarter: boolean): TablePart {
  const { days, total } = sums;
  return {
    part: 'table',
    caption: { tr: 'Gün gün kullanım', en: 'Use by day' },
    columns: [
      { label: { tr: 'Gün', en: 'Day' } },
      { label: { tr: 'Sorgu', en: 'Queries' }, numeric: true },
      { label: { tr: 'Ücret birimi', en: 'Units' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
    ],
    rows: [
      ...days.map(({ amountKurus, day, queries, units }) => [
        { href: `${quarterPath(quarterOfDay(day))}/satirlar?gun=${day}`, text: dayText(day) },
        countCell(queries),
        countCell(units),
        moneyCell(amountKurus),
      ]),
      ...(isQuarter ? movedRows(sums) : []),
    ],
    foot: [
      { tr: 'Toplam', en: 'Total' },
      countCell(total.queries),
      countCell(total.units),
      moneyCell(total.amountKurus),
    ],
    empty: { tr: 'Bu dönemde sorgu yok.', en: 'No query in this period.' },
  };
}

/** Cost so far, what it comes to, and what was set aside for it. Whole liras in the picture; the table beneath has the kuruş. */
export function costChart({ end, from, sums, today }: Charted & { readonly end: string }): Part {
  const { budgetKurus, forecast, used } = sums;
  const points = daysBetween(from, end);
  const left = points.filter((day) => day >= today).length;
  const rest = forecast === null ? 0n : forecast.amountKurus - used.amountKurus;
  const budget = budgetKurus;
  return {
    part: 'chart',
    chart: {
      title: { tr: 'Çeyrek içinde biriken tutar', en: 'Cost as it adds up over the quarter' },
      unit: 'TL',
      points,
      series: [
        {
          name: { tr: 'Bugüne kadar', en: 'So far' },
          kind: 'line',
          values: soFar(points, sums, today),
        },
        ...(forecast === null
          ? []
          : [
              {
                name: { tr: 'Tahmin', en: 'Forecast' },
                kind: 'line' as const,
                dashed: true,
                values: points.map((day, i) => {
                  if (day < today) return null;
                  const over = BigInt(i - (points.length - left) + 1);
                  return liras(used.amountKurus + (rest * over) / BigInt(left));
                }),
              },
            ]),
        ...(budget === null
          ? []
          : [
              {
                name: { tr: 'Bütçe', en: 'Budget' },
                kind: 'line' as const,
                dashed: true,
                values: points.map(() => liras(budget)),
              },
            ]),
      ],
    },
    says: {
      tr: `Bugüne kadar ${formatTl(used.amountKurus)}${forecast === null ? '' : `; çeyrek sonu tahmini ${formatTl(forecast.amountKurus)}`}${budget === null ? '' : `; bütçe ${formatTl(budget)}`}.`,
      en: `${formatTl(used.amountKurus)} so far${forecast === null ? '' : `; ${formatTl(forecast.amountKurus)} expected at the quarter’s end`}${budget === null ? '' : `; budget ${formatTl(budget)}`}.`,
    },
    table: costTable(sums),
  };
}

function costTable({ budgetKurus: budget, forecast, used }: UsageSums): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Tutar, tahmin, bütçe', en: 'Cost, forecast, budget' },
    columns: [{ label: { tr: 'Ne', en: 'What' } }, { label: { tr: 'Tutar', en: 'Amount' }, numeric: true }],
    rows: [
      [{ tr: 'Bugüne kadar', en: 'So far' }, moneyCell(used.amountKurus)],
      ...(forecast === null
        ? []
        : [[{ tr: 'Çeyrek sonu tahmini', en: 'Forecast to the end' }, moneyCell(forecast.amountKurus)]]),
      ...(budget === null ? [] : [[{ tr: 'Bütçe', en: 'Budget' }, moneyCell(budget)]]),
    ],
    empty: { tr: 'Yok.', en: 'None.' },
  };
}

/** What other quarters brought or took stands there from the first day on: the line ends at what is billed. */
function soFar(
  points: readonly string[],
  { days, used }: UsageSums,
  today: string,
): readonly (number | null)[] {
  const byDay = new Map(days.map((one) => [one.day, one.amountKurus]));
  let sum = days.reduce<bigint>((left, { amountKurus }) => left - amountKurus, used.amountKurus);
  return points.map((day) => {
    if (day > today) return null;
    sum += byDay.get(day) ?? 0n;
    return liras(sum);
  });
}

/** Queries of each of the days left, today among them, as the forecast has them. */
function perDayLeft({ forecast, used }: UsageSums, today: string, end: string): number | null {
  if (forecast === null) return null;
  const left = dayCount({ from: today, to: end });
  return left <= 0 ? null : Math.max(0, Math.round((forecast.queries - used.queries) / left));
}

/** For a picture alone. */
function liras(amount: bigint): number {
  return Number(amount / 100n);
}

function daysBetween(from: string, to: string): readonly string[] {
  return Array.from({ length: dayCount({ from, to }) }, (_, i) => addDays(from, i));
}

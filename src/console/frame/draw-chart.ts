import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Language } from './call.js';
import type { ChartSeries, ChartSpec } from './chart.js';
import { axisNumber, pointText, shownText } from './chart-texts.js';

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);
// Without a browser nobody knows how wide a text is: rather too wide than over its neighbour.
const LETTER_WIDTH = 0.62;
setPlatformAPI({
  measureText: (text: string, font = '12px') => ({
    width: [...text].length * LETTER_WIDTH * Number.parseFloat(/([\d.]+)px/.exec(font)?.[1] ?? '12'),
  }),
});

/** A day each for a year, and some; more than that is no picture any more, and a page of 100 kB. */
const MAX_POINTS = 400;
const MAX_SERIES = 6;
const WIDTH = 880;
const HEIGHT = 300;
const INK = '#1b2733';
const GRID = '#c5ced6';
const STRIPE = 'rgba(255,255,255,0.6)';

type Decal = Readonly<Record<string, unknown>> | null;

/** Slanted stripes: `width` of every `every` pixels. */
const stripes = (degrees: number, width: number, every: number): Decal => ({
  ...{ symbol: 'rect', color: STRIPE, rotation: (degrees * Math.PI) / 180 },
  ...{ dashArrayX: [1, 0], dashArrayY: [width, every - width] },
});

/** At least 4.5:1 against white; and never told apart by colour alone (WCAG 1.4.1): each has a pattern, a dash and a symbol of its own. */
export const LOOKS = [
  { color: '#0f3d5c', symbol: 'circle', dash: [7, 4], decal: null },
  { color: '#b35c00', symbol: 'rect', dash: [2, 3], decal: stripes(-45, 2, 7) },
  { color: '#1a6b3c', symbol: 'triangle', dash: [10, 3, 2, 3], decal: stripes(0, 2, 7) },
  { color: '#7a2e8e', symbol: 'diamond', dash: [4, 2], decal: stripes(45, 2, 9) },
  { color: '#9b1c1c', symbol: 'roundRect', dash: [12, 4], decal: stripes(90, 2, 6) },
  { color: '#4a5866', symbol: 'arrow', dash: [1, 2], decal: stripes(-45, 4, 8) },
] as const;

/** What is not measured (a forecast, a limit) is hatched where it is a column, whatever its place. */
const HATCHED = stripes(-45, 3, 6);

/**
 * The chart as an SVG document, drawn on the server; the page shows it as an image, so that nothing of it can run. Throws `WRONG_USE` for more
 * than 400 points or 6 series, and for series that have not one value for each point.
 */
export function drawChart(chart: ChartSpec, language: Language): string {
  requireDrawable(chart);
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    drawing.setOption(optionOf(chart, language));
    return smaller(drawing.renderToSVGString());
  } finally {
    drawing.dispose();
  }
}

function requireDrawable({ points, series }: ChartSpec): void {
  const isWhole = series.every(({ values }) => values.length === points.length);
  if (points.length <= MAX_POINTS && series.length <= MAX_SERIES && isWhole) return;
  throw new BridgeError(
    'WRONG_USE',
    'a chart has too many points or series, or a series not one value a point',
  );
}

function optionOf({ points, series, unit }: ChartSpec, language: Language) {
  return {
    animation: false,
    textStyle: { fontFamily: 'sans-serif', color: INK },
    color: LOOKS.map(({ color }) => color),
    grid: {
      left: 12,
      right: 20,
      top: 58,
      bottom: 10,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: { top: 4, left: 8, itemWidth: 26, textStyle: { fontSize: 13, color: INK } },
    xAxis: {
      type: 'category',
      data: points.map((point) => pointText(point, language)),
      axisTick: { alignWithLabel: true },
      axisLabel: { color: INK, fontSize: 12, hideOverlap: true },
      axisLine: { lineStyle: { color: INK } },
    },
    yAxis: {
      type: 'value',
      // Nobody asks half a query.
      minInterval: isWhole(series) ? 1 : undefined,
      name: shownText(unit, language),
      nameTextStyle: { color: INK, fontSize: 12, align: 'left' },
      axisLabel: { color: INK, fontSize: 12, formatter: (value: number) => axisNumber(value, language) },
      splitLine: { lineStyle: { color: GRID } },
    },
    series: series.map((one, place) => seriesOf(one, place, language)),
  };
}

function isWhole(series: readonly ChartSeries[]): boolean {
  return series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value)));
}

function seriesOf({ dashed = false, kind, name, values }: ChartSeries, place: number, language: Language) {
  const { color, dash, decal, symbol } = LOOKS[place] ?? LOOKS[0];
  const common = { name: shownText(name, language), data: [...values], silent: true };
  const pattern = dashed ? HATCHED : decal;
  if (kind === 'bar')
    return {
      ...common,
      type: 'bar',
      barMaxWidth: 28,
      // A copy: the library writes into it.
      itemStyle: { color, decal: pattern === null ? undefined : { ...pattern } },
    };
  return {
    ...common,
    type: 'line',
    symbol,
    symbolSize: 7,
    showSymbol: !dashed,
    lineStyle: { color, width: 2, type: dashed ? dash : 'solid' },
    itemStyle: { color },
  };
}

const PATH = /<path d="([^"]*)"([^>]*)><\/path>/;

/**
 * The same picture in a third of the bytes: nothing for a pointer or script that an image never meets, coordinates of a tenth of a pixel, and neighbours
 * that look alike (the columns of a series) as one path. Texts are escaped by then: what looks like markup is markup.
 */
function smaller(svg: string): string {
  const lines = svg
    .replace(/<style ?>[\s\S]*?<\/style>/, '')
    .replace(/ (class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ (d|transform)="[^"]*"/g, (geometry) =>
      geometry.replace(/(\.\d)\d+/g, '$1').replace(/\.0(?=\D)/g, ''),
    )
    .split('\n');
  const kept: { shapes: string[]; look: string | null }[] = [];
  for (const line of lines) {
    const [, shape, look = ''] = PATH.exec(line) ?? [];
    // A column and its stripes come in turns.
    const alike = kept.slice(-2).find((one) => one.look === look);
    if (shape === undefined || look.includes('transform')) kept.push({ shapes: [line], look: null });
    else if (alike === undefined) kept.push({ shapes: [shape], look });
    else alike.shapes.push(shape);
  }
  return kept
    .map(({ look, shapes }) =>
      look === null ? shapes.join('') : `<path d="${shapes.join('')}"${look}></path>`,
    )
    .join('');
}

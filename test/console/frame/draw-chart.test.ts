import { describe, expect, test } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';
import type { ChartSeries, ChartSpec } from '../../../src/console/frame/chart.js';
import { pointText } from '../../../src/console/frame/chart-texts.js';
import { drawChart, LOOKS } from '../../../src/console/frame/draw-chart.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';

const UNIT = { tr: 'sorgu', en: 'queries' };
const days = (count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.UTC(2026, 9, 1 + n)).toISOString().slice(0, 10));
const chart = (points: readonly string[], ...series: readonly ChartSeries[]): ChartSpec => ({
  title: 'x',
  unit: UNIT,
  points,
  series,
});
const bar = (values: readonly (number | null)[], more: Partial<ChartSeries> = {}): ChartSeries => ({
  name: 'Yapılan',
  kind: 'bar',
  values,
  ...more,
});
const line = (values: readonly (number | null)[], more: Partial<ChartSeries> = {}) =>
  bar(values, { kind: 'line', ...more });

/** A document that is well formed; the parser throws where it is not. */
function parsed(svg: string) {
  const faults: string[] = [];
  const onError = (level: string, message: string) => faults.push(`${level}: ${message}`);
  const document = new DOMParser({ onError }).parseFromString(svg, 'image/svg+xml');
  expect(faults).toEqual([]);
  const texts = [...document.getElementsByTagName('text')].map((one) => one.textContent ?? '');
  const paths = [...document.getElementsByTagName('path')].map((one) => ({
    d: one.getAttribute('d') ?? '',
    fill: one.getAttribute('fill') ?? '',
    stroke: one.getAttribute('stroke') ?? '',
    dash: one.getAttribute('stroke-dasharray') ?? '',
  }));
  return { texts, paths, document };
}

const HOSTILE = '<script>alert(1)</script>&amp;"\'\u202Eters';

describe('a chart', () => {
  test('says hostile names of series, points and units as they are, as nothing but text', () => {
    const svg = drawChart({ ...chart([HOSTILE, 'b'], bar([1, 2], { name: HOSTILE })), unit: HOSTILE }, 'tr');
    const shown = '<script>alert(1)</script>&amp;"\'ters';
    const { texts, document } = parsed(svg);
    expect(texts.filter((text) => text === shown)).toHaveLength(3);
    expect(document.getElementsByTagName('script')).toHaveLength(0);
    expect(svg).not.toMatch(
      /<script|<foreignObject|<image|<a |<use|<style| on[a-z]+=|href=|javascript:|url\((?!#)/,
    );
    expect(svg).not.toContain('\u202E');
  });

  test('cuts a name of 300 characters', () => {
    const { texts } = parsed(drawChart(chart(['a'], bar([1], { name: 'ş'.repeat(300) })), 'tr'));
    expect(texts).toContain(`${'ş'.repeat(47)}…`);
  });

  test('has no halves on its axis where everything is counted, and has them where it is not', () => {
    const halves = (values: number[]) =>
      parsed(drawChart(chart(days(2), bar(values)), 'tr')).texts.filter((text) => /^\d+,\d+$/.test(text));
    expect(halves([3, 0])).toEqual([]);
    expect(halves([1, 0])).toEqual([]);
    expect(halves([1.5, 0])).not.toEqual([]);
  });

  test('has its numbers in the form of the language, its days short, its unit and names in words', () => {
    const spec = chart(days(3), bar([1200.5, 3400, 900], { name: { tr: 'Yapılan', en: 'Made' } }));
    const tr = parsed(drawChart(spec, 'tr')).texts;
    expect(tr).toEqual(
      expect.arrayContaining(['sorgu', 'Yapılan', '01.10', '02.10', '03.10', '1.000', '3.000']),
    );
    const en = parsed(drawChart(spec, 'en')).texts;
    expect(en).toEqual(expect.arrayContaining(['queries', 'Made', '01/10', '1,000', '3,000']));
  });

  test('dashes a line and hatches a column that were not measured', () => {
    const spec = (dashed: boolean) =>
      chart(['a', 'b'], bar([1, 2], { dashed }), line([2, 1], { dashed, name: 'Sınır' }));
    const measured = parsed(drawChart(spec(false), 'tr'));
    expect(measured.paths.filter(({ dash }) => dash !== '')).toEqual([]);
    expect(measured.paths.filter(({ fill }) => fill.startsWith('url('))).toEqual([]);
    const expected = parsed(drawChart(spec(true), 'tr'));
    expect(
      new Set(expected.paths.flatMap(({ dash, stroke }) => (dash === '' ? [] : [`${stroke} ${dash}`]))),
    ).toEqual(new Set([`${LOOKS[1].color} ${LOOKS[1].dash.join(',')}`]));
    expect(expected.paths.some(({ fill }) => fill.startsWith('url('))).toBe(true);
  });

  test('leaves a gap where there is no number: neither a column nor a line through it', () => {
    const values = [5, null, 5, 5, null];
    const columns = parsed(drawChart(chart(days(5), bar(values)), 'tr')).paths.find(
      ({ d, fill }) => fill === LOOKS[0].color && d.split('M').length > 2,
    );
    expect(columns?.d.split('M').slice(1)).toHaveLength(3);
    const drawn = parsed(drawChart(chart(days(5), line(values)), 'tr')).paths.find(
      ({ stroke, d }) => stroke === LOOKS[0].color && d.includes('L') && d.split('M').length === 3,
    );
    expect(drawn).toBeDefined();
  });

  test('nothing of it moves, and the same numbers give the same picture', () => {
    const spec = chart(days(20), bar(days(20).map((_, n) => n)));
    expect(drawChart(spec, 'tr').replace(/zr\d+-/g, '')).toBe(drawChart(spec, 'tr').replace(/zr\d+-/g, ''));
    expect(drawChart(spec, 'tr')).not.toMatch(/animat|keyframes|transition/);
  });

  test('of a quarter by day takes under 25 kB, and of a year in six series under 100 kB', () => {
    const wave = (count: number, by: number) =>
      days(count).map((_, n) => Math.round(5000 + 4000 * Math.sin(n / by)));
    const quarter = chart(
      days(92),
      bar(wave(92, 5)),
      bar(wave(92, 7), { dashed: true }),
      line(wave(92, 9)),
      line(wave(92, 3), { dashed: true }),
    );
    expect(drawChart(quarter, 'tr').length).toBeLessThan(25_000);
    const year = chart(
      days(400),
      ...[5, 7, 9].map((by) => bar(wave(400, by))),
      ...[5, 7, 9].map((by) => line(wave(400, by))),
    );
    expect(drawChart(year, 'tr').length).toBeLessThan(100_000);
  });

  test.each<[string, ChartSpec]>([
    ['more than 400 points', chart(days(401), bar(days(401).map(() => 1)))],
    ['more than six series', chart(['a'], ...Array.from({ length: 7 }, () => bar([1])))],
    ['a series that has not one value a point', chart(['a', 'b'], bar([1]))],
  ])('with %s is none', (_what, spec) => {
    expect(() => drawChart(spec, 'tr')).toThrow(BridgeError);
  });

  test('with no point, or no series, or only zeros, is drawn all the same', () => {
    for (const spec of [chart([], bar([])), chart(['a']), chart(['a'], line([0])), chart(['a'], bar([null]))])
      expect(parsed(drawChart(spec, 'tr')).texts).toContain('sorgu');
  });
});

describe('how series look', () => {
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  test.each(LOOKS.map(({ color }) => color))('%s has a contrast of 4.5:1 against white', (color) => {
    expect(1.05 / (luminance(color) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });

  test('no two have the same pattern, dash or symbol: colour is never the only difference', () => {
    for (const member of ['color', 'symbol', 'dash', 'decal'] as const)
      expect(new Set(LOOKS.map((look) => JSON.stringify(look[member]))).size).toBe(LOOKS.length);
  });
});

test.each([
  ['2026-11-22', '22.11', '22/11'],
  ['2026-11', '11.2026', '11/2026'],
  ['2026-11-22T21:30:00Z', '23.11 00:30', '23/11 00:30'],
  ['2026-11-22T14:05:00+03:00', '22.11 14:05', '22/11 14:05'],
  ['ücretli', 'ücretli', 'ücretli'],
])('the point %s is written %s', (point, tr, en) => {
  expect([pointText(point, 'tr'), pointText(point, 'en')]).toEqual([tr, en]);
});

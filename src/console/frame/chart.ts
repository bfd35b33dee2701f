import type { BothLanguages } from '../../pages/views.js';

/** One line or column of a chart. `values`: one for each of the chart's points; null where there is none. */
export interface ChartSeries {
  readonly name: BothLanguages | string;
  readonly values: readonly (number | null)[];
  readonly kind: 'bar' | 'line';
  /** Drawn apart from what is measured: a forecast, a limit. */
  readonly dashed?: boolean;
}

/** A chart over days or moments. `unit`: what the numbers are. At most 400 points and 6 series. */
export interface ChartSpec {
  readonly title: BothLanguages | string;
  readonly unit: BothLanguages | string;
  readonly points: readonly string[];
  readonly series: readonly ChartSeries[];
}

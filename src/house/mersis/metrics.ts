import type { AuthorityMetrics } from '../../telemetry/authority-metrics.js';

/** What the metrics of a bridge hear of MERSİS. */
export type MersisMetrics = Pick<AuthorityMetrics, 'mersisRead' | 'mersisState'>;

/** For processes without metrics. */
export const NO_METRICS: MersisMetrics = { mersisRead: () => undefined, mersisState: () => undefined };

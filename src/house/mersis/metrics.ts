import type { PauseReason } from '../../mersis/poll/pause.js';

/** How polling stands, for gauges. */
export interface MersisState {
  readonly due: number;
  readonly troubled: number;
  readonly held: number;
  /** Age of the oldest reading; null where there is none. */
  readonly oldestSeconds: number | null;
  readonly budgetUsed: number;
  readonly budgetLimit: number;
  readonly runStopped: boolean;
  /** `refused` needs persons. */
  readonly paused: PauseReason | null;
  /** Whether this instance polls. */
  readonly leads: boolean;
}

/** What the metrics of a bridge hear of MERSİS. No label but closed words. */
export interface MersisMetrics {
  /** How asking about cooperatives ended: `read`, `waiting`, `refused`, `failed`. */
  mersisRead(result: string, count: number): void;
  mersisState(state: MersisState): void;
}

/** For processes without metrics. */
export const NO_METRICS: MersisMetrics = { mersisRead: () => undefined, mersisState: () => undefined };

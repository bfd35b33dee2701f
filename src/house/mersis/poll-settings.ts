import type { BridgeConfig } from '../../config/schema.js';
import { GATHER_MS, type PollSettings } from '../../mersis/poll/settings.js';

export type MersisConfig = NonNullable<BridgeConfig['mersis']>;

const HOUR_MS = 3_600_000;

/** The settings of polling, in its units. */
export function pollSettingsOf({ guard, poll }: MersisConfig, instance: string): PollSettings {
  return {
    instance,
    staleMs: poll.staleHours * HOUR_MS,
    activeMs: poll.activeHours * HOUR_MS,
    activeForMs: poll.activeDays * 24 * HOUR_MS,
    dailyBudget: poll.dailyBudget,
    requestsPerSecond: poll.requestsPerSecond,
    concurrent: poll.concurrent,
    jitter: poll.jitterPercent / 100,
    lossesPerRun: guard.lossesPerRun,
    lossSharePercent: guard.lossSharePercent,
    gatherMs: GATHER_MS,
  };
}

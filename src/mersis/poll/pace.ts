import Bottleneck from 'bottleneck';
import type { PollSettings } from './settings.js';

/** Lets questions through at their pace: so many a second, so many at once. */
export interface Pace {
  /** Does `work` in its turn. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** The pace of the settings. Only polling goes through it, never a call that a person waits for. */
export function createPace({
  concurrent,
  requestsPerSecond,
}: Pick<PollSettings, 'concurrent' | 'requestsPerSecond'>): Pace {
  const limiter = new Bottleneck({ maxConcurrent: concurrent, minTime: 1000 / requestsPerSecond });
  return { run: (work) => limiter.schedule(work) };
}

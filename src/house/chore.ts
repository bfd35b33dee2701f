import type { Log } from '../telemetry/log.js';

/**
 * Does `work` every `everyMs` until it is stopped, one at a time; what fails is logged as `<event>.failed` and tried again the
 * next time. Stopping waits for the run in progress.
 */
export function startChore(
  event: string,
  everyMs: number,
  log: Log,
  work: () => Promise<void>,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    // One at a time: a database that hangs must not collect waiting chores.
    running ??= work()
      .catch((error: unknown) => log.error(`${event}.failed`, { error }))
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

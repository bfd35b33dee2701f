import type { Publisher } from './publisher.js';

/**
 * Publishes every `everyMs`, one run at a time, from now on. `onFailure` hears of each run that failed; the next one comes
 * all the same. The function that is given back ends it, with one run more for what was written last.
 */
export function startPublishing(
  publisher: Publisher,
  everyMs: number,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const run = async () => {
    try {
      await publisher.publish();
    } catch (error) {
      tell(onFailure, error);
    }
  };
  const timer = setInterval(() => {
    // One at a time: a database that hangs must not collect waiting runs.
    running ??= run().finally(() => {
      running = undefined;
    });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
    await run();
  };
}

function tell(onFailure: (error: unknown) => void, error: unknown): void {
  try {
    onFailure(error);
  } catch {
    // an observer that fails must not end the process
  }
}

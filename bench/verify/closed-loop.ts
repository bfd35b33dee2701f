import type { Call, Measured } from './job.js';

/**
 * `concurrency` callers, each asking again as soon as it has its answer, for `ms` or until `maxCalls` were made; what is
 * under way then is waited for and counted. Call numbers go on from `from`. Rejects with the first wrong answer.
 */
export async function runClosedLoop(
  call: Call,
  { concurrency, ms, maxCalls, from }: { concurrency: number; ms: number; maxCalls: number; from: number },
): Promise<Measured> {
  const latencies: number[] = [];
  const start = performance.now();
  let next = from;
  let failed = false;
  const caller = async () => {
    for (let sent = start; sent - start < ms && next - from < maxCalls && !failed; sent = performance.now()) {
      await call(next++);
      latencies.push(performance.now() - sent);
    }
  };
  const callers = Array.from({ length: concurrency }, () =>
    caller().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(callers);
  return { ms: performance.now() - start, latencies: Float64Array.from(latencies) };
}

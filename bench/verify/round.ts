import { cpuOfFamily, cpuOfProcess } from '../common/cpu.js';
import type { Caller } from './caller.js';
import type { Way } from './job.js';
import type { Town } from './town.js';

/** One measurement. CPU in µs, of whole processes, user and system, over exactly this run. */
export interface Run {
  readonly way: Way;
  readonly calls: number;
  readonly ms: number;
  readonly latencies: Float64Array;
  /** Of the node process that does the work: the bridge in (a), the calling process itself in (b) and (c). */
  readonly workerUs: number;
  readonly postgresUs: number;
  readonly standInsUs: number;
  /** Of the process that makes the calls; in (b) and (c) the same as the worker. */
  readonly callerUs: number;
}

/**
 * Lets one way of asking run for `ms`, or for `maxCalls`. Throws where one of its calls was not answered with the right
 * match.
 */
export async function measure(
  caller: Caller,
  town: Town,
  ms: number,
  maxCalls = Number.MAX_SAFE_INTEGER,
): Promise<Run> {
  const before = usage(caller, town);
  const { latencies, ms: took } = await caller.run(ms, maxCalls);
  const after = usage(caller, town);
  if (latencies.length === 0) throw new Error(`${caller.way}: no call came to its end`);
  const callerUs = after.caller - before.caller;
  return {
    way: caller.way,
    calls: latencies.length,
    ms: took,
    latencies,
    workerUs: caller.way === 'bridge' ? after.bridge - before.bridge : callerUs,
    postgresUs: after.postgres - before.postgres,
    standInsUs: after.standIns - before.standIns,
    callerUs,
  };
}

function usage(caller: Caller, { pids }: Town) {
  return {
    bridge: cpuOfProcess(pids.bridge),
    standIns: cpuOfProcess(pids.standIns),
    postgres: cpuOfFamily(pids.postgres),
    caller: cpuOfProcess(caller.pid),
  };
}

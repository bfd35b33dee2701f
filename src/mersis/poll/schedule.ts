import { GATHER_MS, MAX_CHUNK, type PollSettings } from './settings.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Beyond it a power of two says nothing. */
const MAX_DOUBLINGS = 20;
/** Share of the day's budget that is kept for what somebody waits for. */
const RESERVE = 0.05;

type Interval = Pick<PollSettings, 'staleMs' | 'activeMs' | 'jitter'>;

/**
 * When a cooperative that was read at `readAt` is due again: never later than its interval, less the time that due ones are gathered;
 * brought forward by up to `jitter` of it. `random` in [0, 1).
 */
export function nextDue(readAt: Date, active: boolean, interval: Interval, random: number): Date {
  const ms = (active ? interval.activeMs : interval.staleMs) - GATHER_MS;
  return new Date(readAt.getTime() + Math.floor(ms * (1 - interval.jitter * random)));
}

/** When it is tried again after `failures` (from 1) in a row: after a minute, doubled up to `maxMs` (an hour), a tenth more or less. */
export function retryAt(now: Date, failures: number, random: number, maxMs = HOUR_MS): Date {
  const ms = Math.min(maxMs, doubled(MINUTE_MS, failures));
  return new Date(now.getTime() + Math.floor(ms * (0.9 + 0.2 * random)));
}

/** How long nothing at all is asked. `refused`: credentials, certificate or address, which only persons put right; `unavailable`: nobody answers. */
export function pauseMs(reason: 'refused' | 'unavailable', failures: number): number {
  return reason === 'refused'
    ? Math.min(HOUR_MS, doubled(MINUTE_MS, failures))
    : Math.min(10 * MINUTE_MS, doubled(MINUTE_MS / 2, failures));
}

function doubled(ms: number, failures: number): number {
  return ms * 2 ** Math.min(Math.max(failures, 1) - 1, MAX_DOUBLINGS);
}

/**
 * How many may be asked now, of a day's `budget` of which `used` are spent: `wishes` (what somebody waits for, to the last one) and
 * `others`, which leave a twentieth for wishes. Neither counts the other in.
 */
export function allowance(
  budget: number,
  used: number,
): { readonly wishes: number; readonly others: number } {
  const kept = Math.floor(budget * RESERVE);
  return { wishes: Math.max(0, budget - used), others: Math.max(0, budget - kept - used) };
}

/** Cooperatives in the next chunk; after a pause few, to see whether anybody answers. */
export function chunkSize(probing: boolean): number {
  return probing ? 1 : MAX_CHUNK;
}

/**
 * How long a claimed chunk is left to whoever claimed it: all of it at its pace, each answer as late as it may come, and a minute to take it
 * in. After that it is due again: whoever claimed it is gone.
 */
export function claimMs(
  count: number,
  {
    requestsPerSecond,
    concurrent,
    timeoutMs,
  }: Pick<PollSettings, 'requestsPerSecond' | 'concurrent'> & {
    readonly timeoutMs: number;
  },
): number {
  const paced = (count * 1000) / requestsPerSecond;
  const slow = (Math.ceil(count / concurrent) + 1) * timeoutMs;
  return Math.ceil(paced + slow + MINUTE_MS);
}

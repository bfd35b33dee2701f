/** Seconds until the second try; doubled for each further one. */
const FIRST_S = 5;
const LONGEST_S = 3_600;
/** A receiver may ask for so long, and no longer: an error in its clock would otherwise stop it for good. */
const MAX_RETRY_AFTER_S = 86_400;
/** Share of a wait by which it is made longer or shorter: what failed together does not come back together. */
const JITTER = 0.25;

/** Failures of a receiver one after the other from which on its other rows wait too. */
export const FAILURES_TO_PAUSE = 3;
const LONGEST_PAUSE_S = 300;

/** Milliseconds until the next try of a message that was tried `attempts` times. `chance`: from 0 up to 1. Pure. */
export function waitMs(attempts: number, chance: number): number {
  return jittered(Math.min(FIRST_S * 2 ** (attempts - 1), LONGEST_S), chance);
}

/** Milliseconds for which a receiver is left alone that failed `failures` times in a row; 0 where it is not. Pure. */
export function pauseMs(failures: number, chance: number): number {
  if (failures < FAILURES_TO_PAUSE) return 0;
  return jittered(Math.min(FIRST_S * 2 ** (failures - FAILURES_TO_PAUSE), LONGEST_PAUSE_S), chance);
}

/**
 * Milliseconds that a `Retry-After` asks for (RFC 9110 §10.2.3: seconds, or a date), from 5 seconds up to a day; null where it says
 * nothing that can be understood. Never shorter than asked for. Pure.
 */
export function retryAfterMs(header: string | null, now: Date, chance: number): number | null {
  const seconds = secondsOf(header?.trim() ?? '', now);
  if (seconds === null) return null;
  const asked = Math.min(Math.max(seconds, FIRST_S), MAX_RETRY_AFTER_S);
  return Math.round(asked * 1000 * (1 + JITTER * chance));
}

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function secondsOf(text: string, now: Date): number | null {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : (at - now.getTime()) / 1000;
}

function jittered(seconds: number, chance: number): number {
  return Math.round(seconds * 1000 * (1 - JITTER + 2 * JITTER * chance));
}

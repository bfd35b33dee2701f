import { istanbulDay } from '../../calendar/istanbul-day.js';

const SECOND = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Istanbul',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A moment in Europe/Istanbul, to the second, where a heading says the zone: `2026-10-02 23:59:39`. */
export function istanbulSecond(at: Date): string {
  return `${istanbulDay(at)} ${SECOND.format(at)}`;
}

/** The same in a sentence: `2026-10-02 00:00 (Istanbul)`. To the minute that has begun: whoever is told an end is never told one that is too late. */
export function istanbulText(at: Date): string {
  return `${istanbulSecond(at).slice(0, -3)} (Istanbul)`;
}

/** Half-open days in words, the same everywhere: `2026-10-01 to 2027-01-01 (not included)`. */
export function daysText({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} to ${to} (not included)`;
}

import type { Days } from './figures.js';
import type { Separator } from './read-csv.js';

/** Words for what may stand between cells, wherever somebody chooses it. */
export const SEPARATORS: ReadonlyMap<string, Separator> = new Map([
  [';', ';'],
  [',', ','],
  ['tab', '\t'],
]);

/** A year and a day: the Interior Ministry's screen goes by quarter or less. */
export const MAX_DAYS = 366;
const DAY_MS = 86_400_000;

/** Whether half-open days hold 1 to `MAX_DAYS` of them. */
export function isFitPeriod({ from, to }: Days): boolean {
  const length = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  return length >= 1 && length <= MAX_DAYS;
}

/** The KPS service by each name that a file may have for it: their own names (`known`) and those that somebody gave. */
export function servicesByName(
  known: readonly string[],
  given: readonly (readonly [name: string, service: string])[],
): ReadonlyMap<string, string> {
  return new Map([...known.map((name) => [name, name] as const), ...given]);
}

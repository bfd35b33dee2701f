import type { ProblemCode } from '../errors/problem-code.js';
import type { SignInCode } from '../errors/sign-in-code.js';

/** What a refusal that has no entry of its own is counted under. */
export type CountedCode = ProblemCode | SignInCode;

/** Calls from one source in one minute that ended with one problem and without an entry of their own. */
export interface CountedRefusals {
  readonly source: string;
  /** Start of the minute. */
  readonly minute: Date;
  readonly code: CountedCode;
  readonly count: number;
}

/** Different sources counted apart in a minute; further ones are summed as `other`, so that nobody can fill memory or the log. */
const MAX_SOURCES = 200;
const MINUTE_MS = 60_000;
/** Rows kept while the log cannot be written; beyond it sources are no longer told apart. Some hours of an attack. */
const MAX_KEPT = 20_000;

/** Counts what has no name to stand under, or what the log could not take: one entry for each source and minute, not one for each call. */
export interface RefusalCounter {
  count(source: string, code: CountedCode, at: Date): void;
  /** Takes out all minutes that ended before `before`; with no argument everything. */
  take(before?: Date): readonly CountedRefusals[];
  /** Takes back what could not be written: an outage of the log must not hide who knocked meanwhile. */
  restore(counted: CountedRefusals): void;
}

/** An empty counter. */
export function createRefusalCounter(): RefusalCounter {
  const counts = new Map<string, { source: string; minute: Date; code: CountedCode; count: number }>();
  const sources = new Map<number, Set<string>>();
  const add = ({ source, minute, code, count }: CountedRefusals) => {
    const key = `${minute.getTime()} ${code} ${source}`;
    const row = counts.get(key);
    if (row === undefined) counts.set(key, { source, minute, code, count });
    else row.count += count;
  };
  return {
    count: (source, code, at) => {
      const minute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
      const known = sources.get(minute) ?? new Set<string>();
      sources.set(minute, known);
      const name = known.has(source) || known.size < MAX_SOURCES ? source : 'other';
      known.add(name);
      add({ source: name, minute: new Date(minute), code, count: 1 });
    },
    take: (before) => {
      const taken = [...counts].filter(
        ([, row]) => before === undefined || row.minute.getTime() + MINUTE_MS <= before.getTime(),
      );
      for (const [key, row] of taken) {
        counts.delete(key);
        sources.delete(row.minute.getTime());
      }
      return taken.map(([, row]) => row);
    },
    restore: (counted) => add(counts.size < MAX_KEPT ? counted : { ...counted, source: 'other' }),
  };
}

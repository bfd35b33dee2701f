import type { StatementDocument } from '../../statement/statement-document.js';

/** One bar: a day or a month, and the queries sent on it. */
export interface Bar {
  readonly key: string;
  readonly queries: number;
}

/** A quarter and a little more; above it bars are months. */
const MOST_DAYS = 100;
const DAY_MS = 86_400_000;

/** Queries by day, or by month where there are too many days; days without a query stand there too. All accounts together. */
export function chartBars({ accounts, period }: StatementDocument): {
  readonly by: 'day' | 'month';
  readonly bars: readonly Bar[];
} {
  const days = daysOf(period.from, period.to);
  const by = days === null ? 'month' : 'day';
  const queries = new Map<string, number>((days ?? []).map((day) => [day, 0]));
  for (const account of accounts)
    for (const { key, queries: more } of account.by[by] ?? [])
      queries.set(key, (queries.get(key) ?? 0) + more);
  const bars = [...queries].map(([key, count]) => ({ key, queries: count }));
  return { by, bars: bars.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function daysOf(from: string, to: string): readonly string[] | null {
  const first = Date.parse(from);
  const count = (Date.parse(to) - first) / DAY_MS;
  if (!(count <= MOST_DAYS)) return null;
  return Array.from({ length: count }, (_, i) => new Date(first + i * DAY_MS).toISOString().slice(0, 10));
}

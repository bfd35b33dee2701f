import type { Queryable } from '../../storage/database.js';
import { readOutage } from './outage.js';
import { lastTimestamp } from './store.js';

/** What the state is judged by. */
export interface TimestampFacts {
  /** How many authorities are configured. */
  readonly authorities: number;
  /** Time in the last time stamp; null where there is none. */
  readonly lastGenTime: Date | null;
  /** When the oldest entry that no time stamp covers was written; null where all are covered. */
  readonly firstUnstampedAt: Date | null;
  readonly now: Date;
  readonly everyMinutes: number;
  readonly budgetHours: number;
}

/**
 * How far the record is proved in time. `late`: the next time stamp is overdue; `outage`: by a whole period and more;
 * `over-budget`: entries have stood so long without one that nothing more may be asked. `sinceMs`: age of the oldest entry
 * without a time stamp; `leftMs`: what is left of the budget.
 */
export interface TimestampState {
  readonly kind: 'none-configured' | 'current' | 'late' | 'outage' | 'over-budget';
  readonly sinceMs: number;
  readonly leftMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The schedule looks every minute, and authorities take their time: before this nobody is late. */
const GRACE_MS = 2 * MINUTE_MS;

/** Judges the facts. Pure. The budget counts from the oldest uncovered entry: an idle log has nothing to prove. */
export function timestampState(facts: TimestampFacts): TimestampState {
  const { authorities, lastGenTime, firstUnstampedAt, now, everyMinutes, budgetHours } = facts;
  const everyMs = everyMinutes * MINUTE_MS;
  const budgetMs = budgetHours * HOUR_MS;
  const sinceMs = firstUnstampedAt === null ? 0 : Math.max(0, now.getTime() - firstUnstampedAt.getTime());
  const leftMs = Math.max(0, budgetMs - sinceMs);
  if (authorities === 0) return { kind: 'none-configured', sinceMs, leftMs };
  if (firstUnstampedAt === null) return { kind: 'current', sinceMs, leftMs };
  if (sinceMs > budgetMs) return { kind: 'over-budget', sinceMs, leftMs };
  const periodEnds = lastGenTime === null ? Number.NEGATIVE_INFINITY : lastGenTime.getTime() + everyMs;
  const overdueMs = now.getTime() - Math.max(firstUnstampedAt.getTime(), periodEnds) - GRACE_MS;
  if (overdueMs <= 0) return { kind: 'current', sinceMs, leftMs };
  return { kind: overdueMs <= everyMs ? 'late' : 'outage', sinceMs, leftMs };
}

/** The state with what it rests on, for `doctor`, metrics and the console. */
export interface ReadTimestampState extends TimestampState {
  readonly lastGenTime: Date | null;
  /** Leaves that the last time stamp covers. */
  readonly coveredSize: bigint;
  /** Since when the log tells of an outage; null where it tells of none. */
  readonly outageSince: Date | null;
}

/**
 * Reads the facts and judges them. The age comes from the first entry that no time stamp of `origin` covers, not from a
 * checkpoint: unstamped checkpoints are thinned out. Errors: those of the database.
 */
export async function readTimestampState(
  q: Queryable,
  settings: Pick<TimestampFacts, 'authorities' | 'everyMinutes' | 'budgetHours'> & {
    readonly origin: string;
  },
  now: Date,
): Promise<ReadTimestampState> {
  const last = await lastTimestamp(q, settings.origin);
  const coveredSize = last?.size ?? 0n;
  const { rows } = await q.query<{ at: Date }>({
    text: 'SELECT at FROM bridge.entry WHERE leaf_index = $1',
    values: [coveredSize],
  });
  const told = await readOutage(q);
  const lastGenTime = last?.genTime ?? null;
  const facts = { ...settings, lastGenTime, firstUnstampedAt: rows[0]?.at ?? null, now };
  return {
    ...timestampState(facts),
    lastGenTime,
    coveredSize,
    outageSince: told === null ? null : new Date(told.since),
  };
}

import { randomUUID } from 'node:crypto';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { Database, Queryable } from '../../storage/database.js';
import type { Appender } from '../appender.js';
import type { StoredCheckpoint } from '../checkpoint/store.js';
import { type Due, endLease, retryPause, type ScheduleTimes, takeLease } from './lease.js';
import { outageLane, readOutage } from './outage.js';
import type { Stamper, StoredTimestamp } from './stamp.js';
import { lastTimestamp } from './store.js';

export interface TimestampSchedule {
  /**
   * One look: stamps the newest checkpoint where that is due and no other instance does it. An outage is no error: it is
   * told in the log, and tried again. Errors: those of the database and the log; the next look goes on from there.
   */
  step(): Promise<void>;
}

export interface ScheduleDeps {
  readonly db: Database;
  /** With `outageApplier` among its appliers. */
  readonly log: Appender;
  readonly stamper: Stamper;
  /** The newest checkpoint of the origin (`lastCheckpoint`). */
  readonly newest: (q: Queryable) => Promise<StoredCheckpoint | null>;
  readonly now: () => Date;
}

export interface ScheduleSettings {
  readonly origin: string;
  /** The process, as entries name it. */
  readonly instance: string;
  /** `timeoutMs` of each configured authority: none of them means that nothing is ever asked. */
  readonly timeoutsMs: readonly number[];
  readonly everyMinutes: number;
  /** Pause after a failure, doubled with each further one up to an hour. */
  readonly retryMinutes?: number;
}

const MINUTE_MS = 60_000;
const RETRY_MINUTES = 5;
const MAX_RETRY_MINUTES = 60;
/** Beside the authorities' own time: the checks and the database. */
const LEASE_ROOM_MS = MINUTE_MS;

/** A chore for every instance; together they ask once. `step` is called about once a minute. */
export function createTimestampSchedule(settings: ScheduleSettings, deps: ScheduleDeps): TimestampSchedule {
  const { origin, instance, timeoutsMs, everyMinutes, retryMinutes = RETRY_MINUTES } = settings;
  const times: ScheduleTimes = {
    everyMs: everyMinutes * MINUTE_MS,
    retryMs: retryMinutes * MINUTE_MS,
    maxRetryMs: MAX_RETRY_MINUTES * MINUTE_MS,
    leaseMs: timeoutsMs.reduce((sum, ms) => sum + ms, LEASE_ROOM_MS),
  };
  return {
    step: async () => {
      if (timeoutsMs.length === 0) return;
      const holder = randomUUID();
      const { db, newest, now } = deps;
      const due = await takeLease(db, { origin, newest, holder, now: now(), times });
      if (due === null) return tellRestoredLate(origin, instance, deps);
      try {
        await succeed(await deps.stamper.stamp(due.checkpoint), holder, instance, deps);
      } catch (error) {
        if (!isBridgeError(error, 'TIMESTAMP_UNAVAILABLE')) throw error;
        await fail(due, error.fields as Record<string, string>, holder, instance, times, deps);
      }
    },
  };
}

async function succeed(
  stamp: StoredTimestamp,
  holder: string,
  instance: string,
  deps: ScheduleDeps,
): Promise<void> {
  await endLease(deps.db, holder, { failures: 0, firstFailureAt: null, nextTryAt: null });
  if ((await readOutage(deps.db)) !== null) await tellRestored(stamp, instance, deps);
}

async function fail(
  { checkpoint, state, last }: Due,
  reasons: Readonly<Record<string, string>>,
  holder: string,
  instance: string,
  times: ScheduleTimes,
  deps: ScheduleDeps,
): Promise<void> {
  const now = deps.now();
  const failures = state.failures + 1;
  const firstFailureAt = state.firstFailureAt ?? now.toISOString();
  const nextTryAt = new Date(now.getTime() + retryPause(failures, times)).toISOString();
  await endLease(deps.db, holder, { failures, firstFailureAt, nextTryAt });
  await deps.log.submit(outageLane, {
    kind: 'timestamp.outage',
    at: now,
    data: {
      authorities: Object.entries(reasons).map(([authority, reason]) => ({ authority, reason })),
      instance,
      lastGenTime: last?.genTime.toISOString() ?? null,
      since: firstFailureAt,
      size: Number(checkpoint.size),
    },
  });
}

/** Where the outage ended without us: an export took a time stamp, or an instance died between stamp and entry. */
async function tellRestoredLate(origin: string, instance: string, deps: ScheduleDeps): Promise<void> {
  const told = await readOutage(deps.db);
  if (told === null) return;
  const last = await lastTimestamp(deps.db, origin);
  if (last !== null && last.receivedAt.getTime() >= Date.parse(told.since))
    await tellRestored(last, instance, deps);
}

async function tellRestored(stamp: StoredTimestamp, instance: string, deps: ScheduleDeps): Promise<void> {
  const { authority, genTime, size } = stamp;
  await deps.log.submit(outageLane, {
    kind: 'timestamp.restored',
    at: stamp.receivedAt,
    data: { authority, genTime: genTime.toISOString(), instance, size: Number(size) },
  });
}

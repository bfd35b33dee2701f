import type { Database, Transaction } from '../../storage/database.js';
import type { StoredCheckpoint } from '../checkpoint/store.js';
import { lastTimestamp, type StoredTimestamp } from './store.js';

/** What the schedules of all instances remember together (`bridge.log_state`). Instants as ISO texts. */
export interface ScheduleState {
  /** Tries that failed since the last time stamp. */
  readonly failures: number;
  readonly firstFailureAt: string | null;
  readonly nextTryAt: string | null;
  /** Who is asking now, and until when that is believed. */
  readonly holder: string | null;
  readonly leaseUntil: string | null;
}

/** Times of the schedule, ms. */
export interface ScheduleTimes {
  readonly everyMs: number;
  /** Pause after the first failure; doubled with each further one. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** Longer than all authorities together may take. */
  readonly leaseMs: number;
}

/** What one instance may do now. */
export interface Due {
  readonly checkpoint: StoredCheckpoint;
  readonly state: ScheduleState;
  readonly last: StoredTimestamp | null;
}

const NAME = 'timestamp.schedule';
/** One instance decides at a time; who finds it taken leaves: the other one decides the same. */
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(7202, 5) AS taken';
const WRITE = `INSERT INTO bridge.log_state (name, state) VALUES ('${NAME}', $1)
  ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state`;
const QUIET: ScheduleState = {
  failures: 0,
  firstFailureAt: null,
  nextTryAt: null,
  holder: null,
  leaseUntil: null,
};

/** Pause after `failures` tries in a row. */
export function retryPause(failures: number, { retryMs, maxRetryMs }: ScheduleTimes): number {
  return Math.min(maxRetryMs, retryMs * 2 ** Math.min(Math.max(failures, 1) - 1, 20));
}

/**
 * Whether a time stamp is to be asked for now: a newer checkpoint than the last stamped one, a period passed, nobody
 * asking, no pause after a failure. Instants further away than our own writing can put them come from a clock that was
 * wrong, and hold nothing up. Pure.
 */
export function isDue(
  newest: { readonly size: bigint } | null,
  last: { readonly size: bigint; readonly receivedAt: Date } | null,
  state: ScheduleState,
  now: Date,
  times: ScheduleTimes,
): boolean {
  if (newest === null || (last !== null && newest.size <= last.size)) return false;
  const isAhead = (instant: string | null, withinMs: number) => {
    const aheadMs = instant === null ? 0 : Date.parse(instant) - now.getTime();
    return aheadMs > 0 && aheadMs <= withinMs;
  };
  if (isAhead(state.leaseUntil, times.leaseMs) || isAhead(state.nextTryAt, times.maxRetryMs)) return false;
  if (last === null) return true;
  const age = now.getTime() - last.receivedAt.getTime();
  return age >= times.everyMs || age < 0;
}

/** Failures before the last time stamp, which an export may have taken, belong to an outage that is over. Pure. */
export function forgetEnded(state: ScheduleState, last: { readonly receivedAt: Date } | null): ScheduleState {
  if (last === null || state.firstFailureAt === null) return state;
  const isOver = last.receivedAt.getTime() >= Date.parse(state.firstFailureAt);
  return isOver ? { ...state, failures: 0, firstFailureAt: null, nextTryAt: null } : state;
}

/**
 * Takes the right to ask, for `times.leaseMs`, in a transaction of its own: none is open while an authority takes its
 * time, and an instance that dies leaves a lease that ends by itself. Null where nothing is due or another one asks.
 */
export function takeLease(
  db: Database,
  deps: {
    readonly origin: string;
    readonly newest: (q: Transaction) => Promise<StoredCheckpoint | null>;
    readonly holder: string;
    readonly now: Date;
    readonly times: ScheduleTimes;
  },
): Promise<Due | null> {
  const { origin, newest, holder, now, times } = deps;
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ taken: boolean }>({ text: TRY_LOCK });
    if (rows[0]?.taken !== true) return null;
    const last = await lastTimestamp(tx, origin);
    const state = forgetEnded(await readState(tx), last);
    const checkpoint = await newest(tx);
    if (checkpoint === null || !isDue(checkpoint, last, state, now, times)) return null;
    const leaseUntil = new Date(now.getTime() + times.leaseMs).toISOString();
    await writeState(tx, { ...state, holder, leaseUntil });
    return { checkpoint, state, last };
  });
}

/** Ends the lease of `holder` and keeps what came of it; nothing where the lease has passed to somebody else meanwhile. */
export function endLease(
  db: Database,
  holder: string,
  outcome: Pick<ScheduleState, 'failures' | 'firstFailureAt' | 'nextTryAt'>,
): Promise<void> {
  return db.transaction(async (tx) => {
    const state = await readState(tx, 'FOR UPDATE');
    if (state.holder === holder) await writeState(tx, { ...outcome, holder: null, leaseUntil: null });
  });
}

async function readState(tx: Transaction, lock: '' | 'FOR UPDATE' = ''): Promise<ScheduleState> {
  const { rows } = await tx.query<{ state: Partial<ScheduleState> }>({
    text: `SELECT state FROM bridge.log_state WHERE name = '${NAME}' ${lock}`,
  });
  return { ...QUIET, ...rows[0]?.state };
}

async function writeState(tx: Transaction, state: ScheduleState): Promise<void> {
  await tx.query({ text: WRITE, values: [JSON.stringify(state)] });
}

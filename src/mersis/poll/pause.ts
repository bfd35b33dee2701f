import type { Database, Queryable } from '../../storage/database.js';
import { pauseMs } from './schedule.js';

export type PauseReason = 'refused' | 'unavailable';

/** Why and until when nobody is asked, remembered by all instances together. `failures`: pauses in a row. */
export interface Pause {
  readonly reason: PauseReason;
  readonly failures: number;
  readonly until: Date;
}

const NAME = 'mersis.pause';
const READ = `SELECT state FROM bridge.log_state WHERE name = '${NAME}'`;
const WRITE = `INSERT INTO bridge.log_state (name, state) VALUES ('${NAME}', $1)
  ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state`;
const FORGET = `DELETE FROM bridge.log_state WHERE name = '${NAME}'`;
/** One that lies further ahead than any pause was written by a clock that was wrong. */
const LONGEST_MS = 3_600_000;

interface Stored {
  readonly reason: PauseReason;
  readonly failures: number;
  readonly until: string;
}

/** The pause, over or not; null where the last answer was a sound one. Errors: those of `Queryable`. */
export async function readPause(db: Queryable): Promise<Pause | null> {
  const { rows } = await db.query<{ state: Stored }>({ text: READ });
  const state = rows[0]?.state;
  return state === undefined ? null : { ...state, until: new Date(state.until) };
}

/** True while nobody is to be asked. */
export function isPaused(pause: Pause | null, now: Date): boolean {
  const leftMs = pause === null ? 0 : pause.until.getTime() - now.getTime();
  return leftMs > 0 && leftMs <= LONGEST_MS;
}

/** Begins a pause, longer than the one before it. Errors: those of `Database`. */
export function beginPause(db: Database, reason: PauseReason, now: Date): Promise<Pause> {
  return db.transaction(async (tx) => {
    const before = await readPause(tx);
    const failures = before?.reason === reason ? before.failures + 1 : 1;
    const until = new Date(now.getTime() + pauseMs(reason, failures));
    await tx.query({ text: WRITE, values: [JSON.stringify({ reason, failures, until })] });
    return { reason, failures, until };
  });
}

/** Somebody answered: whatever paused is over. Errors: those of `Queryable`. */
export async function endPause(db: Queryable): Promise<void> {
  await db.query({ text: FORGET });
}

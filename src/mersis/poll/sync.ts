import type { Database } from '../../storage/database.js';
import { readBudget } from './budget.js';
import type { Lead } from './leader.js';
import { isPaused, type PauseReason, readPause } from './pause.js';
import { type Run, readRun } from './run.js';
import { allowance } from './schedule.js';
import type { PollSettings } from './settings.js';
import { makeAllDue } from './wish.js';

/** How waiting for a run ended. `done`: it has ended, with failures or without. */
export type SyncEnd =
  | { readonly kind: 'nothing-due' }
  | { readonly kind: 'done' | 'stopped' | 'budget'; readonly run: Run }
  /** `until`: when MERSİS is asked again. */
  | { readonly kind: PauseReason | 'maintenance'; readonly run: Run; readonly until: Date };

/** What a sync that a person waits for needs. */
export interface SyncTools {
  readonly db: Database;
  readonly settings: PollSettings;
  readonly lead: Pick<Lead, 'turn'>;
  openRun(): Promise<string | null>;
  now(): Date;
  sleep(ms: number): Promise<void>;
  /** The end of the maintenance window in which MERSİS is not asked now; null: it is. */
  maintenanceUntil(): Promise<Date | null>;
  onProgress(asked: number, of: number): void;
}

const LOOK_MS = 250;
const DUE = 'SELECT count(*)::int AS due FROM bridge.mersis_cooperative WHERE due_at <= $1';

/** Opens a run over what is due, over everything with `all`; the open run where there is one; null where nothing is due. */
export async function openRun({ db, now, openRun: open }: SyncTools, all: boolean): Promise<string | null> {
  if (all) await makeAllDue(db, now());
  return open();
}

/**
 * Waits until the run has ended, or goes no further for now. Takes its turn at polling whenever nobody else leads, so that it ends without
 * an instance too. Errors: those of `Lead` and `Queryable`.
 */
export async function waitForRun(tools: SyncTools, runId: string): Promise<SyncEnd> {
  for (;;) {
    const end = await endOf(tools, runId);
    if (end !== null) return end;
    // A chunk at a time, so that how far it is can be told in between.
    const step = await tools.lead.turn(1);
    if (step !== 'working') await tools.sleep(LOOK_MS);
  }
}

async function endOf(tools: SyncTools, runId: string): Promise<SyncEnd | null> {
  const { db, now, onProgress, settings } = tools;
  const run = await readRun(db, runId);
  if (run === null) return { kind: 'nothing-due' };
  if (run.state === 'stopped') return { kind: 'stopped', run };
  if (run.state !== 'running') return { kind: 'done', run };
  const { rows } = await db.query<{ due: number }>({ text: DUE, values: [now()] });
  onProgress(run.asked, run.asked + (rows[0]?.due ?? 0));
  const pause = await readPause(db);
  if (pause !== null && isPaused(pause, now())) return { kind: pause.reason, run, until: pause.until };
  const until = await tools.maintenanceUntil();
  if (until !== null) return { kind: 'maintenance', run, until };
  const used = await readBudget(db, now());
  return allowance(settings.dailyBudget, used).others === 0 ? { kind: 'budget', run } : null;
}

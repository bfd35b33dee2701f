import { Refusal } from '../errors/refusal.js';
import type { Queryable } from '../storage/database.js';
import { readOpenWindows } from './list-windows.js';
import { type MaintainedSystem, type MaintenanceWindow, stateOf } from './window.js';

/** Windows as this instance knows them: every call asks, so that no question to the database may stand in its way. */
export interface KnownWindows {
  /** The window in which `system` is not asked at `at`; null: it may be. */
  currentWindow(system: MaintainedSystem, at: Date): MaintenanceWindow | null;
  /**
   * Reads what stands in the database. Errors: those of `Queryable`; what was known stays in force until its end then, for nobody has said
   * that a system may be asked again.
   */
  refresh(): Promise<void>;
}

/** The part of it that whoever asks a system needs. */
export type Maintenance = Pick<KnownWindows, 'currentWindow'>;

/** Nothing ever is in maintenance: for tests and rooms without a database. */
export const NO_MAINTENANCE: Maintenance = { currentWindow: () => null };

/** How often windows are read anew: one that another instance opened is in force here after so long. */
export const REFRESH_MS = 1_000;
/** Whoever waits looks again after an hour at the latest: a window may be closed before its time. */
const MAX_RETRY_S = 3_600;

/** Windows over the database; nothing is known before the first `refresh`. */
export function createKnownWindows(db: Queryable, now: () => Date): KnownWindows {
  let known: readonly MaintenanceWindow[] = [];
  const currentWindow: KnownWindows['currentWindow'] = (system, at) =>
    known.find((one) => one.system === system && stateOf(one, at) === 'current') ?? null;
  return {
    currentWindow,
    refresh: async () => {
      known = await readOpenWindows(db, now());
    },
  };
}

/** The refusal while `system` is not asked, with the seconds to the end of its window; null: it may be asked. */
export function maintenanceRefusal(
  { currentWindow }: Maintenance,
  system: MaintainedSystem,
  at: Date,
): Refusal | null {
  const window = currentWindow(system, at);
  if (window === null) return null;
  const leftS = Math.ceil((window.endsAt.getTime() - at.getTime()) / 1000);
  return new Refusal('MAINTENANCE', {
    reason: system,
    retryAfterS: Math.min(MAX_RETRY_S, Math.max(1, leftS)),
  });
}

import { createKnownWindows, type KnownWindows, REFRESH_MS } from '../maintenance/known-windows.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../telemetry/log.js';
import { startChore } from './chore.js';

/** Maintenance windows as everything of one instance knows them. */
export interface OpenMaintenance extends KnownWindows {
  stop(): Promise<void>;
}

/** Reads the windows once, before anything is asked, and from then on every second. Errors: those of the first reading. */
export async function openMaintenance(db: Database, log: Log): Promise<OpenMaintenance> {
  const known = createKnownWindows(db, () => new Date());
  await known.refresh();
  return { ...known, stop: startChore('maintenance.read', REFRESH_MS, log, () => known.refresh()) };
}

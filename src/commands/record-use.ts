import { hostname } from 'node:os';
import { draftOf } from '../audit/draft.js';
import type { EntryDraft, Receipt } from '../audit/entry.js';
import type { Lane } from '../audit/lane.js';
import { plainLane } from '../audit/plain-lane.js';
import type { BridgeConfig } from '../config/schema.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { openLog } from '../house/open-log.js';
import { attachStorage } from '../house/open-storage.js';
import { osUser } from '../house/os-user.js';
import type { Database } from '../storage/database.js';
import type { Terminal } from './command.js';

/** Somebody waits at a terminal; the database was reached just before. */
const useLane: Lane<EntryDraft, Receipt> = { ...plainLane, name: '9-use', patienceMs: 2_000 };

/** The entry of a command's use (CONTRACT §7). `command`: without arguments. */
export function commandEntry(command: string, config: BridgeConfig): EntryDraft {
  const data = { command, host: hostname(), instance: config.instance, osUser: osUser() };
  return draftOf('command.run', new Date(), data);
}

async function submitUse(db: Database, config: BridgeConfig, command: string): Promise<void> {
  const { appender } = openLog(config, db, []);
  try {
    await appender.submit(useLane, commandEntry(command, config));
  } finally {
    await appender.close();
  }
}

/**
 * For commands that also work without a database: writes the use down where it can be reached, and says so on standard
 * error where it cannot. Never fails: whether the command itself succeeds is another matter.
 */
export async function recordUse(
  terminal: Terminal,
  config: BridgeConfig,
  command: string,
  open: () => Promise<Database> = () => attachStorage(config),
): Promise<void> {
  try {
    const db = await open();
    try {
      await submitUse(db, config, command);
    } finally {
      await db.close();
    }
  } catch (error) {
    const why = isBridgeError(error) ? error.code : 'INTERNAL';
    terminal.err(`warning: the use of this command could not be recorded in the audit log (${why})`);
  }
}

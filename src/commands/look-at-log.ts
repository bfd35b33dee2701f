import { lastCheckpoint } from '../audit/checkpoint/store.js';
import { readWitnessFile } from '../audit/checkpoint/witness-file.js';
import { readTimestampState } from '../audit/timestamp/state.js';
import type { BridgeConfig } from '../config/schema.js';
import type { Database } from '../storage/database.js';
import type { Finding } from './finding.js';

const HOUR_MS = 3_600_000;

/** How the log stands: its last checkpoint, the one outside the database, and its time stamps. Checks nothing: see `audit check`. */
export async function lookAtLog(config: BridgeConfig, db: Database): Promise<readonly Finding[]> {
  return [await lookAtCheckpoint(config, db), await lookAtStamps(config, db)];
}

async function lookAtCheckpoint({ audit }: BridgeConfig, db: Database): Promise<Finding> {
  const name = 'audit log';
  const last = await lastCheckpoint(db, audit.origin);
  const { kind } = await readWitnessFile(audit.checkpointFile);
  if (last === null) return { name, ok: true, text: 'nothing was signed yet' };
  const text = `signed up to ${last.size} entries at ${last.signedAt.toISOString()}`;
  if (kind === 'found') return { name, ok: true, text };
  return { name, ok: false, text: `${text}, but audit.checkpointFile is missing or unusable: find out why` };
}

async function lookAtStamps({ audit }: BridgeConfig, db: Database): Promise<Finding> {
  const name = 'time stamps';
  const { authorities, everyMinutes, budgetHours } = audit.timestamps;
  const settings = { origin: audit.origin, authorities: authorities.length, everyMinutes, budgetHours };
  const { kind, lastGenTime, leftMs } = await readTimestampState(db, settings, new Date());
  const last = lastGenTime === null ? 'none yet' : `last of ${lastGenTime.toISOString()}`;
  switch (kind) {
    case 'none-configured':
      return { name, ok: true, text: 'no authority is configured' };
    case 'current':
    case 'late':
      return { name, ok: true, text: last };
    case 'outage':
      return {
        name,
        ok: false,
        text: `outage (${last}): ${Math.floor(leftMs / HOUR_MS)} hours until nothing more is asked; look at the authorities`,
      };
    case 'over-budget':
      return {
        name,
        ok: false,
        text: `outage beyond its budget (${last}): nothing is asked until a time stamp comes`,
      };
  }
}

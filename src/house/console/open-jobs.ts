import { istanbulDay } from '../../calendar/istanbul-day.js';
import { makeJobFolder, sweepJobFolders } from '../../console/jobs/folders.js';
import { purgeJobs } from '../../console/jobs/job-rows.js';
import { createJobs } from '../../console/jobs/jobs.js';
import type { JobKind, Jobs } from '../../console/jobs/port.js';
import { createJobRunner } from '../../console/jobs/run-jobs.js';
import type { Database } from '../../storage/database.js';
import { startChore } from '../chore.js';
import type { ConsoleParts } from './parts.js';

/** Whoever waits looks about so often. */
const LOOK_MS = 1_000;
const PURGE_MS = 60_000;
const MB = 1024 * 1024;

/** Long work of the console. Chores are safe on all instances at once: a job is one instance's at a time. */
export function openJobs(parts: Pick<ConsoleParts, 'config' | 'db' | 'gate' | 'log' | 'now' | 'told'>): {
  readonly jobs: Jobs;
  startChores(kinds: readonly JobKind[]): () => Promise<void>;
} {
  const { config, db, gate, log, now, told } = parts;
  const { keepHours, maxFileMb, maxWaiting } = config.console.jobs;
  const { instance } = config;
  const stillHolds = (tag: Buffer, role: string) => holdsRole(db, tag, role, now());
  const shared = { db, masterKeys: log.masterKeys, keepHours, stillHolds, now };
  return {
    jobs: createJobs({ ...shared, maxWaiting }),
    startChores: (kinds) => {
      const runner = createJobRunner(
        {
          ...shared,
          instance,
          maxFileBytes: maxFileMb * MB,
          makeFolder: () => makeJobFolder(instance),
          isSound: () => gate.isSound(),
          failed: (kind, code, error) => told.error('console.job-failed', { kind, code, error }),
        },
        kinds,
      );
      let isSwept = false;
      const runAll = async () => {
        if (!isSwept) await sweepJobFolders(instance);
        isSwept = true;
        while (await runner.runNext());
      };
      const stops = [
        startChore('console.jobs', LOOK_MS, told, runAll),
        startChore('console.jobs-purge', PURGE_MS, told, () => purgeJobs(db, now())),
      ];
      return async () => {
        runner.stop();
        await Promise.all(stops.map((stop) => stop()));
      };
    },
  };
}

const HOLDS = `SELECT 1 FROM bridge.authority_role WHERE person_tag = $1 AND role = $2
  AND (starts_on IS NULL OR starts_on <= $3) AND (ends_on IS NULL OR ends_on > $3) LIMIT 1`;

async function holdsRole(db: Database, tag: Buffer, role: string, now: Date): Promise<boolean> {
  if (role === 'signed-in') return true;
  return (await db.query({ text: HOLDS, values: [tag, role, istanbulDay(now)] })).count > 0;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config/load-config.js';
import { openMersisSource } from '../../src/house/mersis/open-source.js';
import { MERSIS_COMMAND_APPLIERS, pollerOf } from '../../src/house/mersis/poll-parts.js';
import { openLog } from '../../src/house/open-log.js';
import { openStorage } from '../../src/house/open-storage.js';
import { NO_MAINTENANCE } from '../../src/maintenance/known-windows.js';
import type { Poller } from '../../src/mersis/poll/poller.js';
import { makeAllDue } from '../../src/mersis/poll/wish.js';
import type { Database } from '../../src/storage/database.js';
import type { Synced } from './messages.js';

const MARKS = [10, 25, 50, 75, 100];
/** A register that does not come to its end in so many steps is stuck: each step asks about up to a hundred cooperatives. */
const MAX_STEPS = 20_000;
const WAIT_MS = 200;
const KNOW = `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at) SELECT n, now(), now() FROM unnest($1::text[]) AS n
  ORDER BY n ON CONFLICT (mersis_no) DO NOTHING`;

/** Polling as the bridge does it, in a process of its own. */
export interface Polling {
  sync(mersisNos: readonly string[]): Promise<Synced>;
  close(): Promise<void>;
}

/** Opens database (embedded, migrated), log and MERSİS as the settings have them. */
export async function openPolling(configFile: string): Promise<Polling> {
  const config = await loadConfig({ path: configFile, env: {} });
  const { mersis } = config;
  if (mersis === undefined) throw new Error('the settings have no MERSİS');
  const storage = await openStorage(config, () => undefined);
  const { db } = storage;
  const log = openLog(config, db, MERSIS_COMMAND_APPLIERS);
  const source = await openMersisSource(mersis, { warn: () => undefined });
  let asked = 0;
  let problem: string | null = null;
  const poller = pollerOf({
    mersis,
    config,
    instance: config.instance,
    db,
    log,
    source,
    isSound: () => true,
    isStopping: () => false,
    maintenance: NO_MAINTENANCE,
    observe: (event) => {
      if (event.kind === 'chunk') asked += event.asked;
      if (event.kind === 'paused') problem = `asking was paused: ${event.reason}`;
    },
  });
  const sync = async (mersisNos: readonly string[]): Promise<Synced> => {
    await db.query({ text: KNOW, values: [mersisNos] });
    await makeAllDue(db, new Date());
    asked = 0;
    const rss: { percent: number; bytes: number }[] = [];
    const [from, cpu] = [performance.now(), process.cpuUsage()];
    await stepThrough(poller, db, () => {
      const done = (asked / mersisNos.length) * 100;
      for (const percent of MARKS.slice(rss.length).filter((mark) => done >= mark)) {
        rss.push({ percent, bytes: process.memoryUsage().rss });
      }
      return problem;
    });
    const { user, system } = process.cpuUsage(cpu);
    return { asked, ms: performance.now() - from, cpuUs: user + system, rss };
  };
  const close = async () => {
    await log.appender.close();
    await source.close();
    await storage.release();
  };
  return { sync, close };
}

/** Until the run is over. Throws where it stops, is paused, or does not come to its end. */
async function stepThrough(poller: Poller, db: Database, after: () => string | null): Promise<void> {
  if ((await poller.openRun('sync')) === null) throw new Error('nothing is due');
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const step = await poller.step();
    const problem = after();
    if (problem !== null) throw new Error(problem);
    if (step === 'waiting') await sleep(WAIT_MS);
    else if (step !== 'working') throw new Error(`the run has come to: ${step}`);
    const { rows } = await db.query({ text: `SELECT 1 FROM bridge.mersis_run WHERE state = 'running'` });
    if (rows.length === 0) return;
  }
  throw new Error('the run does not come to its end');
}

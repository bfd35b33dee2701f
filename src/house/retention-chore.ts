import { setTimeout as sleep } from 'node:timers/promises';
import type { Appender } from '../audit/appender.js';
import { lookAfterRetention } from '../audit/retention/chore.js';
import { REPLAY_AT_ONCE, resurrectedKeys } from '../audit/retention/resurrected.js';
import type { BridgeConfig } from '../config/schema.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../telemetry/log.js';

/** One row is read for it; a year that falls due is begun with within this time of midnight. */
const LOOK_MS = 60_000;

/**
 * Looks after retention until it is stopped: void proposals are ended, the periodic run is made when it is due. Says at the start
 * where a backup has brought destroyed keys back. Stopping waits for the batch that is being destroyed, not for the run.
 */
export function startRetention(
  config: BridgeConfig,
  db: Database,
  appender: Appender,
  log: Log,
): () => Promise<void> {
  const { retention } = config.audit;
  let stopped = false;
  const look = async () => {
    const { expired, run } = await lookAfterRetention({
      db,
      appender,
      rules: {
        instance: config.instance,
        legalGround: retention.legalGround,
        years: retention.years,
        everyDays: retention.everyDays,
      },
      now: () => new Date(),
      sleep: (ms) => sleep(ms),
      stopping: () => stopped,
    });
    if (expired > 0) log.warn('retention.proposals-expired', { count: expired });
    if (run === null) return;
    log.info('retention.run', { count: run.keys });
    if (run.unconfirmedTerm)
      log.error('retention.shorter-term-unconfirmed', {
        setting: 'audit.retention.years',
        action: 'two officers confirm it: bridge audit destroy shorten, then confirm',
      });
  };
  let running: Promise<void> | undefined = tellResurrected(db, log).finally(() => {
    running = undefined;
  });
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => log.error('retention.failed', { error }))
      .finally(() => {
        running = undefined;
      });
  }, LOOK_MS);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}

async function tellResurrected(db: Database, log: Log): Promise<void> {
  try {
    const { length: count } = await resurrectedKeys(db);
    if (count === 0) return;
    log.error('retention.keys-resurrected', {
      count,
      limit: REPLAY_AT_ONCE,
      action: 'a backup brought destroyed keys back: bridge audit destroy replay',
    });
  } catch (error) {
    log.error('retention.failed', { error });
  }
}

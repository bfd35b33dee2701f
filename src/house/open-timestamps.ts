import type { Appender } from '../audit/appender.js';
import type { KnowingPublisher } from '../audit/checkpoint/publisher.js';
import { lastCheckpoint } from '../audit/checkpoint/store.js';
import type { LogObstacle } from '../audit/log-gate.js';
import { createTimestampSchedule } from '../audit/timestamp/schedule.js';
import { type ReadTimestampState, readTimestampState } from '../audit/timestamp/state.js';
import type { BridgeConfig } from '../config/schema.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { SystemHealth } from '../telemetry/system-health.js';
import { openEvidence } from './open-evidence.js';

/** The time stamps of a bridge that serves. */
export interface Timestamps {
  /** `time-stamps` once the log has been without one for longer than the budget: then nothing more is asked. */
  readonly obstacle: LogObstacle;
  /** Stamps where that is due. */
  step(): Promise<void>;
  /** Learns how it stands; `obstacle` and the gauges say what was learnt last. */
  look(): Promise<void>;
  measure(metrics: Metrics): void;
}

/** Time stamps on schedule, with the budget in sight. `outageApplier` must be among the appliers of `appender`. */
export async function openTimestamps(
  config: BridgeConfig,
  db: Database,
  appender: Appender,
  publisher: KnowingPublisher,
  log: Log,
  health: SystemHealth,
): Promise<Timestamps> {
  const { origin, timestamps } = config.audit;
  const { stamper, timeoutsMs } = await openEvidence(
    config,
    db,
    ({ authority, reason }) => {
      health.failed(`tsa:${authority}`, reason, null);
      log.warn('timestamp.failed', { authority, reason });
    },
    publisher,
  );
  const schedule = createTimestampSchedule(
    { origin, instance: config.instance, timeoutsMs, everyMinutes: timestamps.everyMinutes },
    { db, log: appender, stamper, newest: (q) => lastCheckpoint(q, origin), now: () => new Date() },
  );
  const settings = {
    origin,
    authorities: timestamps.authorities.length,
    everyMinutes: timestamps.everyMinutes,
    budgetHours: timestamps.budgetHours,
  };
  const tellStamps = stampWatch(db, origin, health);
  await tellStamps();
  let state: ReadTimestampState = await readTimestampState(db, settings, new Date());
  return {
    obstacle: () => (state.kind === 'over-budget' ? 'time-stamps' : null),
    step: () => schedule.step(),
    look: async () => {
      await tellStamps();
      const before = state.kind;
      state = await readTimestampState(db, settings, new Date());
      if (state.kind === before) return;
      const fields = { state: state.kind, minutesLeft: Math.floor(state.leftMs / 60_000) };
      if (state.kind === 'outage' || state.kind === 'over-budget') log.error('timestamp.state', fields);
      else log.info('timestamp.state', fields);
    },
    measure: (metrics) => {
      metrics.timestamped({
        secondsUnstamped: state.sinceMs / 1000,
        outage: state.kind === 'outage' || state.kind === 'over-budget',
        secondsLeft: state.leftMs / 1000,
      });
    },
  };
}

const NEWEST = `SELECT DISTINCT ON (authority) authority, received_at AS at FROM (
    SELECT authority, received_at FROM bridge.log_timestamp WHERE origin = $1 ORDER BY size DESC LIMIT 50) AS newest
  ORDER BY authority, received_at DESC`;

/** Tells of each stamp that has come since the first look: whichever instance asked for it, that authority answers. */
function stampWatch(db: Database, origin: string, health: SystemHealth): () => Promise<void> {
  const known = new Map<string, number>();
  let begun = false;
  return async () => {
    const { rows } = await db.query<{ authority: string; at: Date }>({ text: NEWEST, values: [origin] });
    for (const { at, authority } of rows) {
      if ((known.get(authority) ?? 0) >= at.getTime()) continue;
      known.set(authority, at.getTime());
      // What stood there before this process began says nothing of now.
      if (begun) health.answered(`tsa:${authority}`, null);
    }
    begun = true;
  };
}

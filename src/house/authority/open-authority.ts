import { type EvaluationTools, evaluationCalls } from '../../api/evaluation/evaluation-calls.js';
import type { Appender } from '../../audit/appender.js';
import type { LogGate } from '../../audit/log-gate.js';
import { createAuthorityMemory } from '../../authority/memory/authority-memory.js';
import { purgePersons } from '../../authority/recording/purge-persons.js';
import { turnDay } from '../../authority/recording/turn-day.js';
import { addDays } from '../../calendar/add-days.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { Database } from '../../storage/database.js';
import type { AuthorityMetrics } from '../../telemetry/authority-metrics.js';
import type { Log } from '../../telemetry/log.js';
import { authorityPolicyOf } from '../authority-policy.js';
import { startChore } from '../chore.js';
import type { OpenLog } from '../open-log.js';
import { recordPortsOf } from './record-ports.js';

/** What authority needs of the house. `log` has `RECORDING_APPLIERS`. */
export interface AuthorityParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
  /** Nothing is written while it is closed. */
  readonly gate: LogGate;
  readonly told: Log;
  readonly metrics: Pick<AuthorityMetrics, 'disagreements'>;
}

/** Who may act, as the listeners and the start know it. */
export interface OpenAuthority {
  readonly calls: ReturnType<typeof evaluationCalls>;
  /** Confirms what memory holds, lets the day take effect, tells of contradictions; stopping waits for what is under way. */
  startChores(): () => Promise<void>;
}

/** An answer from memory is good for a second after its confirmation: three tries in it. */
const CONFIRM_MS = 300;
/** A term that ends at midnight is told of within so long; as a right it has ended by itself. */
const TURN_MS = 10_000;
const GAUGE_MS = 15_000;
const PURGE_MS = 600_000;

/** Reads everything into memory, then opens it. Errors: those of `Database`. */
export async function openAuthority(parts: AuthorityParts): Promise<OpenAuthority> {
  const { config, db, told } = parts;
  const now = () => new Date();
  const memory = createAuthorityMemory({ db, log: told, now });
  await memory.load();
  const tools: EvaluationTools = {
    maxBodyBytes: config.listeners.service.maxBodyBytes,
    memory,
    policy: authorityPolicyOf(config),
    origin: config.signIn?.apiOrigin ?? `https://localhost:${config.listeners.service.port}`,
    tagOf: (person) => parts.log.tagger.tag('authority', person),
    now,
  };
  return {
    calls: evaluationCalls(tools),
    startChores: () => {
      const stops = [
        startChore('authority.confirm', CONFIRM_MS, told, () => memory.follow()),
        startChore('authority.turn-day', TURN_MS, told, () => turn(parts, parts.log.appender, now())),
        startChore('authority.gauges', GAUGE_MS, told, createGauges(parts)),
        startChore('authority.purge-persons', PURGE_MS, told, async () => {
          await purgePersons(db, addDays(istanbulDay(now()), -config.authority.events.keepDays));
        }),
      ];
      return async () => {
        await Promise.all(stops.map((stop) => stop()));
        memory.stop();
      };
    },
  };
}

async function turn(
  { config, db, gate, log, told }: AuthorityParts,
  appender: Appender,
  now: Date,
): Promise<void> {
  if (!gate.isSound()) return;
  const turned = await turnDay(appender, db, recordPortsOf(config, log), now);
  if (turned > 0) told.info('authority.day-turned', { count: turned });
}

const DISAGREEMENTS =
  "SELECT count(*)::int AS count FROM bridge.log_search WHERE kind = 'authority.disagreed'";

/** A contradiction is told in the bridge's log once by each instance, and stands in a metric. */
function createGauges({ db, metrics, told }: AuthorityParts): () => Promise<void> {
  let known: number | undefined;
  return async () => {
    const { rows } = await db.query<{ count: number }>({ text: DISAGREEMENTS });
    const count = rows[0]?.count ?? 0;
    if (known !== undefined && count > known)
      told.error('authority.disagreed', {
        count: count - known,
        action: 'look for authority.disagreed in the log',
      });
    known = count;
    metrics.disagreements(count);
  };
}

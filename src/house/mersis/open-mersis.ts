import { registryRoutes } from '../../api/registry/registry-routes.js';
import type { BroughtRoutes } from '../../api/service-route.js';
import type { LogGate } from '../../audit/log-gate.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { Maintenance } from '../../maintenance/known-windows.js';
import type { CallTools } from '../../mersis/calls/ask-for-person.js';
import type { RegistryAttempt } from '../../mersis/calls/attempt.js';
import { type CallRules, createCallLane } from '../../mersis/calls/call-lane.js';
import { markActive } from '../../mersis/poll/active.js';
import { purgeBudgets } from '../../mersis/poll/budget.js';
import { createLead, type Lead } from '../../mersis/poll/leader.js';
import { readProgress } from '../../mersis/poll/progress.js';
import { releaseClaims } from '../../mersis/poll/release-claims.js';
import type { MersisSource } from '../../mersis/port.js';
import { type Refreshed, type RefreshTools, refreshCooperative } from '../../mersis/refresh.js';
import { verifyRegistry } from '../../mersis/verify-registry.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { Database } from '../../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import type { SystemHealth } from '../../telemetry/system-health.js';
import { startChore } from '../chore.js';
import { CONSOLE_CLIENT, deskPersons } from '../console/desk-person.js';
import { watchedSource } from '../health/watch-systems.js';
import type { OpenLog } from '../open-log.js';
import { callingPersons } from './calling-persons.js';
import { createLeaderLock, ownConnection } from './leader-lock.js';
import type { MersisMetrics } from './metrics.js';
import { observePoll } from './observe-poll.js';
import { openMersisSource } from './open-source.js';
import { pollerOf, takeInOf } from './poll-parts.js';
import { type MersisConfig, pollSettingsOf } from './poll-settings.js';

/** What MERSİS needs of the house. `log` has `MERSIS_APPLIERS`, `AUTHORITY_APPLIERS` and the sessions'. */
export interface MersisParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
  /** Nothing is asked while it is closed. */
  readonly gate: LogGate;
  readonly maintenance: Maintenance;
  readonly told: Log;
  readonly metrics: MersisMetrics;
  readonly health: SystemHealth;
}

/** MERSİS as the listeners and the start know it. */
export interface OpenMersis {
  readonly routes: BroughtRoutes;
  /** For other rooms that ask once for a person: by the same limits, budget and pause. */
  readonly calls: CallTools;
  /** As `POST …/refresh`, for somebody at the console: by session and role instead of a token. Throws `Refusal`, which has its entry. */
  refreshAtDesk(officer: ActingOfficer, mersisNo: string, requestId: string): Promise<Refreshed>;
  /** Polling, active cooperatives, gauges; stopping waits for what is under way. */
  startChores(): () => Promise<void>;
  close(): Promise<void>;
}

const POLL_MS = 1_000;
const ACTIVE_MS = 180_000;
const GAUGE_MS = 15_000;

/** Opens it. Null where the settings have no MERSİS: then nothing is read. Errors: `CONFIG_INVALID`, those of reading files. */
export async function openMersis(parts: MersisParts): Promise<OpenMersis | null> {
  const { mersis } = parts.config;
  if (mersis === undefined) return null;
  const asked = await openMersisSource(mersis, parts.told);
  const source = watchedSource(asked, parts.health, () => new Date());
  const rules = callRules(parts, mersis);
  const tools = refreshTools(parts, mersis, source, createCallLane(rules));
  return {
    calls: tools,
    refreshAtDesk: (officer, mersisNo, requestId) => {
      const calls = createCallLane({ ...rules, readPersons: deskPersons(officer) });
      return refreshCooperative(deskAttempt(mersisNo, requestId, tools.now()), { ...tools, calls });
    },
    routes: registryRoutes({
      maxBodyBytes: parts.config.listeners.service.maxBodyBytes,
      now: tools.now,
      refresh: (attempt) => refreshCooperative(attempt, tools),
      verify: (attempt, unvan) => verifyRegistry(attempt, unvan, tools),
    }),
    startChores: () => startChores(parts, mersis, source),
    close: () => source.close(),
  };
}

function callRules({ config, log, maintenance }: MersisParts, mersis: MersisConfig): CallRules {
  return {
    instance: config.instance,
    limits: {
      perPersonPerHour: mersis.refreshesPerPersonPerHour,
      refreshPauseS: mersis.refreshPauseS,
    },
    dailyBudget: pollSettingsOf(mersis, config.instance).dailyBudget,
    tagger: log.tagger,
    // Without sign-in there is no rule to be announced: two steps, always.
    readPersons: callingPersons(log, config.edevlet?.twoStep.inForceFrom ?? null),
    maintenance,
  };
}

/** A refresh that came by the console: its number was held to its form by the page. */
function deskAttempt(mersisNo: string, requestId: string, receivedAt: Date): RegistryAttempt {
  return {
    operation: 'refresh',
    call: {
      ...{ client: CONSOLE_CLIENT, certificateSha256: Buffer.alloc(0), tokenHash: null },
      ...{ requestId, receivedAt },
    },
    question: { ok: true, value: { mersisNo } },
  };
}

function refreshTools(
  parts: MersisParts,
  mersis: MersisConfig,
  source: MersisSource,
  calls: RefreshTools['calls'],
): RefreshTools {
  const { config, db, gate, log, told } = parts;
  const now = () => new Date();
  const { instance } = config;
  const settings = pollSettingsOf(mersis, instance);
  return {
    db,
    log: log.appender,
    calls,
    source,
    instance,
    now,
    requireSound: () => gate.requireSound(),
    onRefused: () => told.error('mersis.refused'),
    takeIn: takeInOf({ config, db, log, mersis }),
    book: { db, settings, now, random: Math.random },
    onUnbooked: (error) => told.warn('mersis.not-booked', { error }),
  };
}

function startChores(parts: MersisParts, mersis: MersisConfig, source: MersisSource): () => Promise<void> {
  const { config, db, told } = parts;
  const settings = pollSettingsOf(mersis, config.instance);
  const state = { stopping: false };
  const lead = mersis.poll.enabled ? leadOf(parts, mersis, source, state) : null;
  const polling =
    lead === null
      ? []
      : [
          startChore('mersis.poll', POLL_MS, told, async () => {
            if (!state.stopping) await lead.turn();
          }),
          startChore('mersis.active', ACTIVE_MS, told, async () => {
            await markActive(db, settings, new Date());
            await purgeBudgets(db, new Date());
          }),
        ];
  const stops = [...polling, startChore('mersis.gauges', GAUGE_MS, told, () => measure(parts, mersis, lead))];
  return async () => {
    // What is under way is asked to its end; nothing more is sent.
    state.stopping = true;
    await Promise.all(stops.map((stop) => stop()));
    await lead?.close();
  };
}

function leadOf(
  parts: MersisParts,
  mersis: MersisConfig,
  source: MersisSource,
  state: { readonly stopping: boolean },
): Lead {
  const { config, db, gate, told, metrics } = parts;
  const poller = pollerOf({
    ...parts,
    mersis,
    source,
    instance: config.instance,
    isSound: () => gate.isSound(),
    isStopping: () => state.stopping,
    observe: observePoll(told, metrics),
  });
  return createLead({
    lock: createLeaderLock(ownConnection(config)),
    step: () => poller.step(),
    onLead: async (leads) => {
      if (leads) await releaseClaims(db, new Date());
      told.info('mersis.leader', { state: leads ? 'leads' : 'follows' });
    },
  });
}

async function measure(
  { config, db, metrics }: MersisParts,
  mersis: MersisConfig,
  lead: Lead | null,
): Promise<void> {
  const now = new Date();
  const progress = await readProgress(db, pollSettingsOf(mersis, config.instance), now);
  const { budget, due, held, oldestReadAt, pause, run, troubled } = progress;
  metrics.mersisState({
    due,
    troubled,
    held,
    oldestSeconds:
      oldestReadAt === null ? null : Math.max(0, (now.getTime() - oldestReadAt.getTime()) / 1000),
    budgetUsed: budget.used,
    budgetLimit: budget.limit,
    runStopped: run?.state === 'stopped',
    paused: pause?.reason ?? null,
    leads: lead?.leads() === true,
  });
}

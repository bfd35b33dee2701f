import { readFile } from 'node:fs/promises';
import { createServiceApi } from './api/service-api.js';
import type { Appender } from './audit/appender.js';
import { keyApplier } from './audit/checkpoint/record-key.js';
import { createFeedFile } from './audit/feed/feed-file.js';
import type { EffectApplier } from './audit/lane.js';
import { createLogGate, type LogGate } from './audit/log-gate.js';
import type { MasterKeys } from './audit/master-keys.js';
import { ensurePartitions } from './audit/partitions.js';
import type { PersonTagger } from './audit/person-tags.js';
import { plainLane } from './audit/plain-lane.js';
import { RETENTION_APPLIERS } from './audit/retention/appliers.js';
import { catchUp } from './audit/search/index-entries.js';
import { SIGNAL_APPLIERS } from './audit/signals/appliers.js';
import { outageApplier } from './audit/timestamp/outage.js';
import { readAuthority } from './authority/read-authority.js';
import { istanbulDay } from './calendar/istanbul-day.js';
import type { BridgeConfig } from './config/schema.js';
import { WEBHOOK_APPLIERS } from './events/webhooks/appliers.js';
import { feeLineApplier } from './fees/book/fee-line.js';
import { readSwitches } from './fees/tariff/read-switches.js';
import { RECORDING_APPLIERS } from './house/authority/record-ports.js';
import { startChore } from './house/chore.js';
import { CONSOLE_APPLIERS } from './house/console/appliers.js';
import { type OpenFees, openFees } from './house/fees/open-fees.js';
import { systemsOf, watchKps } from './house/health/watch-systems.js';
import { kpsSettingsOf } from './house/kps-settings.js';
import { MERSIS_APPLIERS } from './house/mersis/poll-parts.js';
import { metricsOf } from './house/metrics-of.js';
import { observeKps } from './house/observe-kps.js';
import { openLog } from './house/open-log.js';
import { openMaintenance } from './house/open-maintenance.js';
import { type OpenRights, openRights } from './house/open-rights.js';
import { explainShown, identifyBy, openSearch, readShown } from './house/open-search.js';
import { startSignals } from './house/open-signals.js';
import { type OpenStorage, openStorage } from './house/open-storage.js';
import { openTimestamps, type Timestamps } from './house/open-timestamps.js';
import { openWeb } from './house/open-web.js';
import { openPublicLog, type PublicLog } from './house/public-log.js';
import { startRetention } from './house/retention-chore.js';
import type { OpenSignIn } from './house/sign-in/doors.js';
import { openSignIn } from './house/sign-in/open-sign-in.js';
import { recordStart, recordStop, startApplier } from './house/start-record.js';
import { requirePrices, rulesOf } from './house/verification-rules.js';
import { createKpsClient, type KpsClient } from './kps/kps-client.js';
import type { Maintenance } from './maintenance/known-windows.js';
import { createClientRegistry } from './network/client-registry.js';
import { startOpsListener } from './network/ops-listener.js';
import { createRefusalCounter, type RefusalCounter } from './network/refusal-counter.js';
import { refusalEntry } from './network/refusal-entry.js';
import { type RunningListener, startServiceListener } from './network/service-listener.js';
import { explainRefusedTokens, readAccessTokens } from './sign-in/access-tokens.js';
import { signInKeyApplier } from './sign-in/provider/keys.js';
import { STEP_UP_APPLIERS } from './sign-in/step-up/appliers.js';
import type { Log } from './telemetry/log.js';
import type { Metrics } from './telemetry/metrics.js';
import { createSystemHealth, type SystemHealth } from './telemetry/system-health.js';
import { closeExpired, countOpen, purgeEnded } from './verification/close-expired.js';
import { createReadLane } from './verification/read-verification.js';
import { createIntentLane, openQueryApplier } from './verification/record-intent.js';
import { closeQueryApplier, createOutcomeLane } from './verification/record-outcome.js';
import type { Rules } from './verification/rules.js';
import { verifyIdentity } from './verification/verify-identity.js';

/** A bridge that serves. */
export interface RunningBridge {
  readonly ports: { readonly service: number; readonly web: number; readonly ops: number };
  /** Finishes what is in flight, writes down why it stops, then closes everything; safe to call twice. */
  stop(reason: string): Promise<void>;
}

/** How often deadlines are looked at: an unknown outcome is settled within a second of its deadline. */
const SWEEP_MS = 1000;
const PURGE_MS = 600_000;
const COUNTED_MS = 10_000;
const GAUGE_MS = 5000;
/** Whether a time stamp is due; the hour is in the settings. */
const STAMP_MS = 5_000;
const FEED_MS = 1000;
/** A search brings the rows up to date itself; the chore keeps it from having much to do. */
const INDEXED_MS = 500;

/** Builds the house from its settings and starts it. `onFatal` is told what ends the bridge from inside. */
export async function startBridge(
  config: BridgeConfig,
  log: Log,
  onFatal: (event: string) => void,
): Promise<RunningBridge> {
  const metrics = metricsOf(config);
  const storage = await openStorage(config, () => onFatal('database.ownership-lost'));
  log.info('database.ready', { port: storage.embedded?.port, attached: storage.embedded?.attached });
  const undo: (() => Promise<void>)[] = [() => storage.release()];
  try {
    requirePrices(config, await readSwitches(storage.db), istanbulDay(new Date()));
    await ensurePartitions(storage.db);
    const health = createSystemHealth(systemsOf(config), () => new Date());
    const kps = await openKps(config, health, log, metrics);
    undo.push(() => kps.close());
    let published: PublicLog | undefined;
    let stamps: Timestamps | undefined;
    const gate = createLogGate([() => published?.obstacle() ?? null, () => stamps?.obstacle() ?? null]);
    const maintenance = await openMaintenance(storage.db, log);
    undo.push(() => maintenance.stop());
    const core = assembleCore(config, storage, kps, { gate, maintenance }, log, metrics);
    // After the appender has written its last: it must be covered too.
    undo.push(async () => published?.stop());
    undo.push(() => core.appender.close());
    published = await openPublicLog(config, storage.db, core.appender, log);
    const { publisher } = published;
    stamps = await openTimestamps(config, storage.db, core.appender, publisher, log, health);
    await recordStart(config, core.appender);
    let stopReason = 'start-failed';
    undo.push(() =>
      recordStop({ instance: config.instance, reason: stopReason }, core.appender).catch((error: unknown) =>
        log.error('stop.not-recorded', { error }),
      ),
    );
    undo.push(startChores(config, storage, core, stamps, log, metrics));
    undo.push(startRetention(config, storage.db, core.appender, log));
    undo.push(startSignals(config, storage.db, core, log, metrics));
    const parts = { config, db: storage.db, log: core, gate, told: log, metrics, health };
    const signIn = await openSignIn({ ...parts, refusals: core.refusals });
    if (signIn !== null) undo.push(signIn.startChores());
    const rights = await openRights({ ...parts, maintenance, verify: core.verify });
    undo.push(() => rights.close());
    undo.push(rights.startChores());
    const fees = openFees(parts);
    undo.push(fees.startChores());
    const service = await startService(config, core, signIn, { rights, fees }, log, metrics);
    undo.push(() => service.drain());
    const web = await openWeb({ ...parts, published, stamps, rights, signIn, now: () => new Date() });
    undo.push(() => web.close());
    const ops = await startOps(config, storage, published, stamps, metrics);
    undo.push(() => ops.close());
    log.info('bridge.ready', {
      instance: config.instance,
      environment: config.environment,
      port: service.port,
    });
    let stopping: Promise<void> | undefined;
    return {
      ports: { service: service.port, web: web.port, ops: ops.port },
      stop: (reason) => {
        stopReason = stopping === undefined ? reason : stopReason;
        stopping ??= unwind(undo);
        return stopping;
      },
    };
  } catch (error) {
    // Why it did not start says more than what could not be undone.
    await unwind(undo).catch(() => undefined);
    throw error;
  }
}

async function openKps(
  config: BridgeConfig,
  health: SystemHealth,
  log: Log,
  metrics: Metrics,
): Promise<KpsClient> {
  const tell = observeKps(log, metrics);
  const watch = watchKps(health);
  return createKpsClient(await kpsSettingsOf(config), {
    observe: (event) => {
      tell(event);
      watch(event);
    },
  });
}

function startOps(
  config: BridgeConfig,
  storage: OpenStorage,
  published: PublicLog,
  stamps: Timestamps,
  metrics: Metrics,
): ReturnType<typeof startOpsListener> {
  return startOpsListener(config.listeners.ops, {
    ready: () => obstacles(storage, [published.obstacle(), stamps.obstacle()]),
    metrics: async () => {
      published.measure(metrics);
      stamps.measure(metrics);
      const { contentType, body } = await metrics.text();
      return { contentType, text: body };
    },
  });
}

/**
 * In the reverse of the order of starting: first no new work comes in, the database goes last. A step that fails keeps no
 * other from running; the first failure is thrown at the end.
 */
async function unwind(undo: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of [...undo].reverse()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

interface Core {
  readonly gate: LogGate;
  readonly appender: Appender;
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  readonly rules: Rules;
  readonly refusals: RefusalCounter;
  readonly outcomes: ReturnType<typeof createOutcomeLane>;
  readonly verify: Parameters<typeof createServiceApi>[0]['verify'];
  readonly read: Parameters<typeof createServiceApi>[0]['read'];
  readonly search: Parameters<typeof createServiceApi>[0]['search'];
}

function assembleCore(
  config: BridgeConfig,
  storage: OpenStorage,
  kps: KpsClient,
  { gate, maintenance }: { readonly gate: LogGate; readonly maintenance: Maintenance },
  log: Log,
  metrics: Metrics,
): Core {
  const rules = rulesOf(config);
  const appliers = [
    openQueryApplier,
    closeQueryApplier,
    feeLineApplier,
    startApplier,
    keyApplier,
    outageApplier,
    ...RETENTION_APPLIERS,
    ...SIGNAL_APPLIERS,
    ...RECORDING_APPLIERS,
    ...MERSIS_APPLIERS,
    ...WEBHOOK_APPLIERS,
    ...STEP_UP_APPLIERS,
    ...CONSOLE_APPLIERS,
    signInKeyApplier,
  ] as readonly EffectApplier[];
  const now = () => new Date();
  const { appender, masterKeys, tagger } = openLog(config, storage.db, appliers, {
    observe: (batch) => {
      metrics.auditBatch({ entries: batch.items, ms: batch.ms, ok: !batch.failed });
      metrics.auditQueue(batch.queued);
      if (batch.failed) log.warn('audit.batch-failed', { count: batch.items, ms: batch.ms });
    },
    onPartitionTrouble: (error) => log.error('audit.partition-failed', { error }),
  });
  const tools = {
    rules,
    masterKeys,
    tagger,
    readTokens: (tx, presented, at) => readAccessTokens(tx, masterKeys, presented, at),
    explainTokens: explainRefusedTokens,
    readAuthority,
    maintenance,
  } satisfies Parameters<typeof createIntentLane>[0];
  const intents = createIntentLane(tools);
  const outcomes = createOutcomeLane(rules);
  const reads = createReadLane(tools);
  const search = openSearch(config, storage.db, { appender, masterKeys, tagger });
  return {
    gate,
    appender,
    masterKeys,
    tagger,
    rules,
    refusals: createRefusalCounter(),
    outcomes,
    verify: (attempt) => verifyIdentity(attempt, { rules, log: appender, intents, outcomes, kps, now, gate }),
    read: async (attempt) => {
      const answer = await appender.submit(reads, attempt);
      if (answer.kind === 'refused') throw answer.refusal;
      return answer.recorded;
    },
    search: ({ token, ...attempt }) =>
      search({
        ...attempt,
        identify: identifyBy(readShown(masterKeys, token)),
        explain: explainShown(token),
      }),
  };
}

async function startService(
  config: BridgeConfig,
  core: Core,
  signIn: OpenSignIn | null,
  { fees, rights }: { readonly rights: OpenRights; readonly fees: OpenFees },
  log: Log,
  metrics: Metrics,
): Promise<RunningListener> {
  const { service } = config.listeners;
  const handler = createServiceApi({
    registry: createClientRegistry(config.clients),
    refusals: core.refusals,
    maxInFlight: service.maxInFlight,
    maxBodyBytes: service.maxBodyBytes,
    now: () => new Date(),
    verify: core.verify,
    read: core.read,
    search: core.search,
    hot: rights.hot,
    routes: [...rights.routes, ...fees.routes],
    schemas: { ...rights.schemas, ...fees.schemas },
    openId: async (request, response, clientId) =>
      signIn !== null && (await signIn.api(request, response, clientId)),
    observe: (call) => {
      const { route, method, status, ms, requestId } = call;
      metrics.requestFinished({ route, method, status, code: call.code ?? undefined, ms });
      log.info('request', {
        route,
        method,
        status,
        code: call.code,
        client: call.client,
        ms: Math.round(ms),
        requestId,
      });
      if (call.error !== null) log.error('request.failed', { route, requestId, error: call.error });
    },
  });
  return startServiceListener(
    {
      ...service,
      certificate: await readFile(service.certificate, 'utf8'),
      key: service.key.reveal(),
      clientCa: await readFile(service.clientCa, 'utf8'),
    },
    async (request, response, peer) => {
      metrics.requestStarted();
      await handler(request, response, peer);
    },
    (address) => core.refusals.count(address, 'CLIENT_CERTIFICATE_UNKNOWN', new Date()),
  );
}

/** Deadlines, purges and counted refusals, each on its own clock; every one of them safe on all instances at once. */
function startChores(
  config: BridgeConfig,
  storage: OpenStorage,
  core: Core,
  stamps: Timestamps,
  log: Log,
  metrics: Metrics,
): () => Promise<void> {
  const now = () => new Date();
  const writeCounted = async (before?: Date) => {
    const written = core.refusals.take(before).map((one) =>
      core.appender.submit(plainLane, refusalEntry(one, config.instance)).catch((error: unknown) => {
        core.refusals.restore(one);
        throw error;
      }),
    );
    await Promise.all(written);
  };
  const chores = [
    startChore('queries.close-expired', SWEEP_MS, log, async () => {
      const closed = await closeExpired(storage.db, core.appender, core.outcomes, now());
      if (closed > 0) log.warn('queries.closed-as-unknown', { count: closed });
    }),
    startChore('queries.purge', PURGE_MS, log, () => purgeEnded(storage.db, now())),
    startChore('refusals.write', COUNTED_MS, log, async () => {
      if (core.gate.isSound()) await writeCounted(now());
    }),
    startChore('search.index', INDEXED_MS, log, async () => {
      await catchUp(storage.db);
    }),
    startChore('timestamp.step', STAMP_MS, log, () => stamps.step()),
    startChore('timestamp.look', GAUGE_MS, log, () => stamps.look()),
    ...feedChores(config, storage, log),
    startChore('queries.count-open', GAUGE_MS, log, async () => {
      metrics.intentsOpen(await countOpen(storage.db));
    }),
  ];
  return async () => {
    await Promise.all(chores.map((stop) => stop()));
    // Nothing is counted any more; what cannot be written now is lost with the process.
    await writeCounted().catch((error: unknown) => log.error('refusals.write-failed', { error }));
  };
}

/** The feed for a collector, where the settings name a file. */
function feedChores(config: BridgeConfig, { db }: OpenStorage, log: Log) {
  const { feedFile } = config.audit;
  if (feedFile === undefined) return [];
  const feed = createFeedFile(db, feedFile, config.instance);
  return [startChore('feed', FEED_MS, log, () => feed.step())];
}

async function obstacles(
  storage: OpenStorage,
  ofLog: readonly (string | null)[],
): Promise<readonly string[]> {
  const known = ofLog.filter((obstacle) => obstacle !== null);
  try {
    await storage.db.query({ text: 'SELECT 1 FROM bridge.log_head' });
    return known;
  } catch {
    return [...known, 'database'];
  }
}

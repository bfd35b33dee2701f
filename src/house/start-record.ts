import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Appender } from '../audit/appender.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { checkData } from '../audit/catalogue/check-data.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../audit/lane.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import { flatSettings } from '../config/flat-settings.js';
import { packageRoot } from '../config/package-root.js';
import type { BridgeConfig } from '../config/schema.js';
import { configHash } from '../config/show-config.js';
import { readSwitches } from '../fees/tariff/read-switches.js';
import type { TariffSwitch } from '../fees/tariff/tariff.js';
import type { Transaction } from '../storage/database.js';
import { osUser } from './os-user.js';
import { type OwnCertificate, ownCertificates } from './own-certificates.js';

/** What a start remembers for the next one of this instance: settings as text by path, fingerprints by name. */
interface Remembered {
  readonly settings: Readonly<Record<string, string>>;
  readonly certificates: Readonly<Record<string, string>>;
}

interface Start {
  readonly config: BridgeConfig;
  readonly certificates: readonly OwnCertificate[];
}

/** What the start that is being written was like. */
export interface RememberedStart extends Effect {
  readonly kind: 'start-remembered';
  readonly instance: string;
  readonly state: Remembered;
}

/** Nothing is served before it is written; a database that restarts is back sooner. */
const START_PATIENCE_MS = 30_000;
/** A database that is gone must not keep the bridge from stopping. */
const STOP_PATIENCE_MS = 2_000;

const startLane: Lane<Start, undefined> = {
  name: '8-start',
  patienceMs: START_PATIENCE_MS,
  settle: async (tx, starts, now) => {
    const settled = [];
    const switches = await readSwitches(tx);
    for (const start of starts)
      settled.push(settleStart(start, await readRemembered(tx, start.config.instance), switches, now));
    return settled;
  },
};

function settleStart(
  { config, certificates }: Start,
  before: Remembered | null,
  switches: readonly TariffSwitch[],
  now: Date,
) {
  const settings = Object.fromEntries(flatSettings(config));
  const state: Remembered = {
    settings,
    certificates: Object.fromEntries(certificates.map((one) => [one.name, one.fingerprintSha256])),
  };
  const started = startedData(
    config,
    changesOf(before?.settings ?? {}, settings),
    switches,
    istanbulDay(now),
  );
  // Rare, and partly what somebody wrote into a file: held to the whole schema.
  checkData('bridge.started', started);
  const effect: RememberedStart = { kind: 'start-remembered', instance: config.instance, state };
  return {
    entries: [
      draftOf('bridge.started', now, started),
      ...certificateChanges(before?.certificates ?? {}, certificates, config.instance).map((data) =>
        draftOf('certificate.changed', now, data),
      ),
    ],
    effects: [effect],
    answer: () => undefined,
  };
}

function startedData(
  config: BridgeConfig,
  changes: Changes,
  switches: readonly TariffSwitch[],
  today: string,
): DataOf<'bridge.started'> {
  return {
    changes,
    checkpointOrigin: config.audit.origin,
    configHash: configHash(config),
    environment: config.environment,
    host: hostname(),
    instance: config.instance,
    node: process.version,
    osUser: osUser(),
    tariff: config.fees.tariff.map(({ id, amountKurus, basis, from, gazette }) => {
      const active = switches.some((one) => one.id === id && one.from <= today);
      return { active, amountKurus, basis, from, gazette };
    }),
    version: packageVersion(),
  };
}

type Changes = DataOf<'bridge.started'>['changes'];

function changesOf(before: Remembered['settings'], after: Remembered['settings']): Changes {
  const at = (settings: Remembered['settings'], path: string) =>
    Object.hasOwn(settings, path) ? (settings[path] as string) : null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .map((path) => ({ after: at(after, path), before: at(before, path), path }))
    .filter((change) => change.before !== change.after);
}

function certificateChanges(
  before: Remembered['certificates'],
  now: readonly OwnCertificate[],
  instance: string,
): readonly DataOf<'certificate.changed'>[] {
  const names = ['kps', 'service', 'web'] as const;
  return names.flatMap((name) => {
    const known = before[name] ?? null;
    const own = now.find((one) => one.name === name);
    const fingerprintSha256 = own?.fingerprintSha256 ?? null;
    if (fingerprintSha256 === known) return [];
    const notAfter = own?.notAfter.toISOString() ?? null;
    return [{ before: known, fingerprintSha256, instance, name, notAfter }];
  });
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

const READ = 'SELECT state FROM bridge.log_state WHERE name = $1 FOR UPDATE';

async function readRemembered(tx: Transaction, instance: string): Promise<Remembered | null> {
  const { rows } = await tx.query<{ state: Remembered }>({ text: READ, values: [nameOf(instance)] });
  return rows[0]?.state ?? null;
}

function nameOf(instance: string): string {
  return `settings:${instance}`;
}

/** Remembers, with the entry, what it was told of: the next start is held against it. */
export const startApplier: EffectApplier<RememberedStart> = {
  kind: 'start-remembered',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      await tx.query({
        text: `INSERT INTO bridge.log_state (name, state) VALUES ($1, $2)
          ON CONFLICT (name) DO UPDATE SET state = excluded.state`,
        values: [nameOf(effect.instance), JSON.stringify(effect.state)],
      });
    }
  },
};

/**
 * Writes down that this instance starts, on which settings, and which of its own certificates are new. To be called before
 * anything is served. `log` needs `startApplier`. Errors: those of `Appender`, `ENTRY_INVALID`, and of reading certificates.
 */
export async function recordStart(config: BridgeConfig, log: Appender): Promise<void> {
  await log.submit(startLane, { config, certificates: await ownCertificates(config) });
}

interface Stop {
  readonly instance: string;
  readonly reason: string;
}

const stopLane: Lane<Stop, undefined> = {
  name: '8-stop',
  patienceMs: STOP_PATIENCE_MS,
  settle: async (_tx, stops, now) =>
    stops.map(({ instance, reason }) => ({
      entries: [draftOf('bridge.stopped', now, { instance, reason })],
      effects: [],
      answer: () => undefined,
    })),
};

/** Writes down that this instance stops, and for what `reason` (a signal or the name of an event). Errors: those of `Appender`. */
export async function recordStop(stop: Stop, log: Appender): Promise<void> {
  await log.submit(stopLane, stop);
}

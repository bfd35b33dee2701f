import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { layoutOf } from '../../mocks/sandbox/layout.js';
import { prepareSandbox } from '../../mocks/sandbox/prepare.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { RETENTION_APPLIERS } from '../../src/audit/retention/appliers.js';
import { SIGNAL_APPLIERS } from '../../src/audit/signals/appliers.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { RECORDING_APPLIERS } from '../../src/house/authority/record-ports.js';
import { CONSOLE_APPLIERS } from '../../src/house/console/appliers.js';
import { openConsole } from '../../src/house/console/open-console.js';
import type { ConsoleParts } from '../../src/house/console/parts.js';
import { ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import type { BrowserSession } from '../../src/sign-in/living-session.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import type { Database } from '../../src/storage/database.js';
import { createSystemHealth } from '../../src/telemetry/system-health.js';
import type { Cleanup } from '../common/cleanup.js';
import { citizens, KEYS, openLog, signInOfficer } from '../fees/officers.js';

/** The console over a database, served in this process: plain HTTP, since TLS costs every page the same. */
export interface ServedConsole {
  readonly origin: string;
  readonly csrf: string;
}

const ROLES: readonly (readonly [role: string, ministry: string | null, il: string | null])[] = [
  ['security-officer', null, null],
  ['administrator', null, null],
  ['ministry-central', 'ticaret', null],
];
const CSRF = 'bench';

/** The settings of a sandbox, in `folder`. */
export async function benchConfig(folder: string): Promise<BridgeConfig> {
  const layout = layoutOf(join(folder, 'sandbox'), null);
  await prepareSandbox(layout, { people: 100, cooperatives: 20, seed: 'bench' });
  return loadConfig({ path: layout.configFile, env: {} });
}

/** Serves the console to one person who holds every role; nothing else of a bridge runs. */
export async function serveConsole(
  db: Database,
  config: BridgeConfig,
  cleanup: Cleanup,
): Promise<ServedConsole> {
  const appliers = [
    ...RETENTION_APPLIERS,
    ...SIGNAL_APPLIERS,
    ...RECORDING_APPLIERS,
    ...CONSOLE_APPLIERS,
    openSessionApplier,
  ] as readonly EffectApplier[];
  const appender = openLog(db, appliers);
  cleanup.add(() => appender.close());
  const [person] = citizens('officers', 1);
  if (person === undefined) throw new Error('nobody');
  const { sessionId, tag } = await signInOfficer(appender, db, person);
  for (const [role, ministry, il] of ROLES)
    await db.query({
      text: 'INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES ($1, $2, $3, $4, $5)',
      values: [randomUUID(), tag, role, ministry, il],
    });
  const now = () => new Date();
  const later = new Date(Date.now() + 8 * 3_600_000);
  const session: BrowserSession = {
    ...{ sessionId, person, tag, names: null, acr: ACR_TWO_STEP, authTime: now(), openedAt: now() },
    ...{ idleUntil: later, expiresAt: later, stepUpUntil: later },
  };
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: tell };
  const parts = {
    ...{ config, db, now },
    log: { appender, ...KEYS },
    gate: { requireSound: () => undefined, isSound: () => true },
    published: {
      publisher: { state: () => STATE, last: () => null, publish: async () => null },
      obstacle: () => null,
      measure: () => undefined,
      stop: async () => undefined,
    },
    stamps: {
      obstacle: () => null,
      step: async () => undefined,
      look: async () => undefined,
      measure: () => undefined,
    },
    rights: { routes: [], schemas: {}, hot: [], desk: { decide: async () => undefined, refresh: null } },
    signIn: {
      browser: {
        ...{ issuer: 'http://127.0.0.1', formTargets: [], now },
        current: async () => session,
        hasReadNotice: async () => true,
        formToken: () => CSRF,
        formHolds: (_session: BrowserSession, given: unknown) => given === CSRF,
        mayPass: () => true,
        count: () => undefined,
        sessions: async () => [],
        endOwn: async () => false,
        stepUp: { state: async () => ({ enrolledAt: null, recoveryCodesLeft: 0 }) },
      },
    },
    told: quiet,
    metrics: { requestFinished: () => undefined },
    health: createSystemHealth([], now),
  } as unknown as ConsoleParts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(openConsole(parts).router);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, csrf: CSRF };
}

const STATE = { kind: 'current', size: 0n, checkpointSize: 0n, lastSignedAt: null, witnessMissing: false };

function tell(event: string, fields: { readonly error?: unknown } = {}): void {
  process.stderr.write(`${event} ${String((fields.error as Error | undefined)?.stack ?? '')}\n`);
}

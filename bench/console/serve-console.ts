import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { parse, stringify } from 'yaml';
import { layoutOf } from '../../mocks/sandbox/layout.js';
import { prepareSandbox } from '../../mocks/sandbox/prepare.js';
import type { Appender } from '../../src/audit/appender.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { RETENTION_APPLIERS } from '../../src/audit/retention/appliers.js';
import { SIGNAL_APPLIERS } from '../../src/audit/signals/appliers.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { RECORDING_APPLIERS } from '../../src/house/authority/record-ports.js';
import { CONSOLE_APPLIERS } from '../../src/house/console/appliers.js';
import { openConsole } from '../../src/house/console/open-console.js';
import type { ConsoleParts } from '../../src/house/console/parts.js';
import type { KimlikNo } from '../../src/person/kimlik-no.js';
import type { ActingOfficer } from '../../src/proposals/officer.js';
import { listSessions } from '../../src/sign-in/list-sessions.js';
import type { BrowserSession } from '../../src/sign-in/living-session.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { readSession } from '../../src/sign-in/read-session.js';
import type { Database } from '../../src/storage/database.js';
import { createSystemHealth } from '../../src/telemetry/system-health.js';
import type { Cleanup } from '../common/cleanup.js';
import { citizens, KEYS, openLog, signInOfficer, TAG_KEY } from '../fees/officers.js';
import { WHO_HEADER, type Who } from './browser.js';

/** The console over a database, served in this process: plain HTTP, since TLS costs every page the same. */
export interface ServedConsole {
  readonly origin: string;
  readonly csrf: string;
  readonly appender: Appender;
  readonly officers: Readonly<Record<Who, ActingOfficer>>;
  /** Long work is done from now on, until what is given back is called. */
  work(): () => Promise<void>;
}

const ROLES: readonly (readonly [role: string, ministry: string | null, il: string | null])[] = [
  ['security-officer', null, null],
  ['administrator', null, null],
  ['ministry-central', 'ticaret', null],
];
const CSRF = 'bench';
const APPLIERS = [
  ...RETENTION_APPLIERS,
  ...SIGNAL_APPLIERS,
  ...RECORDING_APPLIERS,
  ...CONSOLE_APPLIERS,
  openSessionApplier,
] as readonly EffectApplier[];

/** Receives webhooks by the settings; nothing is sent. */
export const RECEIVER = 'koopbis-reports';

/** The settings of a sandbox, in `folder`, with the keys of the bench and a receiver of webhooks. */
export async function benchConfig(folder: string): Promise<BridgeConfig> {
  const layout = layoutOf(join(folder, 'sandbox'), null);
  mkdirSync(layout.secrets, { recursive: true, mode: 0o700 });
  // What is there is kept: pages that make their keys out of the settings then find whom the bench has written about.
  writeFileSync(join(layout.secrets, 'tag-key'), TAG_KEY.toString('base64'), { mode: 0o600 });
  await prepareSandbox(layout, { people: 100, cooperatives: 20, seed: 'bench' });
  const settings = parse(readFileSync(layout.configFile, 'utf8')) as { clients: Record<string, unknown>[] };
  const receiver = settings.clients.find(({ id }) => id === RECEIVER);
  if (receiver === undefined) throw new Error('no receiver');
  const secret = join(layout.secrets, 'webhook-secret');
  writeFileSync(secret, `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  receiver.webhook = { url: 'https://localhost:9/olay', secret: { file: secret } };
  writeFileSync(layout.configFile, stringify(settings));
  return loadConfig({ path: layout.configFile, env: {} });
}

/** Serves the console to two persons who each hold the roles; nothing else of a bridge runs. */
export async function serveConsole(
  db: Database,
  config: BridgeConfig,
  cleanup: Cleanup,
): Promise<ServedConsole> {
  const appender = openLog(db, APPLIERS);
  cleanup.add(() => appender.close());
  const [first, second] = citizens('officers', 2);
  if (first === undefined || second === undefined) throw new Error('nobody');
  const officers = {
    first: await officerOf(appender, db, first),
    second: await officerOf(appender, db, second),
  };
  const console = openConsole(partsOf(db, config, appender, officers));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(console.router);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, csrf: CSRF, appender, officers, work: () => console.startChores() };
}

/** Somebody who has signed in, with a second step, and holds the roles. */
async function officerOf(appender: Appender, db: Database, person: KimlikNo): Promise<ActingOfficer> {
  const officer = await signInOfficer(appender, db, person);
  for (const [role, ministry, il] of ROLES)
    await db.query({
      text: 'INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES ($1, $2, $3, $4, $5)',
      values: [randomUUID(), officer.tag, role, ministry, il],
    });
  await db.query({
    text: 'UPDATE bridge.sign_in_session SET step_up_until = expires_at WHERE session_id = $1',
    values: [officer.sessionId],
  });
  return officer;
}

function partsOf(
  db: Database,
  config: BridgeConfig,
  appender: Appender,
  officers: ServedConsole['officers'],
): ConsoleParts {
  const now = () => new Date();
  const told = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: tell };
  return {
    ...{ config, db, now, told },
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
        // The session is read as ever; whose it is, a header says in the place of a cookie.
        current: ({ headers }: IncomingMessage) => {
          const { sessionId } = headers[WHO_HEADER] === 'second' ? officers.second : officers.first;
          return readSession(db, KEYS.masterKeys, sessionId, now());
        },
        hasReadNotice: async () => true,
        formToken: () => CSRF,
        formHolds: (_session: BrowserSession, given: unknown) => given === CSRF,
        mayPass: () => true,
        count: () => undefined,
        sessions: ({ tag }: BrowserSession) => listSessions(db, tag, now()),
        endOwn: async () => false,
        stepUp: { state: async () => ({ enrolledAt: null, recoveryCodesLeft: 0 }) },
      },
    },
    metrics: { requestFinished: () => undefined },
    health: createSystemHealth([], now),
  } as unknown as ConsoleParts;
}

const STATE = { kind: 'current', size: 0n, checkpointSize: 0n, lastSignedAt: null, witnessMissing: false };

function tell(event: string, fields: { readonly error?: unknown } = {}): void {
  process.stderr.write(`${event} ${String((fields.error as Error | undefined)?.stack ?? '')}\n`);
}

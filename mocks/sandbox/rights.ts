import { readFileSync, statSync } from 'node:fs';
import type { EffectApplier } from '../../src/audit/lane.js';
import { authorityApplier } from '../../src/authority/record-facts.js';
import { rolesApplier } from '../../src/authority/record-roles.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { type OpenLog, openLog } from '../../src/house/open-log.js';
import { attachStorage } from '../../src/house/open-storage.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import { openSession, openSessionApplier, type SignInMethod } from '../../src/sign-in/open-session.js';
import { refuseSession } from '../../src/sign-in/refuse-session.js';
import type { Person, Population } from '../population/population.js';
import { loadRegistry } from './registry-loader.js';
import { type ProvedSignIn, type RefusedSignIn, startTokenIssuer } from './token-issuer.js';

/** A changed world is in the bridge's database within this time, as an immediate reading of MERSİS would bring it. */
const LOOK_MS = 250;
/** Readings are renewed long before the bridge would call them stale. */
const RENEW_MS = 3_600_000;
const SESSION_S = 8 * 3600;
const TOKEN_S = 30 * 60;

const APPLIERS = [openSessionApplier, authorityApplier, rolesApplier] as readonly EffectApplier[];

/** The process beside the bridge that signs people in and brings in who sits on which board; it writes to the log as the bridge does. */
async function main([worldFile, port]: readonly string[]): Promise<void> {
  if (worldFile === undefined || port === undefined) throw new Error('rights <world.json> <port>');
  const config = await loadConfig({ path: process.env.BRIDGE_CONFIG ?? 'bridge.yaml', env: process.env });
  const db = await attachStorage(config);
  const log = openLog(config, db, APPLIERS);
  let people = new Map<string, Person>();
  let seen = 0;
  let loadedAt = 0;
  const look = async () => {
    const { mtimeMs } = statSync(worldFile);
    if (mtimeMs === seen && Date.now() - loadedAt < RENEW_MS) return;
    const population = JSON.parse(readFileSync(worldFile, 'utf8')) as Population;
    await loadRegistry(log, db, population, new Date());
    people = new Map(population.people.map((person) => [person.kimlikNo, person]));
    seen = mtimeMs;
    loadedAt = Date.now();
  };
  await look();
  const issuer = await startTokenIssuer(Number(port), {
    person: (kimlikNo) => people.get(kimlikNo),
    open: (signIn) => openFor(signIn, config, log),
    refuse: (signIn) => refuseFor(signIn, config, log),
    nowS: () => Math.floor(Date.now() / 1000),
  });
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look()
      .catch(() => {
        process.stderr.write('the registry could not be loaded; trying again\n');
      })
      .finally(() => {
        running = undefined;
      });
  }, LOOK_MS);
  const stop = async () => {
    clearInterval(timer);
    await running;
    await issuer.close();
    await log.appender.close();
    await db.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.on('SIGINT', () => undefined);
  // The sandbox holds the other end: when it goes away, however it does, so do we.
  process.stdin.once('close', () => void stop()).resume();
  process.stdout.write('rights ready\n');
}

async function openFor(
  { kimlikNo, client: name, stepUp }: ProvedSignIn,
  config: BridgeConfig,
  log: OpenLog,
): Promise<string | null> {
  const client = config.clients.find(({ id }) => id === name);
  const thumbprint = client?.certificates[0];
  if (thumbprint === undefined) return null;
  const now = new Date();
  const session = {
    person: numberOf(kimlikNo),
    acr: stepUp ? ACR_STEP_UP : ACR_TWO_STEP,
    method: methodOf(stepUp),
    authTime: now,
    lifetimeS: SESSION_S,
  };
  const token = {
    clientId: name,
    certificateSha256: Buffer.from(thumbprint, 'hex'),
    lifetimeS: TOKEN_S,
  };
  const { accessToken } = await openSession(log.appender, log, session, token, now);
  return accessToken;
}

async function refuseFor(
  { kimlikNo, client: name, stepUp, reason }: RefusedSignIn,
  config: BridgeConfig,
  log: OpenLog,
): Promise<void> {
  // A name that nobody registered is only what somebody typed.
  const client = config.clients.find(({ id }) => id === name)?.id ?? null;
  const refused = { person: numberOf(kimlikNo), client, method: methodOf(stepUp), reason };
  await refuseSession(log.appender, refused, new Date());
}

function methodOf(stepUp: boolean): SignInMethod {
  return stepUp ? 'e-devlet+totp' : 'e-devlet';
}

function numberOf(kimlikNo: string): KimlikNo {
  const person = KimlikNo.parse(kimlikNo);
  if (!person.ok) throw new Error('the population holds a number that is none');
  return person.value;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exit(1);
});

import { readFileSync, statSync } from 'node:fs';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import { decodeKey32 } from '../../src/config/key32.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { attachStorage } from '../../src/open-storage.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import { openSession } from '../../src/sign-in/open-session.js';
import type { Database } from '../../src/storage/database.js';
import type { Person, Population } from '../population/population.js';
import { loadRegistry } from './registry-loader.js';
import { type ProvedSignIn, startTokenIssuer } from './token-issuer.js';

/** A changed world is in the bridge's database within this time, as an immediate reading of MERSİS would bring it. */
const LOOK_MS = 250;
/** Readings are renewed long before the bridge would call them stale. */
const RENEW_MS = 3_600_000;
const SESSION_S = 8 * 3600;
const TOKEN_S = 30 * 60;

/** The process beside the bridge that signs people in and brings in who sits on which board. */
async function main([worldFile, port]: readonly string[]): Promise<void> {
  if (worldFile === undefined || port === undefined) throw new Error('rights <world.json> <port>');
  const config = await loadConfig({ path: process.env.BRIDGE_CONFIG ?? 'bridge.yaml', env: process.env });
  const db = await attachStorage(config);
  const keys = keysOf(config);
  let people = new Map<string, Person>();
  let seen = 0;
  let loadedAt = 0;
  const look = async () => {
    const { mtimeMs } = statSync(worldFile);
    if (mtimeMs === seen && Date.now() - loadedAt < RENEW_MS) return;
    const population = JSON.parse(readFileSync(worldFile, 'utf8')) as Population;
    await loadRegistry(db, keys.tagger, population, new Date());
    people = new Map(population.people.map((person) => [person.kimlikNo, person]));
    seen = mtimeMs;
    loadedAt = Date.now();
  };
  await look();
  const issuer = await startTokenIssuer(Number(port), {
    person: (kimlikNo) => people.get(kimlikNo),
    open: (signIn) => openFor(signIn, config, db, keys),
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
    await db.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.on('SIGINT', () => undefined);
  // The sandbox holds the other end: when it goes away, however it does, so do we.
  process.stdin.once('close', () => void stop()).resume();
  process.stdout.write('rights ready\n');
}

type Keys = Parameters<typeof openSession>[1];

function keysOf(config: BridgeConfig): Keys {
  const [tagKey] = config.audit.tagKeys;
  if (tagKey === undefined) throw new Error('the settings have no tag key');
  return {
    masterKeys: createMasterKeys(
      config.audit.masterKeys.map(({ id, key }) => ({ id, key: decodeKey32(key) })),
    ),
    tagger: createPersonTagger({ id: tagKey.id, key: decodeKey32(tagKey.key) }),
  };
}

async function openFor(
  signIn: ProvedSignIn,
  config: BridgeConfig,
  db: Database,
  keys: Keys,
): Promise<string | null> {
  const client = config.clients.find(({ id }) => id === signIn.client);
  const thumbprint = client?.certificates[0];
  const person = KimlikNo.parse(signIn.kimlikNo);
  if (thumbprint === undefined || !person.ok) return null;
  const now = new Date();
  const session = {
    person: person.value,
    acr: signIn.stepUp ? ACR_STEP_UP : ACR_TWO_STEP,
    authTime: now,
    lifetimeS: SESSION_S,
  };
  const token = {
    clientId: signIn.client,
    certificateSha256: Buffer.from(thumbprint, 'hex'),
    lifetimeS: TOKEN_S,
  };
  const { accessToken } = await openSession(db, keys, session, token, now);
  return accessToken;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exit(1);
});

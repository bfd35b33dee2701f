import { readFileSync, statSync } from 'node:fs';
import type { EffectApplier } from '../../src/audit/lane.js';
import { loadConfig } from '../../src/config/load-config.js';
import { RECORDING_APPLIERS } from '../../src/house/authority/record-ports.js';
import { openLog } from '../../src/house/open-log.js';
import { attachStorage } from '../../src/house/open-storage.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import { STEP_UP_APPLIERS } from '../../src/sign-in/step-up/appliers.js';
import { bringInDevices } from '../../src/sign-in/step-up/bring-in-devices.js';
import type { Person, Population } from '../population/population.js';
import { loadRegistry } from './registry-loader.js';
import { createWishes } from './wishes.js';

/** A changed world is looked at within this time. */
const LOOK_MS = 250;

const APPLIERS = [...RECORDING_APPLIERS, ...STEP_UP_APPLIERS] as readonly EffectApplier[];

/**
 * The process beside the bridge that has it read MERSİS where the world has changed, and brings in appointments, roles and the
 * second-step devices that the population holds already; it writes to the log as the bridge does. Nobody is signed in here.
 */
async function main([worldFile]: readonly string[]): Promise<void> {
  if (worldFile === undefined) throw new Error('rights <world.json>');
  const config = await loadConfig({ path: process.env.BRIDGE_CONFIG ?? 'bridge.yaml', env: process.env });
  const db = await attachStorage(config);
  const log = openLog(config, db, APPLIERS);
  const wishes = createWishes(db);
  const startedAt = new Date();
  let seen = 0;
  const look = async () => {
    const { mtimeMs } = statSync(worldFile);
    if (mtimeMs === seen) return;
    const isFirst = seen === 0;
    const population = JSON.parse(readFileSync(worldFile, 'utf8')) as Population;
    await wishes.changed(population);
    // Appointments stand at cooperatives that are known.
    if (isFirst) await wishes.allRead(startedAt);
    const { leftOut } = await loadRegistry(config, log, population, new Date());
    if (leftOut > 0)
      process.stderr.write(`roles left out, each a forbidden pair with another of its person: ${leftOut}\n`);
    await bringInDevices(log.appender, log, devicesOf(population.people), new Date());
    seen = mtimeMs;
  };
  await look();
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

/** Only who can sign in could have set a second step up. */
function devicesOf(people: readonly Person[]): { person: KimlikNo; secret: string }[] {
  return people.flatMap(({ kimlikNo, durum, edevletTotp, stepUpTotp }) => {
    const person = KimlikNo.parse(kimlikNo);
    if (!person.ok) throw new Error('the population holds a number that is none');
    const able = durum === 'açık' && edevletTotp !== null && stepUpTotp !== null;
    return able ? [{ person: person.value, secret: stepUpTotp }] : [];
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exit(1);
});

import { readFile } from 'node:fs/promises';

import { historySeedOf, moveMonths } from './mersis/history.js';
import { patchCooperative } from './population/patch-cooperative.js';
import { patchPerson } from './population/patch-person.js';
import type { Population } from './population/population.js';
import { loadSettings } from './settings.js';
import { startStandIns } from './stand-ins.js';
import { createWorld, saveWorld } from './world/world.js';

const USAGE = 'node dist/mocks/main.js <settings.json> [--with-parent]';

/** Today in Europe/Istanbul, `YYYY-MM-DD`: the day by which a changed board's terms are judged. */
function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Istanbul' }).format(new Date());
}

async function main(args: readonly string[]): Promise<void> {
  const withParent = args.includes('--with-parent');
  const [path, ...more] = args.filter((argument) => argument !== '--with-parent');
  if (path === undefined || more.length > 0) throw new Error(USAGE);
  const { settings, worldFile } = await loadSettings(path);
  const population = JSON.parse(await readFile(worldFile, 'utf8')) as Population;
  if (!Array.isArray(population.people) || !Array.isArray(population.cooperatives)) {
    throw new Error(`${worldFile} holds no population`);
  }
  const world = createWorld({
    population,
    patches: {
      patchPerson: (now, kimlikNo, change) => patchPerson(now, kimlikNo, change, today()),
      patchCooperative: (now, mersisNo, change) => patchCooperative(now, mersisNo, change, today()),
      moveMonths: (now, count) => moveMonths(now, { seed: historySeedOf(now), count, today: today() }),
    },
    save: (changed) => saveWorld(worldFile, changed),
  });
  const standIns = await startStandIns(settings, { world });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    standIns.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (withParent) {
    // The parent holds the other end of our standard input: when it goes away, however it does, so do we.
    process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
  }
  process.stdout.write('mocks ready\n');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

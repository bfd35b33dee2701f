import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generatePopulation } from '../population/generate-population.js';
import type { Population } from '../population/population.js';
import { saveWorld } from '../world/world.js';
import type { Layout } from './layout.js';
import type { SandboxOptions } from './options.js';

/** The population of an earlier start, patches included, or a new one. Other options than then need `--fresh`. */
export async function ensurePopulation(
  layout: Layout,
  options: Pick<SandboxOptions, 'people' | 'cooperatives' | 'seed'>,
): Promise<Population> {
  const { seed, people, cooperatives } = options;
  const wanted = JSON.stringify({ seed, people, cooperatives });
  if (existsSync(layout.worldFile) && existsSync(layout.populationFile)) {
    if (readFileSync(layout.populationFile, 'utf8') !== wanted) {
      throw new Error(`${layout.directory} holds another population; use --fresh, or another --data DIR`);
    }
    return JSON.parse(readFileSync(layout.worldFile, 'utf8')) as Population;
  }
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Istanbul' }).format(new Date());
  const population = generatePopulation({ seed, people, cooperatives, today });
  await saveWorld(layout.worldFile, population);
  writeFileSync(layout.populationFile, wanted, { mode: 0o600 });
  return population;
}

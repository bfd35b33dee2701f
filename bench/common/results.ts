import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join, relative } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';

/** What a figure is worth nothing without. */
function machine() {
  const processors = cpus();
  return {
    node: process.version,
    cores: processors.length,
    cpu: processors[0]?.model ?? 'unknown',
    kernel: release(),
  };
}

/** Writes one run's figures to `bench/results/<bench>-<time>.json`; gives the path as people write it. */
export function writeResults(bench: string, results: object): string {
  const directory = join(packageRoot(), 'bench/results');
  mkdirSync(directory, { recursive: true });
  const at = new Date().toISOString();
  const file = join(directory, `${bench}-${at.replaceAll(':', '-').slice(0, 19)}.json`);
  writeFileSync(file, `${JSON.stringify({ bench, at, machine: machine(), ...results }, null, 2)}\n`);
  return relative(process.cwd(), file);
}

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import type { Cleanup } from './cleanup.js';

/** A new folder below var/, removed at the end. */
export function makeWorkplace(cleanup: Cleanup): string {
  const parent = join(packageRoot(), 'var');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'bench-'));
  cleanup.add(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The clock of every process that this test starts; its own and the database's stay right. */
export interface ShiftedClock {
  /** Running processes too are right from here on, within moments. */
  setRight(): void;
}

/** Before anything is started: all of it lives `ms` away from now. */
export function shiftClock(ms: number): ShiftedClock {
  const file = resolve(`var/test-clock-${process.pid}`);
  mkdirSync('var', { recursive: true });
  writeFileSync(file, String(ms));
  process.env.TEST_CLOCK_FILE = file;
  process.env.NODE_OPTIONS = `--import ${new URL('./shifted-clock.mjs', import.meta.url).href}`;
  return {
    setRight: () => {
      rmSync(file, { force: true });
      delete process.env.NODE_OPTIONS;
      delete process.env.TEST_CLOCK_FILE;
    },
  };
}

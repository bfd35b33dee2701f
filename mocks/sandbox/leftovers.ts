import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';

/** How long a process left behind may take to stop in good order. */
const STOP_MS = 30_000;

interface Written {
  readonly pid: number;
  readonly script: string;
}

/** Keeps which processes run, so that a sandbox that was killed can be cleared away by the next. */
export function rememberProcesses(
  file: string,
  children: readonly { readonly child: Child; readonly script: string }[],
): void {
  const rows: Written[] = children.map(({ child, script }) => ({ pid: child.pid, script }));
  writeFileSync(file, JSON.stringify(rows), { mode: 0o600 });
}

/** Nothing runs any more. */
export function forgetProcesses(file: string): void {
  rmSync(file, { force: true });
}

/** Stops what an earlier sandbox on the same folder left running; a pid that belongs to another program now is let be. */
export async function stopLeftovers(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Written[];
  const until = Date.now() + STOP_MS;
  for (const row of rows.filter(isOurs)) {
    process.kill(row.pid, 'SIGTERM');
    while (isOurs(row)) {
      if (Date.now() > until) process.kill(row.pid, 'SIGKILL');
      await sleep(50);
    }
  }
  forgetProcesses(file);
}

function isOurs({ pid, script }: Written): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(script);
  } catch {
    return false;
  }
}

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';

/** How long a process left behind may take to stop in good order. */
const STOP_MS = 30_000;

interface Written {
  readonly pid: number;
  /** One of its arguments; of the sandbox itself, which started the others (`main`), its whole command line. */
  readonly script: string;
  readonly main?: boolean;
}

/** Keeps which processes run, ours among them, so that a sandbox that was killed can be cleared away by the next. */
export function rememberProcesses(
  file: string,
  children: readonly { readonly child: Child; readonly script: string }[],
): void {
  const main: Written = { pid: process.pid, script: commandLine(process.pid), main: true };
  const rows: Written[] = [main, ...children.map(({ child, script }) => ({ pid: child.pid, script }))];
  writeFileSync(file, JSON.stringify(rows), { mode: 0o600 });
}

/** Nothing runs any more. */
export function forgetProcesses(file: string): void {
  rmSync(file, { force: true });
}

/**
 * Stops what an earlier sandbox on the same folder left running; a pid that belongs to another program now is let be.
 * Throws where that sandbox is no leftover but still in use.
 */
export async function stopLeftovers(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Written[];
  const user = rows.find((row) => row.main === true && row.pid !== process.pid && isOurs(row));
  if (user !== undefined) throw new Error(`a sandbox runs here already (process ${user.pid}): stop it first`);
  const until = Date.now() + STOP_MS;
  for (const row of rows.filter((one) => one.main !== true && isOurs(one))) {
    process.kill(row.pid, 'SIGTERM');
    while (isOurs(row)) {
      if (Date.now() > until) process.kill(row.pid, 'SIGKILL');
      await sleep(50);
    }
  }
  forgetProcesses(file);
}

function isOurs({ pid, script, main }: Written): boolean {
  const found = commandLine(pid);
  if (found === '') return false;
  return main === true ? found === script : found.split('\0').includes(script);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

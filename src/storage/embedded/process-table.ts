import { readFileSync } from 'node:fs';

/** What the kernel says about a running process. `startTicks` tells two users of one pid apart. */
export interface ProcessFacts {
  readonly pid: number;
  readonly startTicks: string;
  readonly argv: readonly string[];
}

/**
 * The process with this pid, or null where none runs. A zombie counts as gone: in a container whose first process
 * does not reap, a dead postmaster stays visible for ever and `kill(pid, 0)` keeps succeeding. Linux (/proc) only.
 */
export function processFacts(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in parentheses and may hold spaces and parentheses itself: read behind the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const startTicks = fields[19];
    if (state === undefined || state === 'Z' || state === 'X' || startTicks === undefined) return null;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, startTicks, argv };
  } catch {
    return null;
  }
}

let tokens = 0;

/** A name, fit for a file name, that no other process and no other call here ever gets: `pid-startTicks-count`. */
export function processToken(): string {
  tokens += 1;
  return `${process.pid}-${processFacts(process.pid)?.startTicks ?? '0'}-${tokens}`;
}

/** True where the process that made `token` (see processToken) still runs. */
export function tokenIsAlive(token: string): boolean {
  const [pid, startTicks] = token.split('-');
  return processFacts(Number(pid))?.startTicks === startTicks && startTicks !== undefined;
}

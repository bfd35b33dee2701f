import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: what /proc counts in, 100 a second on every Linux architecture that Node runs on (proc(5)). */
const TICK_US = 10_000;

interface Stat {
  readonly parent: number;
  /** User and system time of all its threads, µs. */
  readonly own: number;
  /** The same of its children that have ended and been waited for. */
  readonly ended: number;
}

function statOf(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name may hold blanks and brackets; behind its last bracket come state (3), ppid (4) … utime (14) to cstime (17).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (field: number) => Number(fields[field - 3]);
  return { parent: at(4), own: (at(14) + at(15)) * TICK_US, ended: (at(16) + at(17)) * TICK_US };
}

/** CPU that a process has used since it started, all threads, user and system, µs; steps of 10 ms. Throws where it is gone. */
export function cpuOfProcess(pid: number): number {
  const stat = statOf(pid);
  if (stat === null) throw new Error(`process ${pid} is gone`);
  return stat.own;
}

/** The same for a process with its children, those that have ended included: PostgreSQL with its backends. */
export function cpuOfFamily(pid: number): number {
  const parent = statOf(pid);
  if (parent === null) throw new Error(`process ${pid} is gone`);
  let sum = parent.own + parent.ended;
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat?.parent === pid) sum += stat.own + stat.ended;
  }
  return sum;
}

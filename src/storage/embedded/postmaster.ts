import { closeSync, constants, openSync, readSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { processFacts } from './process-table.js';

/** What `postmaster.pid` says, read only where its process really is the postmaster of this data directory. */
export interface RunningPostmaster {
  readonly pid: number;
  readonly startTicks: string;
  /** Seconds since 1970, as the server wrote it. */
  readonly startedAt: number;
  /** 0 until the server has written it. */
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping';
}

/** The server writes eight short lines; more than this is no pid file. */
const PID_FILE_LIMIT_BYTES = 4096;

/** A server writes its pid file microseconds after making it; an empty one older than this was left by a crash. */
const EMPTY_FILE_AGE_MS = 5_000;

/**
 * The postmaster that serves `data`, or null. A pid file whose process is dead, a zombie, or another program that was
 * given the same pid (usual after a container restart) counts as none.
 */
export function findPostmaster(data: string): RunningPostmaster | null {
  const lines = readPidFile(data);
  const pid = Number(lines?.[0]);
  if (lines === null || !Number.isSafeInteger(pid) || pid <= 1) return null;
  const facts = processFacts(pid);
  if (facts === null || !isPostmasterOf(facts.argv, data)) return null;
  const word = lines[7]?.trim();
  const status = word === 'ready' ? 'ready' : word === 'stopping' ? 'stopping' : 'starting';
  return {
    pid,
    startTicks: facts.startTicks,
    startedAt: Number(lines[2]),
    port: Number(lines[3] ?? 0),
    status,
  };
}

/** True while that very postmaster (not a later user of its pid) runs. */
export function stillRuns(postmaster: { pid: number; startTicks: string }): boolean {
  return processFacts(postmaster.pid)?.startTicks === postmaster.startTicks;
}

/**
 * Lets PostgreSQL see that a pid file is stale where the pid now belongs to another program, which it would take for a
 * living postmaster. The file is not removed: its last lines name the shared memory by which the new server finds
 * surviving backends of the old one, and starting beside those destroys data. PostgreSQL ignores a lock that carries its
 * parent's pid, and its parent is this process. Call only under the start lock.
 */
export function disownStalePid(data: string): void {
  const lines = readPidFile(data);
  if (lines === null || findPostmaster(data) !== null) return;
  const pid = Number(lines[0]);
  const named = Number.isSafeInteger(pid) && pid > 0;
  if (named && processFacts(pid) === null) return; // dead: PostgreSQL sees that itself
  if (!named && Date.now() - statSync(pidFile(data)).mtimeMs < EMPTY_FILE_AGE_MS) return;
  lines[0] = String(process.pid);
  const fd = openSync(pidFile(data), constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
  try {
    writeSync(fd, lines.join('\n'));
  } finally {
    closeSync(fd);
  }
}

function isPostmasterOf(argv: readonly string[], data: string): boolean {
  const flag = argv.indexOf('-D');
  const named = flag < 0 ? undefined : argv[flag + 1];
  if (basename(argv[0] ?? '') !== 'postgres' || named === undefined) return false;
  return sameDirectory(named, data);
}

/** Two names of one directory, whatever links lead there. */
export function sameDirectory(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    const [left, right] = [statSync(a), statSync(b)];
    return left.dev === right.dev && left.ino === right.ino;
  } catch {
    return false; // gone, or another user's: not ours
  }
}

function pidFile(data: string): string {
  return join(data, 'postmaster.pid');
}

function readPidFile(data: string): string[] | null {
  let fd: number;
  try {
    fd = openSync(pidFile(data), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(PID_FILE_LIMIT_BYTES);
    return bytes.toString('utf8', 0, readSync(fd, bytes)).split('\n');
  } finally {
    closeSync(fd);
  }
}

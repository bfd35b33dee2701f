import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, type RunAs, SERVER_ENVIRONMENT } from './account.js';
import type { Layout } from './home.js';
import { logTail, openLog } from './log-tail.js';
import { disownStalePid, findPostmaster, type RunningPostmaster } from './postmaster.js';
import { serverSettings } from './settings.js';

/** Recovery after a power cut reads at most the WAL since the last checkpoint (1 GB): seconds to a minute. */
const READY_LIMIT_MS = 120_000;
const POLL_MS = 50;

/**
 * How a launch ended without a server, and the last lines of the log. All but `refused` may go well at another try: with
 * another port, by attaching to the server that was faster, or once the last processes of a killed server are gone.
 */
export interface LaunchFailure {
  readonly why: 'refused' | 'port-in-use' | 'lost-race' | 'old-backends';
  readonly message: string;
}

/**
 * Starts the server on `port` and waits until it takes connections. It gets a session of its own (`detached`): a Ctrl-C
 * at the terminal goes to the whole process group, and a server that stops first would lose the last outcomes. Its output
 * goes to its own file, so that it outlives us.
 */
export async function launch(
  layout: Layout,
  postgres: string,
  runAs: RunAs | null,
  port: number,
): Promise<RunningPostmaster | LaunchFailure> {
  disownStalePid(layout.data);
  const log = openLog(layout);
  const child = spawn(postgres, ['-D', layout.data, ...serverSettings(port)], {
    ...identityOf(runAs),
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  closeSync(log.fd);
  child.unref();
  const ended = endOf(child);
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    const exit = await Promise.race([ended, sleep(POLL_MS)]);
    if (exit !== undefined) return failure(layout, log.offset, exit);
    const found = findPostmaster(layout.data);
    if (found?.pid === child.pid && found?.status === 'ready') return found;
  }
  child.kill('SIGINT');
  return failure(layout, log.offset, `not ready within ${READY_LIMIT_MS / 1000} seconds`);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`could not be started: ${error.code ?? ''}`),
    );
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
}

function failure(layout: Layout, offset: number, what: string): LaunchFailure {
  const tail = logTail(layout.logFile, offset);
  const message = `the embedded PostgreSQL ${what}; its log ends:\n${tail}`;
  if (/could not create any TCP\/IP sockets/.test(tail)) return { why: 'port-in-use', message };
  if (/lock file "postmaster\.pid" already exists/.test(tail)) return { why: 'lost-race', message };
  if (/pre-existing shared memory block/.test(tail)) return { why: 'old-backends', message };
  return { why: 'refused', message };
}

/** A port of 127.0.0.1 that is free now: `wanted` if it is, else any. */
export async function freePort(wanted: number | null): Promise<number> {
  return (wanted === null ? null : await tryPort(wanted)) ?? (await tryPort(0)) ?? 0;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

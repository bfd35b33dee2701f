import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import { existingLayout, type Layout } from './home.js';
import { findPostmaster, type RunningPostmaster, stillRuns } from './postmaster.js';
import { requireSameServer } from './roles.js';
import { readSecrets, type ServerSecrets, urlOf } from './secrets.js';

const POLL_MS = 50;
/** A fast shutdown writes a checkpoint of at most 128 MB of buffers. */
const STOP_LIMIT_MS = 60_000;

/** How to reach a running embedded server. The URLs hold passwords: never print them. */
export interface AttachedServer {
  /** Superuser, database `postgres`. */
  readonly adminUrl: string;
  /** Role that owns the database `bridge` and runs migrations. */
  readonly ownerUrl: string;
  /** Role of the running bridge: no right but what migrations grant. */
  readonly appUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
}

/**
 * Attaches to the server that a running bridge keeps on `directory`; starts nothing and takes no ownership (for the
 * command line beside it). Throws DATABASE_UNAVAILABLE where none runs, START_REFUSED where it is not ours.
 */
export async function attachEmbedded(options: { directory: string }): Promise<AttachedServer> {
  const layout = existingLayout(options.directory);
  const secrets = layout === null ? null : readSecrets(layout);
  const found = layout === null || secrets === null ? null : await settled(layout.data, 10_000);
  if (layout === null || secrets === null || found === null) {
    throw new BridgeError('DATABASE_UNAVAILABLE', 'no embedded database runs here: start the bridge first', {
      fields: { part: 'embedded-database' },
    });
  }
  await proveSame(layout, secrets, found, 10_000);
  return describe(layout, secrets, found);
}

/**
 * The server on `data` once it is neither starting nor stopping, null where none runs. Throws START_REFUSED where it does
 * not get there within `limitMs`.
 */
export async function settled(data: string, limitMs: number): Promise<RunningPostmaster | null> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = findPostmaster(data);
    if (found === null || (found.status === 'ready' && found.port > 0)) return found;
    if (Date.now() > deadline) {
      throw new BridgeError('START_REFUSED', `the server on ${data} is ${found.status} and does not get on`, {
        fields: { part: 'embedded-database', pid: found.pid },
      });
    }
    await sleep(POLL_MS);
  }
}

/** requireSameServer, with patience for a server that recovers from the crash of a backend (it stays `ready` meanwhile). */
export async function proveSame(
  layout: Layout,
  secrets: ServerSecrets,
  found: RunningPostmaster,
  limitMs: number,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await requireSameServer(urlOf(secrets, 'postgres', found.port), layout.data, found);
    } catch (error) {
      if (!isBridgeError(error, 'DATABASE_UNAVAILABLE') || Date.now() > deadline || !stillRuns(found))
        throw error;
      await sleep(POLL_MS * 5);
    }
  }
}

/** The addresses of a server that was proved ours. */
export function describe(layout: Layout, secrets: ServerSecrets, found: RunningPostmaster): AttachedServer {
  const url = (role: 'postgres' | 'bridge_owner' | 'bridge_app'): string => urlOf(secrets, role, found.port);
  return {
    adminUrl: url('postgres'),
    ownerUrl: url('bridge_owner'),
    appUrl: url('bridge_app'),
    port: found.port,
    pid: found.pid,
    logFile: layout.logFile,
  };
}

/**
 * Fast shutdown (sessions are ended, everything committed stays) of exactly that postmaster; returns when it is gone.
 * Does nothing where it no longer runs. Throws DATABASE_UNAVAILABLE where it does not stop within a minute.
 */
export async function stopPostmaster(postmaster: { pid: number; startTicks: string }): Promise<void> {
  if (!stillRuns(postmaster)) return;
  process.kill(postmaster.pid, 'SIGINT');
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (stillRuns(postmaster)) {
    if (Date.now() > deadline) {
      throw new BridgeError('DATABASE_UNAVAILABLE', 'the embedded PostgreSQL does not stop', {
        fields: { part: 'embedded-database', pid: postmaster.pid },
      });
    }
    await sleep(POLL_MS);
  }
}

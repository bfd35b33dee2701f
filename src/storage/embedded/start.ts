import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import { chooseRunAs, type RunAs } from './account.js';
import { type AttachedServer, describe, proveSame, settled, stopPostmaster } from './attach.js';
import { findBinaries } from './binaries.js';
import { makeCluster } from './cluster.js';
import { type Layout, layOut } from './home.js';
import { freePort, type LaunchFailure, launch } from './launch.js';
import { type Ownership, takeOwnership } from './ownership.js';
import type { RunningPostmaster } from './postmaster.js';
import { ensureRoles } from './roles.js';
import { makeSecrets, readSecrets, rememberPort, type ServerSecrets, urlOf } from './secrets.js';
import { withStartLock } from './start-lock.js';

/** A start that is retried (port taken, last processes of a killed server) has 20 seconds. */
const ATTEMPTS = 40;
const RETRY_MS = 500;
/** Crash recovery of a server that somebody else started. */
const SETTLE_LIMIT_MS = 120_000;

export interface StartOptions {
  /** Made if missing; holds the passwords (0600), the log and, where the server's user can enter, the data. */
  readonly directory: string;
  /** Port of 127.0.0.1. Without it: the one last used, else any free one. */
  readonly port?: number;
  /** Whom the server runs as; chosen by chooseRunAs where left out, null = ourselves. */
  readonly runAs?: RunAs | null;
  /** Called where, after a crash of the server, another bridge took the directory. This bridge must then end. */
  readonly onOwnershipLost?: (error: BridgeError) => void;
}

/** A server that this bridge owns. */
export interface EmbeddedServer extends AttachedServer {
  /** True where it was already running (a bridge before us was killed). */
  readonly attached: boolean;
  /** Gives up ownership and stops the server; safe to call twice. */
  stop(): Promise<void>;
  /** Gives up ownership and leaves the server running. */
  detach(): void;
}

/**
 * Starts the embedded PostgreSQL of `directory`, or attaches to it where it still runs, and takes ownership of it. The
 * server outlives us: neither our death nor a Ctrl-C at our terminal ends it. Throws START_REFUSED (with the log's last
 * lines) and DATABASE_IN_USE (another bridge owns it).
 */
export async function startEmbedded(options: StartOptions): Promise<EmbeddedServer> {
  const chosen = options.runAs === undefined ? chooseRunAs() : options.runAs;
  const layout = await layOut(options.directory, chosen);
  const runAs = ownerOfData(layout, chosen);
  const secrets = secretsOf(layout);
  const { postmaster, attached } = await withStartLock(layout.directory, () =>
    runningServer(layout, runAs, secrets, options.port),
  );
  const adminUrl = urlOf(secrets, 'postgres', postmaster.port);
  let ownership: Ownership | undefined;
  try {
    ownership = await takeOwnership(adminUrl, options.onOwnershipLost ?? (() => undefined));
    await ensureRoles(adminUrl, secrets);
    rememberPort(layout, secrets, postmaster.port);
  } catch (error) {
    await ownership?.release();
    // A server that we started for nothing must not stay behind; one that another bridge owns must.
    if (!attached && !isBridgeError(error, 'DATABASE_IN_USE')) await stopPostmaster(postmaster);
    throw error;
  }
  return ownedServer(layout, secrets, postmaster, attached, ownership);
}

function ownedServer(
  layout: Layout,
  secrets: ServerSecrets,
  postmaster: RunningPostmaster,
  attached: boolean,
  ownership: Ownership,
): EmbeddedServer {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    ownership.retire();
    await stopPostmaster(postmaster);
    await ownership.release();
  };
  return {
    ...describe(layout, secrets, postmaster),
    attached,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
    detach: () => void ownership.release(),
  };
}

async function runningServer(
  layout: Layout,
  runAs: RunAs | null,
  secrets: ServerSecrets,
  port: number | undefined,
): Promise<{ postmaster: RunningPostmaster; attached: boolean }> {
  let last: LaunchFailure | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await settled(layout.data, SETTLE_LIMIT_MS);
    if (found !== null) {
      await proveSame(layout, secrets, found, SETTLE_LIMIT_MS);
      return { postmaster: found, attached: true };
    }
    const binaries = await findBinaries(layout.directory, runAs);
    if (!existsSync(layout.data)) await makeCluster(layout, binaries, runAs, secrets.passwords.postgres);
    const started = await launch(layout, binaries.postgres, runAs, port ?? (await freePort(secrets.port)));
    if (!('why' in started)) return { postmaster: started, attached: false };
    last = started;
    if (started.why === 'refused' || (started.why === 'port-in-use' && port !== undefined)) break;
    await sleep(RETRY_MS);
  }
  throw new BridgeError('START_REFUSED', last?.message ?? 'the embedded PostgreSQL does not start', {
    fields: { part: 'embedded-database', log: layout.logFile, reason: last?.why ?? 'refused' },
  });
}

/** PostgreSQL runs as the owner of its data and as nobody else. As root we can be whoever that is, except root. */
function ownerOfData(layout: Layout, chosen: RunAs | null): RunAs | null {
  const found = statSync(layout.data, { throwIfNoEntry: false });
  const mine = chosen?.uid ?? process.getuid?.();
  if (found === undefined || found.uid === mine) return chosen;
  if (process.getuid?.() === 0 && found.uid !== 0)
    return { uid: found.uid, gid: found.gid, name: `user ${found.uid}` };
  throw new BridgeError(
    'START_REFUSED',
    `${layout.data} belongs to user ${found.uid}: start as that user or as root`,
    {
      fields: { part: 'embedded-database', path: layout.data },
    },
  );
}

function secretsOf(layout: Layout): ServerSecrets {
  const found = readSecrets(layout);
  if (found !== null) return found;
  if (!existsSync(layout.data)) return makeSecrets(layout);
  // Read again: another starter makes the passwords first and the data after.
  const made = readSecrets(layout);
  if (made !== null) return made;
  throw new BridgeError(
    'START_REFUSED',
    `${layout.data} exists, but its passwords (${layout.secretsFile}) do not`,
    {
      fields: { part: 'embedded-database', path: layout.data },
    },
  );
}

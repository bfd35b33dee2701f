import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import { canEnter, type RunAs } from './account.js';
import { tokenIsAlive } from './process-table.js';

/** Where the parts of one embedded server stand. `home` holds what the server's own user must reach. */
export interface Layout {
  /** The caller's directory, links resolved: passwords and log. */
  readonly directory: string;
  readonly home: string;
  readonly data: string;
  readonly logFile: string;
  readonly secretsFile: string;
}

/** The folder under /var/tmp that serves `directory` (a resolved path) where the server's user cannot enter the latter. */
export function sharedHome(directory: string): string {
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 32);
  return join('/var/tmp', `koopbis-bridge-${hash}`);
}

/**
 * The layout for `directory`, which is made if missing. Data that exist already decide where they are; a new server's
 * data stand in the directory itself where its user can enter it, else in the folder under /var/tmp.
 */
export async function layOut(directory: string, runAs: RunAs | null): Promise<Layout> {
  const own = openDirectory(directory, runAs);
  const shared = sharedHome(own);
  const home = existsSync(join(own, 'data')) ? own : existsSync(join(shared, 'data')) ? shared : undefined;
  if (home !== undefined) {
    if (home === shared) claimSharedHome(shared, runAs);
    return layoutAt(own, home);
  }
  if (await canEnter(runAs, own)) return layoutAt(own, own);
  claimSharedHome(shared, runAs);
  return layoutAt(own, shared);
}

/** The layout of a directory that was used before, without making anything; null where it holds no server. */
export function existingLayout(directory: string): Layout | null {
  if (!existsSync(directory)) return null;
  const own = realpathSync(directory);
  const home = [own, sharedHome(own)].find((folder) => existsSync(join(folder, 'data')));
  return home === undefined ? null : layoutAt(own, home);
}

function layoutAt(directory: string, home: string): Layout {
  return {
    directory,
    home,
    data: join(home, 'data'),
    logFile: join(directory, 'postgres.log'),
    secretsFile: join(directory, 'server.json'),
  };
}

function openDirectory(directory: string, runAs: RunAs | null): string {
  if (!existsSync(directory)) {
    mkdirSync(directory, { recursive: true });
    // Explicit, so that a umask does not decide. Another user may pass through to `data` (itself 0700), never list.
    chmodSync(directory, runAs === null ? 0o700 : 0o711);
  }
  return realpathSync(directory);
}

/**
 * Makes or checks the folder under /var/tmp. It belongs to us, not to the server's user: `nobody` is shared by many
 * programs, and whoever could write here could make root copy the binaries through a planted link. Only that user's
 * group may pass through. A local attacker who made the name first is refused (START_REFUSED), never trusted.
 */
export function claimSharedHome(path: string, runAs: RunAs | null): void {
  try {
    mkdirSync(path, { mode: 0o700 });
    if (runAs !== null) chownSync(path, 0, runAs.gid);
    chmodSync(path, runAs === null ? 0o700 : 0o710);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? -1) || (found.mode & 0o027) !== 0) {
    throw new BridgeError('START_REFUSED', `${path} exists but was not made by this user; remove it`, {
      fields: { part: 'embedded-database', path },
    });
  }
  if (runAs !== null && found.gid !== runAs.gid) chownSync(path, 0, runAs.gid);
}

/** Gives `path` to whom it should serve; nothing to do for an ordinary user. */
export function giveTo(runAs: RunAs | null, path: string): void {
  if (runAs !== null) chownSync(path, runAs.uid, runAs.gid);
}

/** As root in somebody else's directory: what we make there is theirs, so that they can go on without root. */
export function keepOwner(directory: string, path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(directory);
  chownSync(path, uid, gid);
}

/** Removes what killed processes left half-made in `folder`: names `<prefix><processToken>`. */
export function sweep(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && !tokenIsAlive(name.slice(prefix.length))) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Makes new names in `folder` survive a power cut: fsync of a file does not cover the name that leads to it. */
export function syncDirectory(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

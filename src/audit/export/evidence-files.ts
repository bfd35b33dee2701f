import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';

/** A folder being written beside its final name; it has that name only once it is whole. */
export interface NewFolder {
  /** Writes a whole file, durably. */
  write(name: string, content: string | Buffer): Promise<void>;
  /** Opens a file for pieces; the caller ends it. */
  stream(name: string): Promise<{ append(piece: string): Promise<void>; end(): Promise<void> }>;
  /** Gives the folder its name. */
  finish(): Promise<void>;
  /** Takes away what was written so far. */
  abandon(): Promise<void>;
}

/**
 * Starts a folder of evidence at `directory` (0700, files 0600). Errors: `WRONG_USE` where something is there already that is
 * not an empty folder: evidence is never written over.
 */
export async function newFolder(directory: string): Promise<NewFolder> {
  await requireFree(directory);
  await mkdir(dirname(directory), { recursive: true });
  const partial = join(dirname(directory), `.${basename(directory)}.${process.pid}.partial`);
  await mkdir(partial, { mode: 0o700 });
  const create = async (name: string) => {
    await mkdir(dirname(join(partial, name)), { recursive: true, mode: 0o700 });
    return open(join(partial, name), 'wx', 0o600);
  };
  return {
    write: async (name, content) => {
      const file = await create(name);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    stream: async (name) => {
      const file = await create(name);
      return {
        append: async (piece) => {
          await file.appendFile(piece, 'utf8');
        },
        end: async () => {
          await file.sync();
          await file.close();
        },
      };
    },
    finish: async () => {
      // Only an empty folder goes away: what somebody has put there meanwhile stays, and this fails.
      await rmdir(directory).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await rename(partial, directory);
    },
    abandon: () => rm(partial, { recursive: true, force: true }),
  };
}

async function requireFree(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (found === null) return;
  if (found.isDirectory() && (await readdir(directory)).length === 0) return;
  throw new BridgeError('WRONG_USE', '--out must not exist yet, or be an empty folder');
}

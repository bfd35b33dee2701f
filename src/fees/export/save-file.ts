import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** What was written. */
export interface SavedFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** `.<name>.<process>.<chance>.partial`, beside the file: renaming stays within one file system. */
const SUFFIX = /^(\d{1,10})\.[0-9a-f]{8}\.partial$/;

/**
 * Writes a stream to `path`, readable by its owner alone. It has its name only once it is whole and durable: killed before, there is none, or
 * the one from before. What a killed process left is removed by the next. Errors: those of the stream and of the file system; then nothing
 * of this one is left.
 */
export async function saveFile(path: string, stream: Readable): Promise<SavedFile> {
  const folder = dirname(path);
  const stem = `.${basename(path)}.`;
  const partial = join(folder, `${stem}${process.pid}.${randomBytes(4).toString('hex')}.partial`);
  let file: FileHandle | undefined;
  try {
    await removeLeft(folder, stem);
    file = await open(partial, 'wx', 0o600);
    const saved = await writeAll(file, stream);
    await file.sync();
    await file.close();
    await rename(partial, path);
    await syncFolder(folder);
    return saved;
  } catch (error) {
    stream.destroy();
    await file?.close().catch(() => undefined);
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeAll(file: FileHandle, stream: Readable): Promise<SavedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    hash.update(piece);
    await file.writeFile(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeLeft(folder: string, stem: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(stem)) continue;
    const [, pid] = SUFFIX.exec(name.slice(stem.length)) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

/** A file of somebody who is still writing is theirs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

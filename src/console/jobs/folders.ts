import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder (0700) of this process for one run, and its end. */
export async function makeJobFolder(
  instance: string,
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${prefixOf(instance)}${process.pid}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Removes the folders that processes of this instance left when they were killed; to be called before the first is made. */
export async function sweepJobFolders(instance: string): Promise<void> {
  const prefix = prefixOf(instance);
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (!Number.isSafeInteger(pid) || (pid !== process.pid && isAlive(pid))) continue;
    const path = join(tmpdir(), name);
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() === true && found.uid === process.getuid?.())
      await rm(path, { recursive: true, force: true });
  }
}

function prefixOf(instance: string): string {
  return `bridge-job-${createHash('sha256').update(instance).digest('hex').slice(0, 12)}-`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseCheckpoint } from '../note/checkpoint.js';

// A checkpoint is some 250 bytes; what a note may have at the most.
const MAX_BYTES = 64 * 1024;
/** Readable for the group: whoever makes backups or watches the log. It holds nothing secret. */
const MODE = 0o640;
const WRITABLE_BY_OTHERS = 0o002;

/** What stands in the file outside the database. `unusable`: there is something, and it cannot be a witness. */
export type WitnessFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'found'; readonly note: string }
  | { readonly kind: 'unusable'; readonly why: string };

/**
 * Reads the file. Only a regular file that not everybody can write to counts: a link or a file of a stranger could show one
 * thing to us and another to whoever looks.
 */
export async function readWitnessFile(file: string): Promise<WitnessFile> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Without O_NONBLOCK a pipe put in its place would hold the start for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') return { kind: 'absent' };
    return {
      kind: 'unusable',
      why: code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${code})`,
    };
  }
  try {
    const { mode, size } = await handle.stat();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return unusable('it is no regular file');
    if ((mode & WRITABLE_BY_OTHERS) !== 0) return unusable('everybody may write to it');
    if (size > MAX_BYTES) return unusable('it is too long for a checkpoint');
    const bytes = Buffer.alloc(MAX_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, MAX_BYTES, 0);
    return { kind: 'found', note: bytes.toString('utf8', 0, bytesRead) };
  } finally {
    await handle.close();
  }
}

function unusable(why: string): WitnessFile {
  return { kind: 'unusable', why };
}

/** The log that a note claims to be about, nothing of it verified; null where it is no checkpoint. */
export function claimedOrigin(note: string): string | null {
  try {
    return parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).origin;
  } catch {
    return null;
  }
}

/**
 * Puts `note` in the place of the file, durably and whole: whoever reads meanwhile, and whoever comes after a power cut,
 * finds the old one or the new one. `keepAs`: where what stood there before stays. Errors are those of the system.
 */
export async function writeWitnessFile(file: string, note: string, keepAs?: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const fresh = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(fresh, 'wx', MODE);
    try {
      await handle.writeFile(note, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (keepAs !== undefined) await link(file, keepAs);
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

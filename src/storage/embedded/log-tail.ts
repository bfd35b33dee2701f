import { closeSync, constants, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { keepOwner, type Layout } from './home.js';

/** A log above this is set aside once, at the next start, so that two files bound what the disk holds. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
const TAIL_LINES = 20;

/** Opens the server's log for appending (mode 0600; never through a planted link) and says where it ends now. */
export function openLog(layout: Layout): { fd: number; offset: number } {
  const size = statSync(layout.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(layout.logFile, `${layout.logFile}.1`);
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const fd = openSync(layout.logFile, flags, 0o600);
  keepOwner(layout.directory, layout.logFile);
  return { fd, offset: fstatSync(fd).size };
}

/** The last lines (at most 20, at most 8 KiB) that were written behind `offset`. */
export function logTail(file: string, offset: number): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const end = fstatSync(fd).size;
    const start = Math.max(offset, end - TAIL_BYTES);
    const bytes = Buffer.alloc(Math.max(0, end - start));
    const read = readSync(fd, bytes, 0, bytes.length, start);
    return bytes.toString('utf8', 0, read).trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    closeSync(fd);
  }
}

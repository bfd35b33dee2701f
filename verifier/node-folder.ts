import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folder, FolderItem } from './core/environment.js';

/** Read at once: large enough that reading costs little, small enough for any machine. */
const CHUNK_BYTES = 1024 * 1024;
/** Folders below one another; ours have two. */
const DEPTH = 8;

/** A folder on this disk. Links are never followed: what is checked must be what is handed on. */
export function openFolder(path: string): Folder {
  return {
    list: async (most) => {
      const items: FolderItem[] = [];
      await listInto(items, path, '', most, DEPTH);
      return items;
    },
    read: async (name, most) => {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of chunksOf(join(path, name))) {
        length += part.length;
        if (length > most) throw new RangeError(`${name} is larger than ${most} bytes`);
        parts.push(Buffer.from(part));
      }
      return new Uint8Array(Buffer.concat(parts));
    },
    chunks: (name) => chunksOf(join(path, name)),
  };
}

async function listInto(items: FolderItem[], root: string, below: string, most: number, depth: number) {
  for await (const entry of await opendir(join(root, below))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (items.length > most) return;
    if (entry.isDirectory() && depth > 0) {
      await listInto(items, root, name, most, depth - 1);
      continue;
    }
    const { size } = await lstat(join(root, name));
    items.push({ name, size, regular: entry.isFile() });
  }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  // Two pieces in turn: while one is looked at, the next is being read.
  const buffers = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)] as const;
  const read = (turn: number) => {
    const buffer = buffers[turn % 2] as Buffer;
    return file.read(buffer, 0, CHUNK_BYTES, null).then(({ bytesRead }) => buffer.subarray(0, bytesRead));
  };
  let next: Promise<Buffer> | undefined;
  try {
    next = read(0);
    for (let turn = 1; ; turn += 1) {
      const chunk = await next;
      if (chunk.length === 0) return;
      next = read(turn);
      // Heard below; an early end must not leave a rejection that nobody hears.
      next.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await next?.catch(() => undefined);
    await file.close();
  }
}

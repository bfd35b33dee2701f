import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from '../../storage/database.js';
import { FEED_PIECE, readFeed } from './read-feed.js';

/** Longer than any line of the feed: where the last one is looked for. */
const TAIL_BYTES = 1_048_576;
/** Pieces in one step: some megabytes, then other chores have their turn. */
const MAX_PIECES = 50;

/** Writes the feed to a file that a collector follows. */
export interface FeedFile {
  /** Adds whatever was written to the log since. A file that was moved away is begun anew where the last one ended. */
  step(): Promise<void>;
}

/**
 * The feed of this instance in `file` (0640). It goes on behind the file's last whole line; a line that was cut off by a
 * crash is taken away first. An empty or missing file goes on where this instance's last one ended (`bridge.log_state`), so
 * that rotation loses nothing. Errors of `Database` and of the file system.
 */
export function createFeedFile(db: Database, file: string, instance: string): FeedFile {
  const name = `feed:${instance}`;
  return {
    step: async () => {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'a+', 0o640);
      try {
        let next = (await lastLeaf(handle)) ?? (await remembered(db, name)) - 1n;
        next += 1n;
        for (let piece = 0; piece < MAX_PIECES; piece += 1) {
          const { lines, next: after } = await readFeed(db, next);
          if (lines.length === 0) return;
          await handle.appendFile(`${lines.join('\n')}\n`, 'utf8');
          await remember(db, name, after);
          next = after;
          if (lines.length < FEED_PIECE) return;
        }
      } finally {
        await handle.close();
      }
    },
  };
}

/** The leaf of the last whole line; null in an empty file. Cuts off what stands behind the last newline. */
async function lastLeaf(handle: FileHandle): Promise<bigint | null> {
  const { size } = await handle.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read({
    buffer: Buffer.alloc(size - from),
    position: from,
  });
  const tail = buffer.subarray(0, bytesRead);
  const end = tail.lastIndexOf(0x0a);
  if (from + end + 1 < size) await handle.truncate(from + end + 1);
  if (end === -1) return null;
  const start = tail.lastIndexOf(0x0a, end - 1) + 1;
  const { leafIndex } = JSON.parse(tail.subarray(start, end).toString('utf8')) as { leafIndex: number };
  return BigInt(leafIndex);
}

async function remembered(db: Database, name: string): Promise<bigint> {
  const { rows } = await db.query<{ next: string }>({
    text: "SELECT state ->> 'next' AS next FROM bridge.log_state WHERE name = $1",
    values: [name],
  });
  return BigInt(rows[0]?.next ?? 0);
}

async function remember(db: Database, name: string, next: bigint): Promise<void> {
  await db.query({
    text: `INSERT INTO bridge.log_state (name, state) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state`,
    values: [name, JSON.stringify({ next: String(next) })],
  });
}

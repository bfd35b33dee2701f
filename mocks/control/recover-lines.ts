import { fstatSync, ftruncateSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const LINE_FEED = 10;

/**
 * Reads the lines of an append-only file from its beginning; `take` gets each line with the place where it begins. A last line that a crash
 * tore is cut off. Gives the file's size after that, bytes.
 */
export function recoverLines(file: number, take: (line: string, at: number) => void): number {
  const total = fstatSync(file).size;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let carried: Buffer = Buffer.alloc(0);
  let size = 0;
  for (let at = 0; at < total; ) {
    const got = readSync(file, chunk, 0, CHUNK_BYTES, at);
    if (got === 0) break;
    at += got;
    const bytes = Buffer.concat([carried, chunk.subarray(0, got)]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      take(bytes.toString('utf8', start, end), size);
      size += end + 1 - start;
      start = end + 1;
    }
    carried = Buffer.from(bytes.subarray(start));
  }
  if (carried.length > 0) ftruncateSync(file, size);
  return size;
}

import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { type ZipPart, zipped } from '../../../documents/zip-stream.js';

/** A folder as a ZIP archive, its files under their own names, in order; nothing of it is held in memory. */
export function zipOf(folder: string): Readable {
  return Readable.from(zipped(filesOf(folder)));
}

async function* filesOf(folder: string): AsyncGenerator<ZipPart> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  for (const file of files.sort())
    yield { path: relative(folder, file).split(sep).join('/'), data: createReadStream(file) };
}

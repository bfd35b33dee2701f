import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that pages load. `path` changes with the content, so that it may be kept for ever. */
export interface Asset {
  readonly path: string;
  readonly body: string;
}

/** Hex digits of a file's SHA-256 in its path: enough to tell versions apart. */
const HASH_LENGTH = 12;

/** Reads `name` (`stil.css`) of `folder`; it is served at `<prefix>/stil.<hash>.css`. Errors: those of the file system. */
export function readAsset(folder: string, name: string, prefix = ''): Asset {
  const body = readFileSync(join(folder, name), 'utf8');
  const hash = createHash('sha256').update(body).digest('hex').slice(0, HASH_LENGTH);
  const dot = name.lastIndexOf('.');
  return { path: `${prefix}/${name.slice(0, dot)}.${hash}${name.slice(dot)}`, body };
}

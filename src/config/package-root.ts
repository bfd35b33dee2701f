import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BridgeError } from '../errors/bridge-error.js';

const PACKAGE_NAME = 'koopbis-bridge';

/** `src/config` and `dist/src/config` are two and three folders below it. */
const MAX_UP = 8;

function nameIn(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}

/**
 * The folder with this project's package.json, found upward from `from` (a file URL): WSDLs and migrations are read
 * from there, from `src/` as from `dist/src/`. Throws `START_REFUSED` where there is none.
 */
export function packageRoot(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from));
  for (let up = 0; up < MAX_UP; up += 1) {
    if (nameIn(folder) === PACKAGE_NAME) return folder;
    folder = dirname(folder);
  }
  throw new BridgeError('START_REFUSED', 'package.json of koopbis-bridge not found above the program');
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From here up to the package's folder, whether this runs from source or from `dist/`. */
const MOST_FOLDERS = 6;

/** The text of `wsdl/mersis.wsdl`. Throws where the package has none. */
export function readWsdl(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < MOST_FOLDERS; up += 1) {
    const file = join(folder, 'wsdl', 'mersis.wsdl');
    if (existsSync(file)) return readFileSync(file, 'utf8');
    folder = dirname(folder);
  }
  throw new Error('wsdl/mersis.wsdl is missing');
}

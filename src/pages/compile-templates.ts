import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta/core';
import { BridgeError } from '../errors/bridge-error.js';

/**
 * The templates of `folder` by the name of their file, with `@` in front as eta has it for those that are not read again. Whatever they write
 * with `<%=` is escaped, and must be a text or a number (`PRINTING_FORBIDDEN`). Throws `START_REFUSED` where the folder or one of `names` is missing: better at
 * the start than before a person.
 */
export function compileTemplates(folder: string, names: readonly string[]): Eta {
  if (!existsSync(folder)) throw new BridgeError('START_REFUSED', 'a folder of page templates is gone');
  const eta = new Eta({ autoEscape: true, autoFilter: true, filterFunction: printable, cache: true });
  const files = readdirSync(folder).filter((file) => file.endsWith('.eta'));
  for (const file of files) {
    eta.loadTemplate(`@${file.slice(0, -'.eta'.length)}`, readFileSync(join(folder, file), 'utf8'));
  }
  for (const name of names) {
    if (!files.includes(`${name}.eta`))
      throw new BridgeError('START_REFUSED', `no page template ${name}.eta`);
  }
  return eta;
}

/** A slip in a template fails at once instead of showing `undefined`; an object might hold more than was meant to be shown. */
function printable(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new BridgeError('PRINTING_FORBIDDEN', `a page would print what is ${typeof value}`);
}

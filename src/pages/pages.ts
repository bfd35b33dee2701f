import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta/core';
import { BridgeError } from '../errors/bridge-error.js';
import { address, dayText, firstRows, inGroupsOfFour, momentText, svgAddress } from './formatting.js';
import { SIGN_IN_TEXTS } from './sign-in-texts.js';
import { VIEW_NAMES, type Views } from './views.js';

export { pageHeaders, retryAfterS, sendPage } from './send-page.js';

/** Every page of the bridge, and the one stylesheet that they share. */
export interface Pages {
  /** The whole document of a page, UTF-8 text. Give it to `sendPage`: its headers belong to it. */
  render<Name extends keyof Views>(name: Name, view: Views[Name]): string;
  /** `path` changes with the content, so that it may be kept for ever. */
  readonly stylesheet: { readonly path: string; readonly body: string };
}

/** Beside this file in `src/`; the compiled file has none beside it and takes those of the package. */
const FOLDERS = ['./templates', '../../../src/pages/templates'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Hex digits of the stylesheet's SHA-256 in its path: enough to tell versions apart. */
const HASH_LENGTH = 12;

/** What templates may use beside the view. */
const TOOLS = {
  texts: SIGN_IN_TEXTS,
  address,
  day: dayText,
  moment: momentText,
  inGroupsOfFour,
  svgAddress,
  firstRows,
};

/**
 * Reads and compiles the templates below `folder` once. Throws `START_REFUSED` where one is missing: better at the start than before a
 * person. The host may give the folder; without it, that of the package is taken.
 */
export function createPages(folder: string | undefined = FOLDERS.find(existsSync)): Pages {
  if (folder === undefined)
    throw new BridgeError('START_REFUSED', 'the folder of the page templates is gone');
  const eta = compiled(folder);
  const body = readFileSync(join(folder, 'stil.css'), 'utf8');
  const hash = createHash('sha256').update(body).digest('hex').slice(0, HASH_LENGTH);
  const stylesheet = { path: `/stil.${hash}.css`, body };
  return {
    render: (name, view) => eta.render(`@${name}`, { view, ...TOOLS, stylesheet: stylesheet.path }),
    stylesheet,
  };
}

/** Templates by the name of their file, with `@` in front as eta has it for those that are not read again. */
function compiled(folder: string): Eta {
  const eta = new Eta({ autoEscape: true, autoFilter: true, filterFunction: printable, cache: true });
  const files = readdirSync(folder).filter((file) => file.endsWith('.eta'));
  for (const file of files) {
    eta.loadTemplate(`@${file.slice(0, -'.eta'.length)}`, readFileSync(join(folder, file), 'utf8'));
  }
  for (const name of VIEW_NAMES) {
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

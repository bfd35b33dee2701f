import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BridgeError } from '../errors/bridge-error.js';
import { compileTemplates } from './compile-templates.js';
import { address, dayText, firstRows, inGroupsOfFour, momentText, svgAddress } from './formatting.js';
import { readAsset } from './read-asset.js';
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
  const eta = compileTemplates(folder, VIEW_NAMES);
  const stylesheet = readAsset(folder, 'stil.css');
  return {
    render: (name, view) => eta.render(`@${name}`, { view, ...TOOLS, stylesheet: stylesheet.path }),
    stylesheet,
  };
}

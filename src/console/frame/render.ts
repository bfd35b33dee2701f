import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BridgeError } from '../../errors/bridge-error.js';
import { compileTemplates } from '../../pages/compile-templates.js';
import { address, svgAddress } from '../../pages/formatting.js';
import { type Asset, readAsset } from '../../pages/read-asset.js';
import { ACCESS, type AccessId } from '../access.js';
import type { ConsolePerson, Language, Said } from './call.js';
import { drawChart } from './draw-chart.js';
import { navOf } from './nav.js';
import type { Field, Page, Part, Text } from './parts.js';
import { SAID } from './texts.js';

/** A page with everything that surrounds it. `path`: its own, with the query, for the switch of languages. */
interface FramedPage {
  readonly page: Page;
  readonly language: Language;
  readonly person: ConsolePerson | null;
  /** The token of this session's forms; '' where nobody is signed in. */
  readonly csrf: string;
  readonly path: string;
  readonly said: Said | null;
  readonly requestId: string;
  /** Its name in the table of access. */
  readonly name: string;
  /** The code of the problem that it tells of; null: none. */
  readonly code: string | null;
}

/** Renders pages, and names the files that they load. */
export interface ConsolePages {
  render(framed: FramedPage): string;
  readonly assets: readonly (Asset & { readonly type: string })[];
}

const FOLDERS = ['../templates', '../../../../src/console/templates'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const PREFIX = '/konsol';

/** Reads and compiles the templates once. Throws `START_REFUSED` where they are gone. */
export function createConsolePages(folder: string | undefined = FOLDERS.find(existsSync)): ConsolePages {
  if (folder === undefined) throw new BridgeError('START_REFUSED', 'the folder of the console is gone');
  const eta = compileTemplates(folder, ['page', 'part', 'cell', 'field']);
  const style = readAsset(folder, 'konsol.css', PREFIX);
  const script = readAsset(folder, 'konsol.js', PREFIX);
  const base = readAsset(join(folder, '../../pages/templates'), 'stil.css', PREFIX);
  return {
    render: (framed) => {
      const fields = fieldsOf(framed.page.parts);
      try {
        return eta.render('@page', {
          ...framed,
          ...{ style: style.path, base: base.path, script: script.path },
          nav: navOf(framed.person),
          room: Object.hasOwn(ACCESS, framed.name) ? ACCESS[framed.name as AccessId].room : null,
          said: framed.said === null ? null : SAID[framed.said],
          errors: fields.filter(({ error }) => error !== undefined),
          idOf: idsOf(fields),
          ...toolsFor(framed.language),
        });
      } catch (cause) {
        // Whatever it was (an address that is none of ours, a chart of too many points), whoever asked is not to blame.
        throw new BridgeError('INTERNAL', 'a page could not be rendered', { cause });
      }
    },
    assets: [
      { ...base, type: 'text/css' },
      { ...style, type: 'text/css' },
      { ...script, type: 'text/javascript' },
    ],
  };
}

/** What templates may use. `t`: a text in the language of the page; `own`: whether it is ours, or a value that is kept apart. */
function toolsFor(language: Language) {
  return {
    t: (text: Text) => (typeof text === 'string' ? text : text[language]),
    own: (text: Text) => typeof text !== 'string',
    address,
    svgAddress,
    draw: (chart: Parameters<typeof drawChart>[0]) => drawChart(chart, language),
    isText: (cell: unknown) =>
      typeof cell === 'string' || (typeof cell === 'object' && cell !== null && 'tr' in cell),
  };
}

/** The fields of all forms of a page, in its order. */
function fieldsOf(parts: readonly Part[]): readonly Field[] {
  return parts.flatMap((part) =>
    part.part === 'more' ? fieldsOf(part.parts) : part.part === 'form' ? part.fields : [],
  );
}

/** Ids by which labels and errors find their fields: the name, with a number where several forms have one of that name. */
function idsOf(fields: readonly Field[]): (field: Field) => string {
  const seen = new Map<string, number>();
  const ids = new Map<Field, string>();
  for (const field of fields) {
    const count = (seen.get(field.name) ?? 0) + 1;
    seen.set(field.name, count);
    ids.set(field, count === 1 ? field.name : `${field.name}-${count}`);
  }
  return (field) => ids.get(field) ?? field.name;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BridgeError } from '../../errors/bridge-error.js';
import { compileTemplates } from '../../pages/compile-templates.js';
import { address, svgAddress } from '../../pages/formatting.js';
import { type Asset, readAsset } from '../../pages/read-asset.js';
import type { BothLanguages } from '../../pages/views.js';
import { ACCESS, type AccessId } from '../access.js';
import type { AccessRow } from '../access-row.js';
import type { ConsolePerson, Language, Said } from './call.js';
import { drawChart } from './draw-chart.js';
import type { Field, Page, Part, Text } from './parts.js';
import { ROOM_NAMES, SAID } from './texts.js';

/** A page with everything that surrounds it. `path`: its own, with the query, for the switch of languages. */
export interface FramedPage {
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
    render: (framed) =>
      eta.render('@page', {
        ...framed,
        style: style.path,
        base: base.path,
        script: script.path,
        nav: navOf(framed.person),
        said: framed.said === null ? null : SAID[framed.said],
        errors: errorsOf(framed.page.parts),
        ...toolsFor(framed.language),
      }),
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

interface NavGroup {
  readonly name: BothLanguages;
  readonly links: readonly { readonly path: string; readonly text: BothLanguages }[];
}

/** The pages that this person may open, by room. */
function navOf(person: ConsolePerson | null): readonly NavGroup[] {
  if (person === null) return [];
  const held = new Set<string>(person.roles.map(({ role }) => role));
  const rows = (Object.keys(ACCESS) as AccessId[]).map((id): AccessRow => ACCESS[id]);
  const open = rows.filter(({ audience }) =>
    typeof audience === 'string' ? audience === 'signed-in' : audience.some((role) => held.has(role)),
  );
  return (Object.keys(ROOM_NAMES) as (keyof typeof ROOM_NAMES)[]).flatMap((room) => {
    const links = open.flatMap(({ nav, path, room: of }) =>
      nav === undefined || of !== room ? [] : [{ path, text: nav }],
    );
    return links.length === 0 ? [] : [{ name: ROOM_NAMES[room], links }];
  });
}

/** Fields of the page's forms that are wrong, for the summary at its head. */
function errorsOf(parts: readonly Part[]): readonly Field[] {
  return parts.flatMap((part) => {
    if (part.part === 'more') return errorsOf(part.parts);
    return part.part === 'form' ? part.fields.filter(({ error }) => error !== undefined) : [];
  });
}

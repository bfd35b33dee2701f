import { ACCESS, type AccessId } from '../../src/console/access.js';
import type { AccessRow } from '../../src/console/access-row.js';
import type { ConsoleTab } from './console-tab.js';
import type { Shown } from './system-sign-in.js';

/** A form as a page has it, with a plausible value in each field. */
export interface MetForm {
  /** The page or action that it is sent to. */
  readonly id: AccessId;
  readonly method: 'get' | 'post';
  readonly action: string;
  readonly who: ConsoleTab;
  /** Names of the fields into which anything may be typed. */
  readonly texts: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

/** Forms of the same fields to the same action, as several pages have them: what one of them settles, another one still offers. */
export type Alike = readonly MetForm[];

/** What a walk over pages has met. */
export interface Met {
  readonly pages: ReadonlySet<AccessId>;
  /** Every address that was looked at, and whose session did. */
  readonly paths: readonly (readonly [ConsoleTab, string])[];
  readonly forms: readonly Alike[];
}

const ROWS = Object.entries(ACCESS) as readonly (readonly [AccessId, AccessRow])[];
/** Addresses of one page that are looked at: what one of them no longer offers, another one does. */
const OF_EACH = 8;
const MAX_PAGES = 400;

/** Name of what lies at an address, as the router asks: the first of the table. */
export function rowAt(path: string, method: 'GET' | 'POST'): AccessId | undefined {
  const parts = path.split('/');
  return ROWS.find(([, row]) => {
    const wanted = row.path.split('/');
    return (
      row.method === method &&
      wanted.length === parts.length &&
      wanted.every((one, n) => one.startsWith(':') || one === parts[n])
    );
  })?.[0];
}

/** Walks every page that these lead to, each role with its own session and addresses to begin with beside those of the table, and collects the forms. */
export async function meetForms(tabs: readonly (readonly [ConsoleTab, readonly string[]])[]): Promise<Met> {
  const pages = new Set<AccessId>();
  const paths: (readonly [ConsoleTab, string])[] = [];
  const forms = new Map<string, MetForm[]>();
  const keep = (form: MetForm) => {
    const key = `${form.id} ${form.texts.join(' ')}`;
    forms.set(key, [...(forms.get(key) ?? []), form]);
  };
  for (const [who, first] of tabs) {
    const waiting = new Set([...fixedPages(), ...first]);
    const looked = new Map<AccessId, number>();
    for (const path of waiting) {
      const id = rowAt(path.split('?')[0] ?? '', 'GET');
      const times = looked.get(id ?? 'home') ?? 0;
      if (id === undefined || times >= OF_EACH || waiting.size > MAX_PAGES) continue;
      const shown = await who.get(path);
      if (shown.status !== 200 || !shown.text.includes('data-page')) continue;
      looked.set(id, times + 1);
      pages.add(id);
      paths.push([who, path]);
      // Samples of every part: their forms lead nowhere.
      if (id === 'parts') continue;
      for (const form of formsOf(shown, who)) keep(form);
      for (const href of linksOf(shown)) waiting.add(href);
    }
  }
  return { pages, paths, forms: [...forms.values()] };
}

/** Pages without a parameter, but what comes as a file or leads elsewhere. */
function fixedPages(): string[] {
  return ROWS.flatMap(([id, { method, path }]) =>
    method === 'GET' && !path.includes(':') && id !== 'language' && id !== 'returned' ? [path] : [],
  );
}

const plain = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function linksOf({ text }: Shown): string[] {
  const main = text.slice(text.indexOf('<main'));
  return [...main.matchAll(/<a\b[^>]*\bhref="(\/konsol\/[^"#]*)(?:#[^"]*)?"/g)].map(([, href = '']) =>
    plain(href),
  );
}

function formsOf({ text, url }: Shown, who: ConsoleTab): MetForm[] {
  const main = text.slice(text.indexOf('<main'));
  return [...main.matchAll(/<form method="(get|post)" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].flatMap(
    ([, method, address = '', body = '']) => {
      const { pathname } = new URL(plain(address), url);
      const id = rowAt(pathname, method === 'get' ? 'GET' : 'POST');
      if (id === undefined)
        throw new Error(`${url.pathname}: a form leads to ${pathname}, which nobody serves`);
      const action = pathname;
      return [{ id, method: method === 'get' ? 'get' : 'post', action, who, ...fieldsOf(body) }];
    },
  );
}

const attribute = (tag: string, name: string) => {
  const [, value] = new RegExp(`\\b${name}="([^"]*)"`).exec(tag) ?? [];
  return value === undefined ? undefined : plain(value);
};

/** Fields of a form, but its token: hidden ones and chosen ones as they are, the first choice else, today and a word where something is needed. */
function fieldsOf(body: string): Pick<MetForm, 'texts' | 'values'> {
  const texts: string[] = [];
  const values: Record<string, string> = {};
  for (const [tag] of body.matchAll(/<(?:input|textarea|select)\b(?:[^>"]|"[^"]*")*>/g)) {
    const name = attribute(tag, 'name') ?? '';
    const type = tag.startsWith('<input')
      ? (attribute(tag, 'type') ?? 'text')
      : tag.slice(1, tag.search(/[\s>]/));
    const value = attribute(tag, 'value') ?? '';
    const isNeeded = / required[ >]/.test(tag);
    if (name === 'csrf' || name === '' || type === 'file' || / hidden[ >]/.test(tag)) continue;
    if (type === 'select') values[name] = choiceOf(body.slice(body.indexOf(tag)));
    else if (type === 'radio') values[name] = / checked[ >]/.test(tag) ? value : (values[name] ?? value);
    else if (type === 'date') values[name] = value || (isNeeded ? new Date().toISOString().slice(0, 10) : '');
    else if (type === 'datetime-local') values[name] = value;
    else if (type === 'hidden') values[name] = value;
    else if (type !== 'checkbox') {
      texts.push(name);
      values[name] = value || (isNeeded ? wordFor(tag) : '');
    }
  }
  return { texts, values };
}

const wordFor = (tag: string) => (attribute(tag, 'inputmode') === undefined ? 'Teftiş 2026/1' : '1');

/** The choice that is made, else the first one that says something. */
function choiceOf(from: string): string {
  const options = [...from.slice(0, from.indexOf('</select>')).matchAll(/<option[^>]*>/g)].map(
    ([tag]) => tag,
  );
  const chosen = options.find((tag) => tag.includes(' selected') && attribute(tag, 'value') !== '');
  const some = chosen ?? options.find((tag) => attribute(tag, 'value') !== '') ?? '';
  return attribute(some, 'value') ?? '';
}

/** Sends a form with `text` in one field, as a browser would. */
export function sendWith(
  { action, method, values, who }: MetForm,
  field: string,
  text: string,
): Promise<Shown> {
  const fields = { ...values, [field]: text };
  return method === 'post' ? who.send(action, fields) : who.get(`${action}?${new URLSearchParams(fields)}`);
}

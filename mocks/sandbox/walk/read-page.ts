/** A form as a browser without scripts would send it. */
export interface Form {
  /** As written; resolved against the page's address. `''`: the page itself. */
  readonly action: string;
  readonly method: 'get' | 'post';
  /** Fields with the values that they come with, in their order; the first button that sends the form is one of them. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** What the walk needs to know of a page. */
export interface PageContent {
  /** `data-page` and `data-code` of the element that has them; null where none has, `''` counts as none. */
  readonly page: string | null;
  readonly code: string | null;
  readonly forms: readonly Form[];
}

type Attributes = ReadonlyMap<string, string>;

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: Attributes;
}

const UNREAD = /<!--[\s\S]*?-->|<(script|style|textarea|title)\b[\s\S]*?<\/\1\s*>/gi;
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads forms and marks out of a page of ours or of the e-Devlet stand-in; no reader of any HTML there is. */
export function readPage(html: string): PageContent {
  const tags = tagsOf(html.replace(UNREAD, ''));
  const mark = (name: string) =>
    tags.map(({ attributes }) => attributes.get(name)).find((value) => value !== undefined) || null;
  return { page: mark('data-page'), code: mark('data-code'), forms: formsOf(tags) };
}

/** The form with all of these fields; undefined where the page has none. */
export function formWith(content: PageContent, ...names: readonly string[]): Form | undefined {
  return content.forms.find((form) => names.every((name) => form.fields.some(([field]) => field === name)));
}

function tagsOf(html: string): Tag[] {
  return [...html.matchAll(TAG)].map(([, slash, name = '', rest = '']) => ({
    name: name.toLowerCase(),
    closing: slash === '/',
    attributes: new Map(
      [...rest.matchAll(ATTRIBUTE)].map(([, key = '', a, b, c]) => [
        key.toLowerCase(),
        unescapeHtml(a ?? b ?? c ?? ''),
      ]),
    ),
  }));
}

function formsOf(tags: readonly Tag[]): Form[] {
  const forms: (Form & { fields: (readonly [string, string])[]; sent: boolean })[] = [];
  let open: (typeof forms)[number] | undefined;
  for (const { name, closing, attributes } of tags) {
    if (name === 'form' && !closing) {
      const method = attributes.get('method')?.toLowerCase() === 'post' ? 'post' : 'get';
      open = { action: attributes.get('action') ?? '', method, fields: [], sent: false };
      forms.push(open);
    } else if (name === 'form') open = undefined;
    else if (open !== undefined && !closing) addField(open, name, attributes);
  }
  return forms.map(({ action, method, fields }) => ({ action, method, fields }));
}

function addField(
  form: { fields: (readonly [string, string])[]; sent: boolean },
  tag: string,
  attributes: Attributes,
): void {
  if ((tag !== 'input' && tag !== 'button') || attributes.has('disabled')) return;
  const type = attributes.get('type')?.toLowerCase() ?? (tag === 'button' ? 'submit' : 'text');
  if (type === 'submit') {
    // Enter in a field presses the first button (HTML, implicit submission); the others are not sent.
    if (form.sent) return;
    form.sent = true;
  } else if (tag === 'button' || type === 'button' || type === 'reset') return;
  if ((type === 'checkbox' || type === 'radio') && !attributes.has('checked')) return;
  const name = attributes.get('name');
  if (name) form.fields.push([name, attributes.get('value') ?? (type === 'checkbox' ? 'on' : '')]);
}

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

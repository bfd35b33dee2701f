import type { ServedConsole } from './serve-console.js';

/** Which of the two persons asks. */
export type Who = 'first' | 'second';

/** What a form is filled in with; a file makes it one of several parts. */
export interface Filled {
  readonly fields: Readonly<Record<string, string>>;
  readonly file?: { readonly field: string; readonly name: string; readonly text: string };
}

/** An answer, with how long it took from the request to its last byte. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly bytes: number;
  readonly ms: number;
  readonly to: string | null;
  /** A page, and no file. */
  readonly isPage: boolean;
}

/** Header by which the served console knows who asks: its sign-in is the bench's own. */
export const WHO_HEADER = 'x-bench-person';

/** Asks for an address. */
export function ask(served: ServedConsole, path: string, who: Who = 'first'): Promise<Answered> {
  return timed(served, path, { headers: { [WHO_HEADER]: who } });
}

/** Sends a form, whatever it is answered with. */
export function fill(
  served: ServedConsole,
  path: string,
  { fields, file }: Filled,
  who: Who = 'first',
): Promise<Answered> {
  const all = { csrf: served.csrf, ...fields };
  const headers = { [WHO_HEADER]: who };
  if (file === undefined)
    return timed(served, path, { method: 'POST', headers, body: new URLSearchParams(all) });
  const body = new FormData();
  for (const [name, value] of Object.entries(all)) body.append(name, value);
  body.append(file.field, new Blob([file.text]), file.name);
  return timed(served, path, { method: 'POST', headers, body });
}

/** Sends a form that must be taken; the address that it leads to. */
export async function send(
  served: ServedConsole,
  path: string,
  filled: Filled,
  who: Who = 'first',
): Promise<string> {
  const { status, text, to } = await fill(served, path, filled, who);
  if (status !== 303 || to === null) throw new Error(`${path} answered ${status} to a form${wrongOf(text)}`);
  return to;
}

async function timed({ origin }: ServedConsole, path: string, init: RequestInit): Promise<Answered> {
  const from = performance.now();
  const answer = await fetch(`${origin}${path}`, { redirect: 'manual', ...init });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const ms = performance.now() - from;
  const { headers, status } = answer;
  const isPage = headers.get('content-type')?.startsWith('text/html') === true;
  return {
    status,
    text: bytes.toString('utf8'),
    bytes: bytes.length,
    ms,
    to: headers.get('location'),
    isPage,
  };
}

/** What a page that came back says is wrong. */
function wrongOf(html: string): string {
  const [main = ''] = /<main[\s\S]*<\/main>/.exec(html) ?? [];
  const errors = [
    ...main.matchAll(/class="(?:error|box problem)[^"]*"[^>]*>([\s\S]{1,300}?)<\/(?:p|div|ul)>/g),
  ];
  return errors.map(([, text = '']) => `: ${text.replace(/<[^>]+>|\s+/g, ' ').trim()}`).join('');
}

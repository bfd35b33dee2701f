import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { ACCESS, type AccessId } from '../access.js';
import type { AccessRow } from '../access-row.js';
import type { ConsolePerson, FormFields, Language, Said } from './call.js';
import { ConsoleRefusal } from './console-problem.js';
import type { Told } from './entries.js';
import type { FrameHouse } from './house.js';
import { clean, NO_FIELDS } from './read-form.js';
import { chosenLanguage } from './send.js';
import { SAID } from './texts.js';

/** One request on its way to its page. */
export interface Way {
  readonly request: Request;
  readonly response: Response;
  readonly id: AccessId;
  readonly row: AccessRow;
  readonly requestId: string;
  readonly at: Date;
  /** Who is at the screen, once that is known. */
  person: ConsolePerson | null;
  fields: FormFields;
}

/** The beginning of a request for `id`. */
export function newWay(request: Request, response: Response, id: AccessId, { now }: FrameHouse): Way {
  const row: AccessRow = ACCESS[id];
  return { request, response, id, row, requestId: randomUUID(), at: now(), person: null, fields: NO_FIELDS };
}

export function addressOf({ request }: Way): string {
  return request.socket.remoteAddress ?? '';
}

/** The address as it was asked for, from its first slash. */
export function pathOf({ request }: Way): string {
  return request.originalUrl;
}

const PAGES: ReadonlySet<string> = new Set(
  Object.values(ACCESS).flatMap(({ method, path }) => (method === 'GET' ? [path] : [])),
);

/** The page that this request belongs to: itself, or for an action the nearest page above it. For the navigation and the switch of languages. */
export function pagePathOf(way: Way): string {
  if (way.row.method === 'GET') return pathOf(way);
  const pattern = way.row.path.split('/');
  const path = (pathOf(way).split('?')[0] ?? '').split('/');
  while (pattern.length > 2 && !PAGES.has(pattern.join('/'))) {
    pattern.pop();
    path.pop();
  }
  return path.join('/');
}

/** What no address of ours holds; the database would choke on some of it. */
const LONGEST_PARAM = 200;

/** Parameters of the path. `NOT_FOUND` for what is in no address of ours. */
export function paramsOf({ request: { params } }: Way): Readonly<Record<string, string>> {
  const named = Object.entries(params).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  if (
    named.some(([, value]) => value.length > LONGEST_PARAM || clean(value) !== value || value.includes('\n'))
  )
    throw new ConsoleRefusal('NOT_FOUND', 'address');
  return Object.fromEntries(named);
}

/** What stands behind the question mark, cleaned as fields of forms are. */
export function queryOf({ request: { originalUrl } }: Way): URLSearchParams {
  const at = originalUrl.indexOf('?');
  const given = new URLSearchParams(at === -1 ? '' : originalUrl.slice(at + 1));
  return new URLSearchParams([...given].map(([name, value]): [string, string] => [name, clean(value)]));
}

export function languageOf({ request }: Way): Language {
  return chosenLanguage(request.headers.cookie);
}

/** What is said once at the top of a page that one of our own forms led to; an address from elsewhere cannot make us say it. */
export function saidOf(way: Way): Said | null {
  const site = way.request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return null;
  const said = queryOf(way).get('soz');
  return said !== null && Object.hasOwn(SAID, said) ? (said as Said) : null;
}

/** What the entries of this request share. */
export function toldOf(way: Way, person: ConsolePerson, { instance }: FrameHouse): Told {
  const { at, id, request, requestId } = way;
  // As they came, sound or not: an entry takes what is ours alone.
  const params = Object.fromEntries(
    Object.entries(request.params).map(([name, value]) => [name, String(value)]),
  );
  return { id, person, params, instance, requestId, at };
}

/** Tells the process's own log how it ended. `error`: of ours, null for a refusal. */
export function finish(
  { at, id, requestId, row }: Way,
  { code, error, status }: { readonly status: number; readonly code: string | null; readonly error: unknown },
  { finished, now }: FrameHouse,
): void {
  const ms = now().getTime() - at.getTime();
  finished({ page: id, method: row.method, status, code, requestId, ms, error });
}

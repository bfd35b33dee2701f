import type { SystemRequest } from '../http/national-system.js';
import { readForm } from './read-form.js';

export type ReadPosted =
  | { readonly ok: true; readonly fields: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problem: string };

/** The fields of a posted form. Nothing may stand in the address: addresses are written down on the way. */
export function readPostedForm(request: SystemRequest): ReadPosted {
  if (!isType(request.contentType, 'application/x-www-form-urlencoded'))
    return { ok: false, problem: 'content-type' };
  if (request.path.includes('?')) return { ok: false, problem: 'query' };
  const read = readForm(request.body.toString('latin1'));
  return read.ok ? read : { ok: false, problem: `form-${read.problem}` };
}

/** Whether a content type is this one, in UTF-8 where it names a character set. */
export function isType(contentType: string, wanted: string): boolean {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  return type === wanted && parameters.every((one) => one === '' || /^charset="?utf-8"?$/.test(one));
}

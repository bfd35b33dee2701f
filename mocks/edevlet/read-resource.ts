import type { SystemRequest } from '../http/national-system.js';
import type { ResourceTransport } from './parts.js';
import { readForm } from './read-form.js';
import { isType, type ReadPosted, readPostedForm } from './read-posted.js';

/** The fields of a resource call, carried in the one way that is spoken here. */
export function readResourceFields(request: SystemRequest, transport: ResourceTransport): ReadPosted {
  if (transport === 'form') return readPostedForm(request);
  return transport === 'query' ? readQuery(request) : readJson(request);
}

function readQuery({ path, body }: SystemRequest): ReadPosted {
  if (body.length > 0) return { ok: false, problem: 'body' };
  const at = path.indexOf('?');
  const read = readForm(at < 0 ? '' : path.slice(at + 1));
  return read.ok ? read : { ok: false, problem: `query-${read.problem}` };
}

function readJson({ path, body, contentType }: SystemRequest): ReadPosted {
  if (!isType(contentType, 'application/json')) return { ok: false, problem: 'content-type' };
  if (path.includes('?')) return { ok: false, problem: 'query' };
  const fields = textsOf(body);
  return fields === null ? { ok: false, problem: 'json' } : { ok: true, fields };
}

/** The members of an object of texts; null where it is anything else. */
function textsOf(body: Buffer): ReadonlyMap<string, string> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const members = Object.entries(value);
    return members.every((member): member is [string, string] => typeof member[1] === 'string')
      ? new Map(members)
      : null;
  } catch {
    return null;
  }
}

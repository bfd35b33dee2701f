import { isUtf8 } from 'node:buffer';
import { methodNotAllowed, unsupportedMediaType } from '../http/html-pages.js';
import type { HttpReply } from '../http/http-reply.js';
import type { SystemRequest } from '../http/national-system.js';
import { mediaTypeIs } from './media-type.js';
import { lookOf, questionOf, type ReadQuestion, SORGULA_MERSIS_NO, SORGULA_VERGI_NO } from './question.js';
import { Refused } from './refused.js';
import { type Wire, wireJson } from './wire.js';

const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['mersisNo', SORGULA_MERSIS_NO],
  ['vergiNo', SORGULA_VERGI_NO],
]);
/** Of one member with a number of digits; any more stand around a member that was said twice. */
const QUOTATION_MARKS = 4;

/** The question in a JSON request: an object with exactly one of `mersisNo` and `vergiNo`, once. */
export function readRestQuestion({ method, contentType, body }: SystemRequest): ReadQuestion {
  const members = membersOf(body);
  const [name = '', number] = members?.[0] ?? [];
  const action = ACTIONS.get(name);
  const look = lookOf(action, typeof number === 'string' ? number : undefined);
  const refuse = (reason: string, reply: HttpReply) => ({ look, question: new Refused(reason, reply) });
  if (method !== 'POST') return refuse('method', methodNotAllowed);
  if (!mediaTypeIs(contentType, 'application/json'))
    return refuse('content-type', unsupportedMediaType('application/json'));
  if (members === null) return refuse('not-json', errors('İstek okunamadı.'));
  if (members.length !== 1 || action === undefined)
    return refuse('members', errors('mersisNo ya da vergiNo verilmelidir.'));
  const question = typeof number === 'string' ? questionOf(action, number) : null;
  if (question === null) return refuse('number', errors('Numara geçersiz.'));
  if (body.toString('utf8').split('"').length - 1 !== QUOTATION_MARKS)
    return refuse('member-twice', errors('mersisNo ya da vergiNo verilmelidir.'));
  return { look, question };
}

/** The gateway's convention (facts/mersis-koopbis.md §1): `data` or `errors`, never both. */
export function restAnswer(answer: Wire): HttpReply {
  return json(200, { data: wireJson(answer) });
}

function errors(text: string): HttpReply {
  return json(400, { errors: [text] });
}

function json(status: number, content: unknown): HttpReply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(content),
  };
}

/** Members of an object; null where the body is none. */
function membersOf(body: Buffer): [string, unknown][] | null {
  if (!isUtf8(body)) return null;
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : null;
  } catch {
    return null;
  }
}

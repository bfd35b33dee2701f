import type { Answered } from './exchange.js';
import { answerInvalid } from './failures.js';

/**
 * The object that an answer holds. Errors: `UPSTREAM_ANSWER_INVALID` where it is another type (a page of a firewall), other than
 * UTF-8 (RFC 8259 §8.1), cut off, or no object.
 */
export function jsonOf({ contentType, body, status }: Answered): object {
  if (contentType !== 'application/json') throw answerInvalid('content-type', { status });
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw answerInvalid('not-json', { status });
  }
  return value;
}

/** A member that the answer itself has: names come from settings, and `constructor` is one that every object has. */
export function member(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null || !Object.hasOwn(of, name)) return undefined;
  return (of as Record<string, unknown>)[name];
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The error of JSON.parse quotes the answer.
    return null;
  }
}

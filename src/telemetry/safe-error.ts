import { types } from 'node:util';
import { maskDigits } from './mask.js';
import { type SafeValue, safeFields } from './safe-fields.js';

/** Deeper chains and longer stacks tell nothing more, and a chain may be a circle. */
const MAX_CAUSES = 4;
const MAX_FRAMES = 12;
const MAX_FRAME = 200;
const MAX_STACK = 20_000;

/** A frame as V8 writes it, a place in a file at its end; words of a message do not look so. */
const FRAME =
  /^ {4}at (?:[\w$.<>[\] #*]{1,120} )?\(?(?:node:|file:\/\/|\/|[A-Za-z]:\\)[^\s()]{1,300}:\d{1,7}:\d{1,7}\)?$/;

/** `Promise.all` and its kind have a position in the place of a file. */
const INDEX_FRAME = /^ {4}at async Promise\.\w{1,20} \(index \d{1,6}\)$/;

export interface SafeError {
  readonly name: string;
  readonly code?: string;
  readonly fields?: Record<string, SafeValue>;
  readonly frames?: string[];
  readonly cause?: SafeError;
}

/** Reads a property of anything; a getter that throws gives undefined, because logging must never fail. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function word(value: unknown, fallback: string): string {
  // Eleven digits fit the pattern of a code: they are refused by the mask.
  return typeof value === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(value) && maskDigits(value) === value
    ? value
    : fallback;
}

/**
 * Frames from the end upwards, until a line is no frame: the message stands above them, may have many lines and may hold
 * what a caller sent.
 */
function framesOf(error: object): string[] {
  const stack = read(error, 'stack');
  const message = read(error, 'message');
  if (typeof stack !== 'string') return [];
  const at = typeof message === 'string' && message !== '' ? stack.indexOf(message) : -1;
  const below = at < 0 ? stack : stack.slice(at + String(message).length);
  const lines = below.slice(-MAX_STACK).split('\n');
  const frames: string[] = [];
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (!FRAME.test(line) && !INDEX_FRAME.test(line)) break;
    frames.unshift(maskDigits(line.slice(0, MAX_FRAME)).trim());
  }
  return frames.slice(0, MAX_FRAMES);
}

/**
 * An error without its message: name, code, allowed fields, frames of the stack, and its causes (at most four). Messages
 * of libraries repeat their input: XML with a person in it, a row of the database, a URL with a password.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!types.isNativeError(error) && !(error instanceof Error))
    return { name: `not an error (${typeof error})` };
  const code = read(error, 'code');
  const fields = read(error, 'fields');
  const cause = read(error, 'cause');
  const frames = framesOf(error);
  return {
    name: word(read(error, 'name'), 'Error'),
    ...(code === undefined ? {} : { code: word(code, '[dropped]') }),
    ...(typeof fields === 'object' && fields !== null
      ? { fields: safeFields(fields as Record<string, unknown>) }
      : {}),
    ...(frames.length === 0 ? {} : { frames }),
    ...(cause === undefined || cause === null || depth >= MAX_CAUSES
      ? {}
      : { cause: safeError(cause, depth + 1) }),
  };
}

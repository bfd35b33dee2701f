import { BridgeError } from '../errors/bridge-error.js';
import { answerInvalid, refused } from './failures.js';

/** A return that brings a code. */
export interface CodeReturn {
  readonly code: string;
  /** RFC 9207; null where none came. */
  readonly iss: string | null;
}

/** Longer than any return with a code of the greatest length. */
const MAX_SEARCH = 8192;
/** `code`, `state`, `iss`, `session_state` and some of their own. */
const MAX_PARAMETERS = 20;
/** VSCHAR of RFC 6749 A.11 without the blank, which a lost `+` becomes. */
const CODE = /^[\x21-\x7e]{1,2048}$/;

/**
 * Words for "the person went back". RFC 6749 §4.1.2.1 knows `access_denied` alone; what e-Devlet gives is not public
 * (facts/e-devlet.md §2), so the others are what elsewhere is in use for it. Any other word is a refusal.
 */
export const CANCEL_WORDS: readonly string[] = [
  'access_denied',
  'cancel',
  'canceled',
  'cancelled',
  'user_cancel',
  'user_canceled',
  'user_cancelled',
  'user_denied',
];

/**
 * Takes a return apart. An error counts with or without `state` (whether e-Devlet gives it back then is unknown), a code only with
 * the one that was kept. Errors: `UPSTREAM_CANCELLED`, `UPSTREAM_REFUSED`, `UPSTREAM_ANSWER_INVALID`.
 */
export function readReturn(search: string, state: string): CodeReturn {
  const { code, error, state: returned, iss } = parametersOf(search);
  if (returned !== undefined && returned !== state) throw answerInvalid('state');
  if (error !== undefined) {
    if (code !== undefined) throw answerInvalid('parameters');
    throw ended(error);
  }
  if (code === undefined || !CODE.test(code)) throw answerInvalid('parameters');
  if (returned === undefined) throw answerInvalid('state');
  return { code, iss: iss ?? null };
}

/** RFC 6749 §3.1: none may come twice, for two readers could each take another one; one without a value counts as left out. */
function parametersOf(search: string): Partial<Record<string, string>> {
  if (search.length > MAX_SEARCH) throw answerInvalid('too-large');
  const parameters = new URLSearchParams(search);
  if (parameters.size > MAX_PARAMETERS || new Set(parameters.keys()).size !== parameters.size) {
    throw answerInvalid('parameters');
  }
  // Without a prototype: the names are the browser's.
  const found: Partial<Record<string, string>> = Object.create(null);
  for (const [name, value] of parameters) if (value !== '') found[name] = value;
  return found;
}

function ended(error: string): BridgeError {
  if (!CANCEL_WORDS.includes(error.toLowerCase())) return refused(error);
  return new BridgeError('UPSTREAM_CANCELLED', 'the person went back at the upstream');
}

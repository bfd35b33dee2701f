import { BridgeError } from '../errors/bridge-error.js';
import { CLEAR_TEXT_FAULTS, clearTextFault } from '../person/clear-text.js';
import type { Command } from './command.js';

/** Longest texts that commands take, as the catalogue has them. */
export const MAX_REASON = 500;
export const MAX_NUMBER = 100;

/**
 * A text of an argument that will stand in the log in clear, trimmed. Nothing of it is repeated. Errors: `WRONG_USE` where it is empty or holds
 * an identity number, which no argument may (other users of the machine read them); else `REQUEST_INVALID`.
 */
export function clearOption(
  { usage }: Pick<Command, 'usage'>,
  option: string,
  typed: string,
  max: number,
): string {
  const text = typed.trim();
  const wrong = (what: string) => new BridgeError('WRONG_USE', `${option} ${what}; usage: bridge ${usage}`);
  if (text === '') throw wrong('is empty');
  const fault = clearTextFault(text, max);
  if (fault === null) return text;
  const what = `stands in the log in clear: it ${CLEAR_TEXT_FAULTS[fault]}`;
  if (fault === 'identity-number') throw wrong(what);
  throw new BridgeError('REQUEST_INVALID', `${option} ${what} (1 to ${max} characters)`);
}

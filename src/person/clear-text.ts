import { containsKimlikNo } from './contains-kimlik-no.js';

/** What may be wrong with a text that will stand in clear. Closed. */
export type ClearTextFault = 'too-long' | 'unseen' | 'identity-number';

/**
 * Controls but ends of lines; marks that turn the direction of what is written, or that nobody sees; other ends of lines;
 * halves of surrogate pairs: no reader knows what they do to a text, and what is written next to it.
 */
const UNSEEN = /(?!\r?\n)[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * What is wrong with a text, empty or not, that will stand in the log in clear, for ever (reasons, notes, numbers of papers,
 * references); null: nothing. The one rule of console, command line and service API. `max` in UTF-16 units, as browsers, schemas
 * and the catalogue count.
 */
export function clearTextFault(text: string, max: number): ClearTextFault | null {
  if (text.length > max) return 'too-long';
  if (UNSEEN.test(text)) return 'unseen';
  return containsKimlikNo(text) ? 'identity-number' : null;
}

/** The same of one line: an end of line is as wrong as any other control character. */
export function clearLineFault(text: string, max: number): ClearTextFault | null {
  return clearTextFault(text, max) ?? (text.includes('\n') ? 'unseen' : null);
}

/** Each fault as programs and operators are told it; nothing of the text is repeated. `must …`, behind the name of a field. */
export const CLEAR_TEXT_FAULTS: Readonly<Record<ClearTextFault, string>> = {
  'too-long': 'must be shorter',
  unseen: 'must be plain text: there is a character that cannot be seen, or that turns the text round',
  'identity-number': 'must not hold an identity number',
};

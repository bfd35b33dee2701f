import { KimlikNo } from './kimlik-no.js';

const ELEVEN_DIGITS = /(?<![0-9])[0-9]{11}(?![0-9])/g;
const STANDING_ALONE = /(?<![0-9A-Za-z])[0-9]{11}(?![0-9A-Za-z])/g;

/**
 * True where `text` holds a run of exactly eleven digits that is an identity number, letters beside it or not. For
 * fields that are shown in clear (file numbers, screen codes): a number typed into the wrong field must not come to
 * stand there for ever. Every run that starts with 9 counts: a YKN may fail its checksum.
 */
export function containsKimlikNo(text: string): boolean {
  return holdsOne(text, ELEVEN_DIGITS);
}

/** The same for identifiers of machines, in whose hexadecimal digits such runs come about by chance: only runs that stand alone. */
export function containsLoneKimlikNo(text: string): boolean {
  return holdsOne(text, STANDING_ALONE);
}

function holdsOne(text: string, runs: RegExp): boolean {
  return (text.match(runs) ?? []).some((digits) => KimlikNo.parse(digits).ok);
}

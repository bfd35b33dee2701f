import { KimlikNo } from './kimlik-no.js';

/** Eleven digits, or the sixteen of a natural person's MERSİS number, which begins with that person's own. */
const RUNS = /(?<![0-9])(?:[0-9]{11}|[0-9]{16})(?![0-9])/g;
/** Digits of an identity number. */
const DIGITS = 11;
/** Ids by their form: UUIDs (RFC 9562), span ids of 16 and other ids of 20 to 64 lower-case hexadecimal digits, a letter among them. */
const MACHINE_IDS =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}|(?=[0-9]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{20,64}))(?![0-9A-Za-z])/g;

/**
 * True where `text` holds an identity number, letters beside it or not, alone or at the head of a natural person's MERSİS
 * number. For fields that are shown in clear (file numbers, screen codes): a number typed into the wrong field must not
 * come to stand there for ever. Every run that starts with 9 counts: a YKN may fail its checksum.
 */
export function containsKimlikNo(text: string): boolean {
  return (text.match(RUNS) ?? []).some((digits) => KimlikNo.parse(digits.slice(0, DIGITS)).ok);
}

/**
 * The same for the ids that programs make: in UUIDs and long hexadecimal ids such runs come about by chance, one in some
 * thousand, and a program could do nothing about a refusal. Whatever has not that form is looked at as any other text.
 */
export function idContainsKimlikNo(text: string): boolean {
  return containsKimlikNo(text.replace(MACHINE_IDS, ' '));
}

import type { Parsed } from './parsed.js';

export type NameProblem = 'empty' | 'too-long' | 'character';

/** Characters (code points) of a normalised name. Registers hold far less; the bound keeps bodies and patterns small. */
const MAX_CHARACTERS = 100;
/** UTF-16 units looked at before any work: a hundred letters with three marks each, so that a megabyte costs nothing. */
const MAX_INPUT_UNITS = 4 * MAX_CHARACTERS;

const BLANKS = /\p{Zs}+/gu;
/** The letter apostrophe and the one that word processors put for a typed `'`: the same sign in a name. */
const APOSTROPHES = /[\u2019\u02bc]/g;
/** A dot above on İ is no second dot: `i̇` is what lower-casing İ without Turkish rules leaves behind. */
const DOTTED_TWICE = /İ\u0307+/g;
/** Latin letters, each with the marks on it (without U+034F, which nobody sees), and the signs of names. */
const NAME = /^(?:(?=\p{L})\p{Script=Latin}[\u0300-\u034e\u0350-\u0362]*|[ '.-])*$/u;

/**
 * The one form in which names are asked, compared and shown: NFC, blanks trimmed and collapsed to one space, upper case
 * by Turkish rules (i→İ, ı→I; ß→SS). At most 100 characters. Anything that is not a string is a `character` problem.
 *
 * Allowed are Latin letters with their marks, blank, hyphen (U+002D), apostrophe and dot. Refused are control and
 * invisible characters (tabs and bidirectional overrides too), digits, `< > &`, other scripts (Cyrillic А is not A), and
 * forms such as ligatures and full-width letters, where the letters meant would be a guess. There are no variants: trying
 * spellings against the register is probing, which m.9(3) leaves no room for. `ALI` and `ALİ` stay two names.
 */
export function normaliseName(text: unknown, options: { allowEmpty: boolean }): Parsed<string, NameProblem> {
  if (typeof text !== 'string') return { ok: false, problem: 'character' };
  if (text.length > MAX_INPUT_UNITS) return { ok: false, problem: 'too-long' };
  const composed = text.normalize('NFC').replace(BLANKS, ' ').replace(/^ | $/g, '');
  if (composed !== composed.normalize('NFKC')) return { ok: false, problem: 'character' };
  const value = turkishUpperCase(composed);
  if (!NAME.test(value)) return { ok: false, problem: 'character' };
  if (value === '' && !options.allowEmpty) return { ok: false, problem: 'empty' };
  if ([...value].length > MAX_CHARACTERS) return { ok: false, problem: 'too-long' };
  return { ok: true, value };
}

function turkishUpperCase(composed: string): string {
  const upper = composed.toLocaleUpperCase('tr').replace(APOSTROPHES, "'");
  // Upper-casing can bring a letter and a mark together that have one composed form (ı + dot above). İ composes with nothing.
  return upper.normalize('NFC').replace(DOTTED_TWICE, 'İ');
}

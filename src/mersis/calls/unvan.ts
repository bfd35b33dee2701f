const BLANKS = /[\s\p{Zs}]+/gu;
/** The letter apostrophe and the one that word processors put for a typed `'`. */
const APOSTROPHES = /[\u2019\u02bc]/g;
/** A dot above on İ is no second dot: `i̇` is what lower-casing İ without Turkish rules leaves behind. */
const DOTTED_TWICE = /İ\u0307+/g;

/**
 * The form in which trade names (unvan) are compared: NFC, blanks trimmed and collapsed to one, one kind of apostrophe, upper case by Turkish
 * rules (i→İ, ı→I). Nothing is guessed: dots, abbreviations and foreign letters stay what they are. Pure.
 */
export function comparableUnvan(text: string): string {
  const upper = text.normalize('NFC').replace(BLANKS, ' ').trim().toLocaleUpperCase('tr');
  return upper.normalize('NFC').replace(APOSTROPHES, "'").replace(DOTTED_TWICE, 'İ');
}

/** True where both are the same name in the form above, and are one at all. Pure. */
export function sameUnvan(one: string, other: string): boolean {
  const comparable = comparableUnvan(one);
  return comparable !== '' && comparable === comparableUnvan(other);
}

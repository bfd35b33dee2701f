const BREAKS = /[\t\n\v\f\r\u2028\u2029]+/gu;
// Controls, halves of pairs, what is no character, and marks of direction: a name must not turn what is printed beside it round.
const UNSHOWN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Bidi_Control}]/gu;
/** Longer than any name of ours; a cell of a spreadsheet holds 32,767. */
const LONGEST = 2_000;

/** Anybody's text on one line, every character one that shows. */
export function plainText(text: string): string {
  return cut(text, LONGEST).replace(BREAKS, ' ').replace(UNSHOWN, '\ufffd');
}

/** At most `length` UTF-16 units, `…` where something was cut away; never half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

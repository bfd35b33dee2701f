/**
 * What parsing gives: a value, or the closed name of what is wrong with the text. `warning: 'checksum'` is a number that
 * is used all the same: for some kinds no published rule says that every real number satisfies the check digits.
 */
export type Parsed<T, P extends string> =
  | { readonly ok: true; readonly value: T; readonly warning?: 'checksum' }
  | { readonly ok: false; readonly problem: P };

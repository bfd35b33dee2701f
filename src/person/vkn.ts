const FORM = /^[0-9]{10}$/;
const NINE_DIGITS = /^[0-9]{9}$/;

/**
 * The check digit of the first nine digits of a VKN (tax number; facts/kps.md §6). Throws RangeError, without the text,
 * where `nine` is not nine ASCII digits.
 */
export function vknCheckDigit(nine: string): string {
  if (!NINE_DIGITS.test(nine)) throw new RangeError('nine digits are needed');
  let sum = 0;
  for (let i = 0; i < 9; i += 1) {
    const shifted = (Number(nine[i]) + 9 - i) % 10;
    sum += shifted === 9 ? 9 : (shifted * 2 ** (9 - i)) % 9;
  }
  return String((10 - (sum % 10)) % 10);
}

/** True for a string of ten ASCII digits of which the last is the check digit of the others. */
export function isVkn(text: unknown): text is string {
  return typeof text === 'string' && FORM.test(text) && vknCheckDigit(text.slice(0, 9)) === text.slice(9);
}

import { inspect } from 'node:util';
import type { Parsed } from './parsed.js';

/** `foreigner` = YKN (first digit 9). Never says in which register the person stands: Mavi Kart numbers look like citizens'. */
export type KimlikNoKind = 'citizen' | 'foreigner';

const FORM = /^[1-9][0-9]{10}$/;
const NINE_DIGITS = /^[0-9]{9}$/;
const ZERO = 48;

/**
 * The two check digits of the first nine digits of a T.C. kimlik no (facts/kps.md §6). Throws RangeError, without the
 * text, where `nine` is not nine ASCII digits.
 */
export function kimlikCheckDigits(nine: string): string {
  if (!NINE_DIGITS.test(nine)) throw new RangeError('nine digits are needed');
  let odd = 0;
  let even = 0;
  for (let i = 0; i < 9; i += 1) {
    const digit = nine.charCodeAt(i) - ZERO;
    if (i % 2 === 0) odd += digit;
    else even += digit;
  }
  // odd * 7 - even is negative for some numbers, and % would keep the sign: 40 > the largest `even` (36).
  const tenth = (odd * 7 - even + 40) % 10;
  return `${tenth}${(odd + even + tenth) % 10}`;
}

/**
 * An identity number (T.C. kimlik no or YKN) that cannot be printed by accident: every way of turning it into text gives
 * `***`, and throws where `throwWhenPrinted` is set, so that tests find the leak where it is made. The digits are in a
 * private field, which JSON, structured clone, object spread and inspection (hidden properties too) do not see.
 * For the same reason deep comparison in tests sees no difference between two numbers: compare with `equals`.
 */
export class KimlikNo {
  /** Set by the test set-up, never in production: an exception there could cost an answer that was paid for. */
  static throwWhenPrinted = false;

  readonly #digits: string;

  private constructor(digits: string) {
    this.#digits = digits;
  }

  /**
   * Exactly eleven ASCII digits, the first not 0, in a string: numbers lose nothing here but their type elsewhere, and
   * blanks or other scripts' digits are the caller's mistake to see. Citizens' check digits must hold (`checksum`); for
   * first digit 9 a failure is a warning, because numbers that fail are reported to be in use (facts/kps.md §6).
   */
  static parse(text: unknown): Parsed<KimlikNo, 'format' | 'checksum'> {
    if (typeof text !== 'string' || !FORM.test(text)) return { ok: false, problem: 'format' };
    const value = new KimlikNo(text);
    if (kimlikCheckDigits(text.slice(0, 9)) === text.slice(9)) return { ok: true, value };
    return value.kind === 'foreigner'
      ? { ok: true, value, warning: 'checksum' }
      : { ok: false, problem: 'checksum' };
  }

  get kind(): KimlikNoKind {
    return this.#digits.startsWith('9') ? 'foreigner' : 'citizen';
  }

  /** The eleven digits. The only way to them: each call is a place where a number may leave, so that review can list them all. */
  reveal(): string {
    return this.#digits;
  }

  equals(other: KimlikNo): boolean {
    return this.#digits === other.#digits;
  }

  toString(): string {
    return hidden();
  }

  toJSON(): string {
    return hidden();
  }

  [Symbol.toPrimitive](): string {
    return hidden();
  }

  [inspect.custom](): string {
    return hidden();
  }
}

function hidden(): string {
  if (KimlikNo.throwWhenPrinted) throw new Error('a kimlik number was about to be printed');
  return '***';
}

import { kimlikCheckDigits } from '../../src/person/kimlik-no.js';
import { vknCheckDigit } from '../../src/person/vkn.js';
import type { Random } from './random.js';

const DIGITS = '0123456789';
/** Draws for one number before giving up: with the limits of the generator a second draw is already rare. */
const MAX_DRAWS = 1000;

/** `count` different citizens' numbers (first digit 1 to 8; facts/kps.md §6). */
export function citizenNumbers(random: Random, count: number): string[] {
  return distinct(count, () => withCheckDigits(random.pick([...'12345678']) + random.text(8, DIGITS)));
}

/** `count` different foreigners' numbers (99…), all with right check digits. */
export function foreignerNumbers(random: Random, count: number): string[] {
  return distinct(count, () => withCheckDigits(`99${random.text(7, DIGITS)}`));
}

/** `count` different VKN. */
export function vkns(random: Random, count: number): string[] {
  return distinct(count, () => {
    const nine = random.text(9, DIGITS);
    return nine + vknCheckDigit(nine);
  });
}

/** The MERSİS number of a legal person with this VKN: five last digits as head offices have them. */
export function mersisNoOf(vkn: string, random: Random): string {
  return `0${vkn}0001${random.below(10)}`;
}

function withCheckDigits(nine: string): string {
  return nine + kimlikCheckDigits(nine);
}

function distinct(count: number, draw: () => string): string[] {
  const seen = new Set<string>();
  for (let draws = 0; seen.size < count; draws += 1) {
    if (draws > count + MAX_DRAWS) throw new RangeError('too many numbers are wanted');
    seen.add(draw());
  }
  return [...seen];
}

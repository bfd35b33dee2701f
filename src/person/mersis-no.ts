import { KimlikNo } from './kimlik-no.js';
import type { Parsed } from './parsed.js';
import { isVkn } from './vkn.js';

declare const brand: unique symbol;

/**
 * A MERSİS number: sixteen digits (facts/mersis-koopbis.md §1). A natural person's holds that person's kimlik no and is
 * personal data then, though it prints: see `mersisHolder` before writing one down.
 */
export type MersisNo = string & { readonly [brand]: 'MersisNo' };

export type MersisHolder = 'legal-person' | 'natural-person';

const FORM = /^[0-9]{16}$/;

/**
 * `0` + VKN + five digits for a legal person, kimlik no + five digits for a natural one. Wrong check digits inside are a
 * warning, never a refusal: the registry's word counts, and no rule for the last five is published.
 */
export function parseMersisNo(text: unknown): Parsed<MersisNo, 'format'> {
  if (typeof text !== 'string' || !FORM.test(text)) return { ok: false, problem: 'format' };
  const value = text as MersisNo;
  return checkDigitsHold(value) ? { ok: true, value } : { ok: true, value, warning: 'checksum' };
}

/** Whose number it is: a kimlik no never starts with 0. */
export function mersisHolder(no: MersisNo): MersisHolder {
  return no.startsWith('0') ? 'legal-person' : 'natural-person';
}

/** The ten digits of the VKN inside (check digit not looked at), or null for a natural person's number. */
export function vknOfMersisNo(no: MersisNo): string | null {
  return mersisHolder(no) === 'legal-person' ? no.slice(1, 11) : null;
}

function checkDigitsHold(no: MersisNo): boolean {
  const vkn = vknOfMersisNo(no);
  if (vkn !== null) return isVkn(vkn);
  const holder = KimlikNo.parse(no.slice(0, 11));
  return holder.ok && holder.warning === undefined;
}

import type { Refused } from './refused.js';

export const SORGULA_MERSIS_NO = 'SorgulaMersisNo';
export const SORGULA_VERGI_NO = 'SorgulaVergiNo';

/** One cooperative is asked about, by one of its numbers. */
export type Question =
  | { readonly action: typeof SORGULA_MERSIS_NO; readonly mersisNo: string }
  | { readonly action: typeof SORGULA_VERGI_NO; readonly vkn: string };

/** Longer is no number of anybody, and is not written down. */
const MAX_NUMBER = 20;

/** The question with a number of the right form (16 or 10 digits), or null. Check digits are not looked at: the register would not find it. */
export function questionOf(action: string, number: string): Question | null {
  if (action === SORGULA_MERSIS_NO && /^[0-9]{16}$/.test(number)) return { action, mersisNo: number };
  if (action === SORGULA_VERGI_NO && /^[0-9]{10}$/.test(number)) return { action, vkn: number };
  return null;
}

/** A request as it was read: what the witness writes, and the question or why there is none. */
export interface ReadQuestion {
  readonly look: Look;
  readonly question: Question | Refused;
}

/** What the witness writes about a request that could be read so far. */
export interface Look {
  readonly action: string;
  readonly mersisNo?: string;
}

/** What can be said about a request before it is judged. */
export function lookOf(action: string | undefined, number: string | undefined): Look {
  if (action !== SORGULA_MERSIS_NO && action !== SORGULA_VERGI_NO) return { action: '' };
  if (action === SORGULA_VERGI_NO || !number || number.length > MAX_NUMBER) return { action };
  return { action, mersisNo: number };
}

/** True for the number of a natural person: the register of cooperatives has none of those. */
export function isNaturalPerson(mersisNo: string): boolean {
  return !mersisNo.startsWith('0');
}

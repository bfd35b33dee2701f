import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares hashes, in constant time; `held` undefined is compared too and never the same, so that time tells nothing. */
export function sameText(given: string, held: string | undefined): boolean {
  const same = timingSafeEqual(hash(given), hash(held ?? ''));
  return same && held !== undefined;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

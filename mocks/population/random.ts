import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** sfc32's author runs this many rounds before the first number, so that similar states part. */
const WARM_UP_ROUNDS = 15;

/** A reproducible stream of choices: the same on every machine and Node version. Not for secrets that protect anything. */
export interface Random {
  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number;
  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks by weight (positive numbers). */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  text(length: number, alphabet: string): string;
  base32(characters: number): string;
}

/**
 * The stream for one purpose of one seed (sfc32, its state from SHA-256 of both). Each purpose has its own, so that
 * another draw for names moves no number: numbers and names know nothing of each other.
 */
export function randomStream(seed: string, purpose: string): Random {
  const next = sfc32(
    createHash('sha256')
      .update(JSON.stringify([seed, purpose]))
      .digest(),
  );
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const text = (length: number, alphabet: string) => {
    return Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join('');
  };
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() / 2 ** 32 < probability,
    pick,
    weighted: (list) => {
      const drawn = below(list.reduce((sum, { weight }) => sum + weight, 0));
      let upTo = 0;
      return list.find(({ weight }) => {
        upTo += weight;
        return drawn < upTo;
      }) as (typeof list)[number];
    },
    shuffled: (list) => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i -= 1) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j] as never, copy[i] as never];
      }
      return copy;
    },
    text,
    base32: (characters) => text(characters, BASE32),
  };
}

/** Doty-Humphrey's sfc32 (PractRand): 32-bit words from a 128-bit state. */
function sfc32(state: Buffer): () => number {
  let a = state.readUInt32LE(0) | 0;
  let b = state.readUInt32LE(4) | 0;
  let c = state.readUInt32LE(8) | 0;
  let counter = state.readUInt32LE(12) | 0;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < WARM_UP_ROUNDS; i += 1) next();
  return next;
}

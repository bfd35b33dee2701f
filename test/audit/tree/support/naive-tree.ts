import { createHash } from 'node:crypto';
import type { NodeReader } from '../../../../src/audit/tree/proofs.js';

/**
 * RFC 6962 §2.1 as it is written there, by its own means: recursion over ranges of leaves, nothing but `createHash` and
 * a memory of what was computed.
 */
export interface NaiveTree {
  /** MTH(D[from:to]). */
  root(from: bigint, to: bigint): Buffer;
  /** PATH(m - from, D[from:to]). */
  path(m: bigint, from: bigint, to: bigint): Buffer[];
  /** PROOF(m, D[n]). */
  proof(m: bigint, n: bigint): Buffer[];
  read: NodeReader;
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

export const leafOf = (text: string): Buffer => sha256(Buffer.of(0), Buffer.from(text, 'utf8'));
export const nodeOf = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

function largestPowerOfTwoBelow(n: bigint): bigint {
  let k = 1n;
  while (k * 2n < n) k *= 2n;
  return k;
}

/** A tree with one leaf hash for each of `hashes`. */
export function treeOf(hashes: readonly Buffer[]): NaiveTree {
  return tree((from, to) => (to - from === 1n ? (hashes[Number(from)] as Buffer) : undefined));
}

/**
 * A tree of any size whose leaves are all alike but for `marked` ones: complete subtrees without a marked leaf are known
 * by their height alone, so that sizes to 2^40 can be computed.
 */
export function sparseTree(marked: readonly bigint[]): NaiveTree {
  const plain = [leafOf('plain')];
  for (let level = 1; level <= 64; level += 1) {
    const below = plain[level - 1] as Buffer;
    plain.push(nodeOf(below, below));
  }
  return tree((from, to) => {
    const mark = marked.find((leaf) => leaf >= from && leaf < to);
    if (mark !== undefined) return to - from === 1n ? leafOf(`marked ${mark}`) : undefined;
    const level = (to - from).toString(2).length - 1;
    return to - from === 1n << BigInt(level) ? plain[level] : undefined;
  });
}

function tree(known: (from: bigint, to: bigint) => Buffer | undefined): NaiveTree {
  const memory = new Map<string, Buffer>();
  const root = (from: bigint, to: bigint): Buffer => {
    if (from === to) return sha256();
    const name = `${from}:${to}`;
    const hash = memory.get(name) ?? known(from, to) ?? split(from, to);
    memory.set(name, hash);
    return hash;
  };
  const split = (from: bigint, to: bigint): Buffer => {
    const middle = from + largestPowerOfTwoBelow(to - from);
    return nodeOf(root(from, middle), root(middle, to));
  };
  const path = (m: bigint, from: bigint, to: bigint): Buffer[] => {
    if (to - from === 1n) return [];
    const middle = from + largestPowerOfTwoBelow(to - from);
    return m < middle
      ? [...path(m, from, middle), root(middle, to)]
      : [...path(m, middle, to), root(from, middle)];
  };
  const subproof = (m: bigint, from: bigint, to: bigint, whole: boolean): Buffer[] => {
    if (m === to) return whole ? [] : [root(from, to)];
    const middle = from + largestPowerOfTwoBelow(to - from);
    return m <= middle
      ? [...subproof(m, from, middle, whole), root(middle, to)]
      : [...subproof(m, middle, to, false), root(from, middle)];
  };
  return {
    root,
    path,
    proof: (m, n) => subproof(m, 0n, n, true),
    read: async (level, index) => root(index << BigInt(level), (index + 1n) << BigInt(level)),
  };
}

/** A part of a tree that is known by its root alone: leaves [from, to). */
export interface Part {
  readonly from: bigint;
  readonly to: bigint;
  readonly hash: Buffer;
}

/** MTH(D[0:size]) from parts that cover it; throws where a split of the definition cuts through a part. */
export function rootFromParts(parts: readonly Part[], size: bigint): Buffer {
  const over = (from: bigint, to: bigint): Buffer => {
    const part = parts.find((known) => known.from === from && known.to === to);
    if (part !== undefined) return part.hash;
    if (to - from <= 1n) throw new Error(`no hash for leaf ${from}`);
    const middle = from + largestPowerOfTwoBelow(to - from);
    return nodeOf(over(from, middle), over(middle, to));
  };
  return size === 0n ? sha256() : over(0n, size);
}

import { createHash } from 'node:crypto';

// The tree as RFC 6962 §2.1 defines it, by recursion: slow, and nothing of the verifier's.

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function leafHash(line: Uint8Array): Buffer {
  return sha256(Buffer.of(0), line);
}

/** The largest power of two below `n`. */
function split(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

export function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = split(leaves.length);
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k
    ? [...inclusionProof(left, index), rootOf(right)]
    : [...inclusionProof(right, index - k), rootOf(left)];
}

/** Roots of what stands before `first` and behind `end`, as docs/audit-formats.md says. */
export function rangeProof(leaves: readonly Buffer[], first: number, end: number) {
  const left: Buffer[] = [];
  for (let at = 0; at < first; ) {
    let width = 2 ** 30;
    while ((first & width) === 0 || at % width !== 0 || at + width > first) width /= 2;
    left.push(rootOf(leaves.slice(at, at + width)));
    at += width;
  }
  const right: Buffer[] = [];
  for (let at = end; at < leaves.length; ) {
    let width = 2 ** 30;
    while (at % width !== 0 || at + width > leaves.length) width /= 2;
    right.push(rootOf(leaves.slice(at, at + width)));
    at += width;
  }
  return { left, right };
}

import { emptyRoot, nodeHash } from './leaf-hash.js';

const HASH_BYTES = 32;

/**
 * The compact range of a tree of `size` leaves: the roots of its complete subtrees, largest first, one for each bit
 * set in `size`. With it a leaf can be added and the root told without reading the tree.
 */
export interface CompactRange {
  readonly size: bigint;
  readonly hashes: readonly Buffer[];
}

/** The range after `leaves` (leaf hashes, in order) were added. */
export function extendRange(range: CompactRange, leaves: readonly Buffer[]): CompactRange {
  const hashes = [...range.hashes];
  let size = range.size;
  for (const leaf of leaves) {
    let hash = leaf;
    for (let rest = size; rest & 1n; rest >>= 1n) hash = nodeHash(hashes.pop() as Buffer, hash);
    hashes.push(hash);
    size += 1n;
  }
  return { size, hashes };
}

/** RFC 6962 root of the tree that the range stands for. */
export function rangeRoot(range: CompactRange): Buffer {
  const hashes = [...range.hashes];
  let root = hashes.pop();
  if (root === undefined) return emptyRoot();
  for (let left = hashes.pop(); left !== undefined; left = hashes.pop()) root = nodeHash(left, root);
  return root;
}

/** The hashes one after the other, as `log_head.compact_range` keeps them. */
export function encodeRange(range: CompactRange): Buffer {
  return Buffer.concat(range.hashes);
}

/** Reads what `encodeRange` wrote. Throws a `RangeError` where the number of hashes does not fit the size. */
export function decodeRange(size: bigint, bytes: Buffer): CompactRange {
  let expected = 0;
  for (let rest = size; rest > 0n; rest >>= 1n) expected += Number(rest & 1n);
  if (size < 0n || bytes.length !== expected * HASH_BYTES)
    throw new RangeError('compact range does not fit its size');
  const hashes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.subarray(at, at + HASH_BYTES));
  return { size, hashes };
}

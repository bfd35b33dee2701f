import type { CompactRange } from '../compact-range.js';
import { nodeHash } from '../leaf-hash.js';
import { cover } from './nodes.js';

/**
 * The compact range of `size` leaves from that of fewer and `subtrees`: the roots of the largest aligned complete subtrees
 * that cover what lies between, in leaf order (`right` of a range proof, docs/audit-formats.md). Throws a `RangeError` where
 * their number does not fit.
 */
export function growRange(range: CompactRange, size: bigint, subtrees: readonly Buffer[]): CompactRange {
  const places = cover(range.size, size);
  if (size < range.size || places.length !== subtrees.length)
    throw new RangeError('the subtrees do not fit between the sizes');
  const hashes = [...range.hashes];
  let grown = range.size;
  places.forEach(({ level }, i) => {
    let hash = subtrees[i] as Buffer;
    // An aligned subtree of 2^level leaves is added like one leaf of a tree counted in such subtrees.
    for (let rest = grown >> BigInt(level); rest & 1n; rest >>= 1n)
      hash = nodeHash(hashes.pop() as Buffer, hash);
    hashes.push(hash);
    grown += 1n << BigInt(level);
  });
  return { size: grown, hashes };
}

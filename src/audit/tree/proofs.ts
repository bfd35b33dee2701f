import { cover, type NodeReader, readNodes, subtreeRoot } from './nodes.js';

export { checkConsistency, checkInclusion } from './check-proofs.js';
export type { NodeReader } from './nodes.js';

/** Half-open range of leaves. */
interface Leaves {
  readonly from: bigint;
  readonly to: bigint;
}

/** Root of the first `size` leaves (RFC 6962 §2.1). Throws a `RangeError` for a negative size. */
export async function rootOf(size: bigint, read: NodeReader): Promise<Buffer> {
  demand(size >= 0n, 'a tree has no negative size');
  return subtreeRoot(0n, size, read);
}

/**
 * PATH(leaf, D[size]) of RFC 6962 §2.1.1: the hashes that lead from the leaf to the root, lowest first. Throws a
 * `RangeError` unless 0 ≤ leaf < size.
 */
export async function inclusionProof(leaf: bigint, size: bigint, read: NodeReader): Promise<Buffer[]> {
  demand(leaf >= 0n && leaf < size, 'the leaf is not in the tree');
  const siblings: Leaves[] = [];
  for (let from = 0n, to = size; to - from > 1n; ) {
    const middle = from + largestPowerBelow(to - from);
    if (leaf < middle) {
      siblings.push({ from: middle, to });
      to = middle;
    } else {
      siblings.push({ from, to: middle });
      from = middle;
    }
  }
  return rootsOf(siblings.reverse(), read);
}

/**
 * PROOF(from, D[to]) of RFC 6962 §2.1.2: that the tree of `to` leaves begins with the tree of `from` leaves. Throws a
 * `RangeError` unless 0 < from < to: there is nothing to prove otherwise.
 */
export async function consistencyProof(from: bigint, to: bigint, read: NodeReader): Promise<Buffer[]> {
  demand(from > 0n && from < to, 'a consistency proof leads from a smaller tree, not empty, to a larger one');
  const parts: Leaves[] = [];
  const at = { from: 0n, to };
  while (at.to !== from) {
    const middle = at.from + largestPowerBelow(at.to - at.from);
    if (from <= middle) {
      parts.push({ from: middle, to: at.to });
      at.to = middle;
    } else {
      parts.push({ from: at.from, to: middle });
      at.from = middle;
    }
  }
  // A subtree that begins at leaf 0 is the whole older tree: who checks has its root.
  if (at.from !== 0n) parts.push(at);
  return rootsOf(parts.reverse(), read);
}

/**
 * What with the leaves [first, first + count) gives the root of `size` leaves, as docs/audit-formats.md says. `left`:
 * the complete subtrees of [0, first), largest first, one for each bit of `first`. `right`: the largest aligned complete
 * subtrees that cover [first + count, size), in leaf order. Throws a `RangeError` where the range leaves the tree.
 */
export async function rangeProof(
  first: bigint,
  count: bigint,
  size: bigint,
  read: NodeReader,
): Promise<{ left: Buffer[]; right: Buffer[] }> {
  demand(first >= 0n && count >= 0n && first + count <= size, 'the range is not within the tree');
  const left = await readNodes(cover(0n, first), read);
  const right = await readNodes(cover(first + count, size), read);
  return { left, right };
}

async function rootsOf(ranges: readonly Leaves[], read: NodeReader): Promise<Buffer[]> {
  const roots: Buffer[] = [];
  for (const { from, to } of ranges) roots.push(await subtreeRoot(from, to, read));
  return roots;
}

/** The k of RFC 6962: the largest power of two smaller than `count`, which is at least 2. */
function largestPowerBelow(count: bigint): bigint {
  return 1n << BigInt((count - 1n).toString(2).length - 1);
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new RangeError(message);
}

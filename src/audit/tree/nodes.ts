import { emptyRoot, nodeHash } from '../leaf-hash.js';

/**
 * Root of the complete subtree number `index` of 2^`level` leaves: it covers the leaves
 * [index · 2^level, (index + 1) · 2^level). Level 0 gives leaf hashes.
 */
export type NodeReader = (level: number, index: bigint) => Promise<Buffer>;

/** A complete subtree by its place: what a `NodeReader` is asked for. */
export interface NodePlace {
  readonly level: number;
  readonly index: bigint;
}

/**
 * The largest aligned complete subtrees that cover the leaves [from, to), in leaf order: at most two for each bit of
 * `to`. Where `from` is 0 or a multiple of a power of two ≥ to − from they are a compact range (largest first).
 */
export function cover(from: bigint, to: bigint): NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    // The next larger subtree must begin here and end within the range.
    while (((at >> BigInt(level)) & 1n) === 0n && at + (2n << BigInt(level)) <= to) level += 1;
    places.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return places;
}

/** The hashes at `places`, read one after the other: a reader may stand on one database connection. */
export async function readNodes(places: readonly NodePlace[], read: NodeReader): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  for (const { level, index } of places) hashes.push(await read(level, index));
  return hashes;
}

/**
 * MTH(D[from:to]) of RFC 6962 §2.1, for the ranges that its definition splits a tree into (`from` is a multiple of a
 * power of two ≥ to − from).
 */
export async function subtreeRoot(from: bigint, to: bigint, read: NodeReader): Promise<Buffer> {
  const hashes = await readNodes(cover(from, to), read);
  let root = hashes.pop();
  if (root === undefined) return emptyRoot();
  for (let left = hashes.pop(); left !== undefined; left = hashes.pop()) root = nodeHash(left, root);
  return root;
}

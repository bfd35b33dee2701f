import { nodeHash } from '../leaf-hash.js';

const HASH_BYTES = 32;

/** A claim that `leafHash` is leaf number `leaf` of the tree of `size` leaves with this root. */
export interface InclusionClaim {
  readonly leaf: bigint;
  readonly size: bigint;
  readonly leafHash: Buffer;
  readonly proof: readonly Buffer[];
  readonly root: Buffer;
}

/** A claim that the tree of `to` leaves begins with the tree of `from` leaves. */
export interface ConsistencyClaim {
  readonly from: bigint;
  readonly to: bigint;
  readonly fromRoot: Buffer;
  readonly toRoot: Buffer;
  readonly proof: readonly Buffer[];
}

/**
 * RFC 9162 §2.1.3.2. Never throws, for any numbers, hashes of any length and a proof of any length: false is the answer.
 * `size` and `root` must come from one signed checkpoint: a proof alone does not bind the size (leaf 0 of 3 leaves has the
 * shape of leaf 0 of 4).
 */
export function checkInclusion({ leaf, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (leaf < 0n || leaf >= size || !areHashes([leafHash, root, ...proof])) return false;
  const climb = climbFrom(leaf, size - 1n);
  let hash = leafHash;
  for (const sibling of proof) {
    if (climb.ended()) return false;
    hash = climb.step() === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  return climb.ended() && hash.equals(root);
}

/**
 * RFC 9162 §2.1.4.2. False unless 0 < from < to: an empty tree is consistent with everything, and equal sizes are
 * settled by comparing roots; neither has a proof. Sizes and roots must come from signed checkpoints. Never throws.
 */
export function checkConsistency({ from, to, fromRoot, toRoot, proof }: ConsistencyClaim): boolean {
  if (from <= 0n || from >= to || !areHashes([fromRoot, toRoot, ...proof])) return false;
  // A power of two is one complete subtree, which the proof leaves out.
  const [start, ...path] = (from & (from - 1n)) === 0n ? [fromRoot, ...proof] : proof;
  if (start === undefined) return false;
  const shift = trailingOnes(from - 1n);
  const climb = climbFrom((from - 1n) >> shift, (to - 1n) >> shift);
  let older = start;
  let newer = start;
  for (const hash of path) {
    if (climb.ended()) return false;
    if (climb.step() === 'left') {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
    } else {
      newer = nodeHash(newer, hash);
    }
  }
  return climb.ended() && older.equals(fromRoot) && newer.equals(toRoot);
}

/** The way up from node `node` of a level whose last node is `last`: on which side the next hash of the proof stands. */
function climbFrom(node: bigint, last: bigint): { ended(): boolean; step(): 'left' | 'right' } {
  let fn = node;
  let sn = last;
  return {
    ended: () => sn === 0n,
    step: () => {
      const side = (fn & 1n) === 1n || fn === sn ? 'left' : 'right';
      // Levels where the last node has no sibling take no hash from the proof. Ends at 0, or at the first bit of fn.
      if (side === 'left') {
        while ((fn & 1n) === 0n && fn !== 0n) {
          fn >>= 1n;
          sn >>= 1n;
        }
      }
      fn >>= 1n;
      sn >>= 1n;
      return side;
    },
  };
}

function trailingOnes(value: bigint): bigint {
  let count = 0n;
  for (let rest = value; (rest & 1n) === 1n; rest >>= 1n) count += 1n;
  return count;
}

function areHashes(hashes: readonly Buffer[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

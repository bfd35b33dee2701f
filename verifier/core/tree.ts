import { concatBytes, equalBytes } from './bytes.js';
import { type Environment, sha256 } from './environment.js';

type Hashing = Pick<Environment, 'sha256Into'>;

/** Trees of safe integer size are at most this high. */
const HEIGHT = 53;
const HASH = 32;

/**
 * The left edge of a growing tree (RFC 6962): roots of its complete subtrees, largest first, in one piece of memory.
 * Neighbours lie side by side there, so that a node is hashed where it stands: a million leaves make no garbage.
 */
export class CompactRange {
  readonly #sha256Into: Environment['sha256Into'];
  // One byte before the first slot for its prefix.
  readonly #memory = new Uint8Array(1 + HASH * (HEIGHT + 2));
  readonly #pairs: readonly Uint8Array[];
  readonly #levels = new Uint8Array(HEIGHT + 2);
  #count = 0;

  constructor({ sha256Into }: Hashing) {
    this.#sha256Into = sha256Into;
    this.#pairs = Array.from({ length: HEIGHT + 1 }, (_, slot) =>
      this.#memory.subarray(slot * HASH, slot * HASH + 1 + 2 * HASH),
    );
  }

  /** Adds a leaf; `prefixed` is 0x00 ‖ entry bytes. */
  addLeaf(prefixed: Uint8Array): void {
    this.#sha256Into(prefixed, this.#memory, 1 + this.#count * HASH);
    this.#grow(0);
  }

  /** Adds the root of the complete subtree of 2^`level` leaves that comes next. */
  addSubtree(level: number, root: Uint8Array): void {
    this.#memory.set(root, 1 + this.#count * HASH);
    this.#grow(level);
  }

  /** RFC 6962 root of all that was added. */
  root(): Uint8Array {
    if (this.#count === 0) return sha256({ sha256Into: this.#sha256Into }, new Uint8Array(0));
    const at = (slot: number) => this.#memory.slice(1 + slot * HASH, 1 + (slot + 1) * HASH);
    let root: Uint8Array = at(this.#count - 1);
    for (let slot = this.#count - 2; slot >= 0; slot -= 1) {
      root = nodeHash({ sha256Into: this.#sha256Into }, at(slot), root);
    }
    return root;
  }

  #grow(level: number): void {
    let slot = this.#count;
    let height = level;
    while (slot > 0 && this.#levels[slot - 1] === height) {
      slot -= 1;
      height += 1;
      const pair = this.#pairs[slot] as Uint8Array;
      const borrowed = pair[0] as number;
      pair[0] = 1;
      this.#sha256Into(pair, this.#memory, 1 + slot * HASH);
      pair[0] = borrowed;
    }
    this.#levels[slot] = height;
    this.#count = slot + 1;
  }
}

function nodeHash(hashing: Hashing, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(hashing, concatBytes(Uint8Array.of(1), left, right));
}

/** RFC 6962 §2.1 leaf hash of an entry's bytes. */
export function leafHash(hashing: Hashing, entry: Uint8Array): Uint8Array {
  return sha256(hashing, concatBytes(Uint8Array.of(0), entry));
}

/** Levels of the complete subtrees of leaves [0, `size`), largest first: one for each bit. */
export function leftLevels(size: number): readonly number[] {
  return levelsBetween(0, size);
}

/** Levels of the largest aligned complete subtrees that cover leaves [`from`, `to`), in leaf order. */
export function levelsBetween(from: number, to: number): readonly number[] {
  const levels: number[] = [];
  for (let leaf = from; leaf < to; ) {
    let level = 0;
    while (leaf % 2 ** (level + 1) === 0 && leaf + 2 ** (level + 1) <= to) level += 1;
    levels.push(level);
    leaf += 2 ** level;
  }
  return levels;
}

/** RFC 9162 §2.1.3.2: true where `proof` leads from the leaf to the root of the tree. */
export function checkInclusion(
  hashing: Hashing,
  tree: { readonly size: number; readonly root: Uint8Array },
  leaf: { readonly index: number; readonly hash: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (leaf.index >= tree.size) return false;
  let index = leaf.index;
  let last = tree.size - 1;
  let hash = leaf.hash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(hashing, sibling, hash);
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hashing, hash, sibling);
    }
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(hash, tree.root);
}

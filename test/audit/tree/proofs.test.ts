import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkConsistency,
  checkInclusion,
  consistencyProof,
  inclusionProof,
  type NodeReader,
  rangeProof,
  rootOf,
} from '../../../src/audit/tree/proofs.js';
import {
  leafOf,
  type NaiveTree,
  type Part,
  rootFromParts,
  sparseTree,
  treeOf,
} from './support/naive-tree.js';

const SIZES = 300n;
const LEAVES = Array.from({ length: Number(SIZES) }, (_, i) => leafOf(`leaf ${i}`));
const small = treeOf(LEAVES);
const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex')).join();

/** A size to 2^40, small ones as likely as large ones. */
const anySize = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.bigInt(0n, 1n << 40n))
  .map(([bits, n]) => 1n + (n & ((1n << BigInt(bits)) - 1n)));

/** Reads nodes only of complete subtrees within `size`, as a store does: it fails for others. */
function within(tree: NaiveTree, size: bigint): NodeReader {
  return async (level, index) => {
    if (index < 0n || (index + 1n) << BigInt(level) > size) throw new Error(`no node ${level}/${index}`);
    return tree.read(level, index);
  };
}

describe('the root of a tree', () => {
  it('is the one of the recursive definition at every size to 300, read from complete subtrees alone', async () => {
    const wrong: bigint[] = [];
    for (let size = 0n; size <= SIZES; size += 1n)
      if (!(await rootOf(size, within(small, size))).equals(small.root(0n, size))) wrong.push(size);
    expect(wrong).toEqual([]);
  });

  it('is the one of the recursive definition at random sizes to 2^40', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySize,
        fc.array(fc.bigInt(0n, 1n << 40n), { maxLength: 5 }),
        async (size, marked) => {
          const tree = sparseTree(marked);
          expect(hex([await rootOf(size, within(tree, size))])).toBe(hex([tree.root(0n, size)]));
        },
      ),
    );
  });

  it('has no negative size', async () => {
    await expect(rootOf(-1n, small.read)).rejects.toThrow(RangeError);
  });
});

describe('an inclusion proof', () => {
  it('is PATH of RFC 6962 and holds, for every leaf of every size to 300', async () => {
    const wrong: string[] = [];
    for (let size = 1n; size <= SIZES; size += 1n) {
      const root = small.root(0n, size);
      for (let leaf = 0n; leaf < size; leaf += 1n) {
        const proof = await inclusionProof(leaf, size, within(small, size));
        const leafHash = LEAVES[Number(leaf)] as Buffer;
        const holds = checkInclusion({ leaf, size, leafHash, proof, root });
        if (!holds || hex(proof) !== hex(small.path(leaf, 0n, size))) wrong.push(`${leaf}/${size}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is PATH of RFC 6962 and holds, for random leaves of sizes to 2^40', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, fc.bigInt(0n, 1n << 41n), async (size, n) => {
        const leaf = n % size;
        const tree = sparseTree([leaf, leaf / 2n, leaf + 1n]);
        const proof = await inclusionProof(leaf, size, within(tree, size));
        expect(hex(proof)).toBe(hex(tree.path(leaf, 0n, size)));
        const claim = { leaf, size, leafHash: leafOf(`marked ${leaf}`), proof, root: tree.root(0n, size) };
        expect(checkInclusion(claim)).toBe(true);
        expect(checkInclusion({ ...claim, leafHash: leafOf('plain') })).toBe(false);
      }),
    );
  });

  it.each([
    [0n, 0n],
    [3n, 3n],
    [4n, 3n],
    [-1n, 3n],
    [0n, -1n],
  ])('is not made for leaf %s of a tree of %s', async (leaf, size) => {
    await expect(inclusionProof(leaf, size, small.read)).rejects.toThrow(RangeError);
  });

  it('fails where a node cannot be read', async () => {
    const broken: NodeReader = async () => {
      throw new Error('tile missing');
    };
    await expect(inclusionProof(1n, 3n, broken)).rejects.toThrow('tile missing');
  });
});

describe('a consistency proof', () => {
  it('is PROOF of RFC 6962 and holds, for all pairs of sizes to 300', async () => {
    const wrong: string[] = [];
    for (let to = 2n; to <= SIZES; to += 1n) {
      const toRoot = small.root(0n, to);
      for (let from = 1n; from < to; from += 1n) {
        const proof = await consistencyProof(from, to, within(small, to));
        const fromRoot = small.root(0n, from);
        const holds = checkConsistency({ from, to, fromRoot, toRoot, proof });
        if (!holds || hex(proof) !== hex(small.proof(from, to))) wrong.push(`${from}/${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is PROOF of RFC 6962 and holds, for random sizes to 2^40', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, anySize, async (a, b) => {
        fc.pre(a !== b);
        const [from, to] = a < b ? [a, b] : [b, a];
        const tree = sparseTree([from - 1n, from, to - 1n]);
        const proof = await consistencyProof(from, to, within(tree, to));
        expect(hex(proof)).toBe(hex(tree.proof(from, to)));
        const claim = { from, to, fromRoot: tree.root(0n, from), toRoot: tree.root(0n, to), proof };
        expect(checkConsistency(claim)).toBe(true);
        const forked = sparseTree([from, to - 1n]).root(0n, from);
        expect(checkConsistency({ ...claim, fromRoot: forked })).toBe(false);
      }),
    );
  });

  it.each([
    [0n, 3n],
    [3n, 3n],
    [4n, 3n],
    [-1n, 3n],
    [0n, 0n],
  ])('is not made from size %s to size %s', async (from, to) => {
    await expect(consistencyProof(from, to, small.read)).rejects.toThrow(RangeError);
  });
});

describe('a range proof', () => {
  /** Places of the hashes as docs/audit-formats.md says it, by counting leaf by leaf. */
  function rebuild(
    tree: NaiveTree,
    claim: { first: bigint; count: bigint; size: bigint; left: readonly Buffer[]; right: readonly Buffer[] },
  ): Buffer {
    const { first, count, size, left, right } = claim;
    const parts: Part[] = [];
    let at = 0n;
    const bits = [...first.toString(2)].flatMap((bit, i, all) =>
      bit === '1' ? [1n << BigInt(all.length - 1 - i)] : [],
    );
    expect(left).toHaveLength(bits.length);
    for (const [i, width] of bits.entries()) {
      parts.push({ from: at, to: at + width, hash: left[i] as Buffer });
      at += width;
    }
    for (; at < first + count; at += 1n) parts.push({ from: at, to: at + 1n, hash: tree.root(at, at + 1n) });
    for (const hash of right) {
      let width = 1n;
      while (at % (width * 2n) === 0n && at + width * 2n <= size) width *= 2n;
      parts.push({ from: at, to: at + width, hash });
      at += width;
    }
    expect(at).toBe(size);
    return rootFromParts(parts, size);
  }

  it('gives with its leaves the root of the tree, for random ranges of sizes to 300', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, SIZES), fc.bigInt(0n, SIZES), fc.bigInt(0n, SIZES), async (a, b, c) => {
        const [first, end, size] = [a, b, c].sort((x, y) => Number(x - y)) as [bigint, bigint, bigint];
        const proof = await rangeProof(first, end - first, size, within(small, size));
        const root = rebuild(small, { first, count: end - first, size, ...proof });
        expect(hex([root])).toBe(hex([small.root(0n, size)]));
      }),
      { numRuns: 400 },
    );
  });

  it('gives with its leaves the root of the tree, for random ranges of sizes to 2^40', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, fc.bigInt(0n, 1n << 41n), fc.bigInt(0n, 150n), async (size, a, b) => {
        const first = a % (size + 1n);
        const count = first + b > size ? size - first : b;
        const tree = sparseTree([first - 1n, first, first + count - 1n, first + count, size - 1n]);
        const proof = await rangeProof(first, count, size, within(tree, size));
        const root = rebuild(tree, { first, count, size, ...proof });
        expect(hex([root])).toBe(hex([tree.root(0n, size)]));
      }),
    );
  });

  it('is empty on both sides for the whole tree', async () => {
    expect(await rangeProof(0n, 13n, 13n, small.read)).toEqual({ left: [], right: [] });
  });

  it.each([
    [-1n, 1n, 5n],
    [0n, 6n, 5n],
    [5n, 1n, 5n],
    [6n, 0n, 5n],
    [2n, -1n, 5n],
    [0n, 0n, -1n],
  ])('is not made for first %s, count %s, size %s', async (first, count, size) => {
    await expect(rangeProof(first, count, size, small.read)).rejects.toThrow(RangeError);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ConsistencyClaim,
  checkConsistency,
  checkInclusion,
  type InclusionClaim,
} from '../../../src/audit/tree/check-proofs.js';
import { leafOf, nodeOf, treeOf } from './support/naive-tree.js';

const COUNT = 70;
const LEAVES = Array.from({ length: COUNT }, (_, i) => leafOf(`leaf ${i}`));
const tree = treeOf(LEAVES);
const STRANGER = leafOf('stranger');

function inclusion(leaf: number, size: number): InclusionClaim {
  return {
    leaf: BigInt(leaf),
    size: BigInt(size),
    leafHash: LEAVES[leaf] as Buffer,
    proof: tree.path(BigInt(leaf), 0n, BigInt(size)),
    root: tree.root(0n, BigInt(size)),
  };
}

function consistency(from: number, to: number): ConsistencyClaim {
  return {
    from: BigInt(from),
    to: BigInt(to),
    fromRoot: tree.root(0n, BigInt(from)),
    toRoot: tree.root(0n, BigInt(to)),
    proof: tree.proof(BigInt(from), BigInt(to)),
  };
}

const anyInclusion = fc
  .tuple(fc.nat({ max: COUNT - 1 }), fc.nat({ max: COUNT - 1 }))
  .map(([a, b]) => inclusion(Math.min(a, b), Math.max(a, b) + 1));
const anyConsistency = fc
  .tuple(fc.integer({ min: 1, max: COUNT }), fc.integer({ min: 1, max: COUNT }))
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => consistency(Math.min(a, b), Math.max(a, b)));

/** Every way to change one hash of a list, to drop, add, double or exchange one. */
function spoiltProofs(proof: readonly Buffer[], bit: number): Buffer[][] {
  const each = proof.flatMap((hash, i) => [
    proof.with(i, flipped(hash, bit)),
    proof.with(i, hash.subarray(1)),
    proof.with(i, Buffer.concat([hash, Buffer.of(0)])),
    proof.with(i, Buffer.alloc(0)),
    proof.toSpliced(i, 1),
    proof.toSpliced(i, 0, hash),
  ]);
  const swapped = proof.slice(1).map((hash, i) => proof.with(i, hash).with(i + 1, proof[i] as Buffer));
  return [...each, ...swapped, [...proof, STRANGER], [STRANGER, ...proof], [...proof, Buffer.alloc(0)]];
}

function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

const join = (...parts: Buffer[]) => Buffer.concat(parts);
const anyBit = fc.nat({ max: 255 });

describe('a check of inclusion', () => {
  it('refuses a proof with a hash changed, missing, added, doubled, exchanged or of another length', () => {
    fc.assert(
      fc.property(anyInclusion, anyBit, (claim, bit) => {
        expect(checkInclusion(claim)).toBe(true);
        for (const proof of spoiltProofs(claim.proof, bit))
          expect(checkInclusion({ ...claim, proof })).toBe(false);
      }),
    );
  });

  it('refuses a leaf or a root with any bit changed or bytes missing', () => {
    fc.assert(
      fc.property(anyInclusion, anyBit, (claim, bit) => {
        expect(checkInclusion({ ...claim, leafHash: flipped(claim.leafHash, bit) })).toBe(false);
        expect(checkInclusion({ ...claim, root: flipped(claim.root, bit) })).toBe(false);
        expect(checkInclusion({ ...claim, leafHash: claim.leafHash.subarray(0, 31) })).toBe(false);
        expect(checkInclusion({ ...claim, root: Buffer.alloc(0) })).toBe(false);
      }),
    );
  });

  it('refuses every other place in the same tree, for all leaves of all sizes to 40', () => {
    const accepted: string[] = [];
    for (let size = 1; size <= 40; size += 1)
      for (let leaf = 0; leaf < size; leaf += 1) {
        const claim = inclusion(leaf, size);
        for (let other = -2n; other <= 80n; other += 1n)
          if (other !== claim.leaf && checkInclusion({ ...claim, leaf: other }))
            accepted.push(`${leaf} as ${other} of ${size}`);
      }
    expect(accepted).toEqual([]);
  });

  it('refuses a tree of half or twice the height, for all leaves of all sizes to 40', () => {
    const accepted: string[] = [];
    for (let size = 2; size <= 40; size += 1)
      for (let leaf = 0; leaf < size; leaf += 1) {
        const claim = inclusion(leaf, size);
        if (checkInclusion({ ...claim, size: claim.size * 2n })) accepted.push(`${leaf}/${size * 2}`);
        if (checkInclusion({ ...claim, size: claim.size / 2n })) accepted.push(`${leaf}/${size / 2}`);
      }
    expect(accepted).toEqual([]);
  });

  it('takes the size from the claim: the signed checkpoint, not the proof, says how large the tree is', () => {
    // Leaf 0 has the same two siblings above it in a tree of 3 and of 4 leaves.
    expect(checkInclusion({ ...inclusion(0, 3), size: 4n })).toBe(true);
    expect(checkInclusion({ ...inclusion(0, 3), root: tree.root(0n, 4n) })).toBe(false);
  });

  it('refuses a leaf at or beyond the size, and sizes and leaves below zero', () => {
    const alone = inclusion(0, 1);
    for (const [leaf, size] of [
      [0n, 0n],
      [1n, 1n],
      [2n, 1n],
      [-1n, 1n],
      [-1n, 0n],
      [-2n, -1n],
      [0n, -1n],
    ] as const)
      expect(checkInclusion({ ...alone, leaf, size })).toBe(false);
  });

  it('refuses a proof that climbs beyond the tree, also where it arrives at the claimed root', () => {
    for (let size = 1; size <= 20; size += 1)
      for (let leaf = 0; leaf < size; leaf += 1) {
        const claim = inclusion(leaf, size);
        const proof = [...claim.proof, STRANGER];
        expect(checkInclusion({ ...claim, proof, root: nodeOf(STRANGER, claim.root) })).toBe(false);
        expect(checkInclusion({ ...claim, proof, root: nodeOf(claim.root, STRANGER) })).toBe(false);
      }
  });

  it('refuses hashes cut at another byte: the same bytes under a node, another leaf', () => {
    const right = inclusion(1, 2);
    const left = inclusion(0, 2);
    const [before, after] = [right.proof[0] as Buffer, left.proof[0] as Buffer];
    const moved = [
      {
        ...right,
        leafHash: right.leafHash.subarray(1),
        proof: [join(before, right.leafHash.subarray(0, 1))],
      },
      { ...left, leafHash: left.leafHash.subarray(0, 31), proof: [join(left.leafHash.subarray(31), after)] },
    ];
    for (const claim of moved) expect(checkInclusion(claim)).toBe(false);
  });

  it('answers and never throws, whatever it is given', () => {
    const anyHash = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(...LEAVES),
    );
    const anyNumber = fc.bigInt(-(1n << 70n), 1n << 70n);
    fc.assert(
      fc.property(
        fc.record({
          leaf: anyNumber,
          size: anyNumber,
          leafHash: anyHash,
          proof: fc.array(anyHash, { maxLength: 80 }),
          root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
        }),
        (claim) => {
          expect(checkInclusion(claim)).toBe(false);
        },
      ),
    );
  });
});

describe('a check of consistency', () => {
  it('refuses a proof with a hash changed, missing, added, doubled, exchanged or of another length', () => {
    fc.assert(
      fc.property(anyConsistency, anyBit, (claim, bit) => {
        expect(checkConsistency(claim)).toBe(true);
        for (const proof of spoiltProofs(claim.proof, bit))
          expect(checkConsistency({ ...claim, proof })).toBe(false);
        expect(checkConsistency({ ...claim, proof: [] })).toBe(false);
      }),
    );
  });

  it('refuses a root with any bit changed or bytes missing, and roots that were exchanged', () => {
    fc.assert(
      fc.property(anyConsistency, anyBit, (claim, bit) => {
        const { fromRoot, toRoot } = claim;
        expect(checkConsistency({ ...claim, fromRoot: flipped(fromRoot, bit) })).toBe(false);
        expect(checkConsistency({ ...claim, toRoot: flipped(toRoot, bit) })).toBe(false);
        expect(checkConsistency({ ...claim, fromRoot: fromRoot.subarray(0, 31) })).toBe(false);
        expect(checkConsistency({ ...claim, toRoot: Buffer.alloc(0) })).toBe(false);
        expect(checkConsistency({ ...claim, fromRoot: toRoot, toRoot: fromRoot })).toBe(false);
      }),
    );
  });

  it('refuses every other smaller size, for all pairs to 40', () => {
    const accepted: string[] = [];
    for (let to = 2; to <= 40; to += 1)
      for (let from = 1; from < to; from += 1) {
        const claim = consistency(from, to);
        for (let other = -2n; other <= 80n; other += 1n)
          if (other !== claim.from && checkConsistency({ ...claim, from: other }))
            accepted.push(`${from} as ${other} to ${to}`);
      }
    expect(accepted).toEqual([]);
  });

  it('refuses a history that was rewritten: the older tree is not the beginning of the newer one', () => {
    fc.assert(
      fc.property(anyConsistency, fc.nat({ max: COUNT - 1 }), (claim, at) => {
        const changed = at % Number(claim.from);
        const rewritten = treeOf(LEAVES.with(changed, STRANGER));
        const forged = {
          ...claim,
          toRoot: rewritten.root(0n, claim.to),
          proof: rewritten.proof(claim.from, claim.to),
        };
        expect(checkConsistency(forged)).toBe(false);
      }),
    );
  });

  it('refuses a proof that climbs beyond the tree, also where it arrives at the claimed roots', () => {
    for (let to = 2; to <= 20; to += 1)
      for (let from = 1; from < to; from += 1) {
        const claim = consistency(from, to);
        const proof = [...claim.proof, STRANGER];
        const beyond = { ...claim, proof, toRoot: nodeOf(claim.toRoot, STRANGER) };
        expect(checkConsistency(beyond)).toBe(false);
        const bothBeyond = {
          ...claim,
          proof,
          fromRoot: nodeOf(STRANGER, claim.fromRoot),
          toRoot: nodeOf(STRANGER, claim.toRoot),
        };
        expect(checkConsistency(bothBeyond)).toBe(false);
      }
  });

  it('refuses hashes cut at another byte: the same bytes under a node, another older tree', () => {
    const claim = consistency(2, 4);
    const { fromRoot } = claim;
    const proof = [join(fromRoot.subarray(31), claim.proof[0] as Buffer)];
    expect(checkConsistency({ ...claim, fromRoot: fromRoot.subarray(0, 31), proof })).toBe(false);
  });

  it.each([1n, 2n, 4n, 5n, 64n])('refuses two trees of %s leaves, also with equal roots', (size) => {
    const root = tree.root(0n, size);
    for (const proof of [[], [root], [STRANGER], tree.path(0n, 0n, size)])
      expect(checkConsistency({ from: size, to: size, fromRoot: root, toRoot: root, proof })).toBe(false);
  });

  it.each([
    ['from an empty tree', 0n, 5n],
    ['to a smaller tree', 6n, 5n],
    ['from a negative size', -1n, 5n],
    ['between negative sizes', -5n, -1n],
  ])('refuses a proof %s', (_, from, to) => {
    const root = tree.root(0n, 5n);
    for (const proof of [[], [root], tree.proof(3n, 5n)])
      expect(checkConsistency({ from, to, fromRoot: root, toRoot: root, proof })).toBe(false);
  });

  it('answers and never throws, whatever it is given', () => {
    const anyHash = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    const anyNumber = fc.bigInt(-(1n << 70n), 1n << 70n);
    fc.assert(
      fc.property(
        fc.record({
          from: anyNumber,
          to: anyNumber,
          fromRoot: root,
          toRoot: root,
          proof: fc.array(fc.oneof(anyHash, fc.constantFrom(...LEAVES)), { maxLength: 80 }),
        }),
        (claim) => {
          expect(checkConsistency(claim)).toBe(false);
        },
      ),
    );
  });
});

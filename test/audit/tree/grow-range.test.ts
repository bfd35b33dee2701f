import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extendRange, rangeRoot } from '../../../src/audit/compact-range.js';
import { leafHash, nodeHash } from '../../../src/audit/leaf-hash.js';
import { growRange } from '../../../src/audit/tree/grow-range.js';
import { rangeProof } from '../../../src/audit/tree/proofs.js';

const leaves = Array.from({ length: 300 }, (_, i) => leafHash(`entry ${i}`));
const EMPTY = { size: 0n, hashes: [] };

async function read(level: number, index: bigint): Promise<Buffer> {
  if (level === 0) return leaves[Number(index)] as Buffer;
  return nodeHash(await read(level - 1, index * 2n), await read(level - 1, index * 2n + 1n));
}

describe('a compact range grown by subtrees', () => {
  it('is the one that its leaves give, for every range of every tree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(300), fc.nat(300), fc.nat(300), async (a, b, c) => {
        const [first, end, size] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
        const proof = await rangeProof(BigInt(first), BigInt(end - first), BigInt(size), read);
        const middle = extendRange({ size: BigInt(first), hashes: proof.left }, leaves.slice(first, end));
        const grown = growRange(middle, BigInt(size), proof.right);
        expect(grown).toEqual(extendRange(EMPTY, leaves.slice(0, size)));
        expect(rangeRoot(grown)).toEqual(rangeRoot(extendRange(EMPTY, leaves.slice(0, size))));
      }),
      { numRuns: 500 },
    );
  });

  it('is refused where subtrees are missing, too many, or the tree would shrink', () => {
    const range = extendRange(EMPTY, leaves.slice(0, 5));
    const [hash] = leaves as [Buffer];
    expect(() => growRange(range, 8n, [hash])).toThrow(RangeError);
    expect(() => growRange(range, 8n, [hash, hash, hash])).toThrow(RangeError);
    expect(() => growRange(range, 4n, [])).toThrow(RangeError);
  });
});

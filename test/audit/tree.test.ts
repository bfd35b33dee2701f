import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CompactRange,
  decodeRange,
  encodeRange,
  extendRange,
  rangeRoot,
} from '../../src/audit/compact-range.js';
import { emptyRoot, leafHash } from '../../src/audit/leaf-hash.js';
import { recursiveRoot } from './support/recursive-root.js';

const EMPTY: CompactRange = { size: 0n, hashes: [] };
const hex = (bytes: Buffer) => bytes.toString('hex');

/** The reference leaves of Certificate Transparency (all of them ASCII), and the roots of their first 0 to 8. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const referenceHashes = LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex').toString('latin1')));
const someHashes = (count: number) => Array.from({ length: count }, (_, i) => leafHash(`leaf ${i}`));

describe('the tree', () => {
  it('gives the published roots of Certificate Transparency for 0 to 8 leaves', () => {
    for (const [size, root] of ROOTS.entries())
      expect(hex(rangeRoot(extendRange(EMPTY, referenceHashes.slice(0, size))))).toBe(root);
  });

  it('gives the published hashes of RFC 6962 for the empty tree and the empty leaf', () => {
    expect(hex(emptyRoot())).toBe(ROOTS[0]);
    expect(hex(leafHash(''))).toBe(ROOTS[1]);
  });

  it('hashes the UTF-8 bytes of a line', () => {
    // printf '\x00\xc4\xb0' | sha256sum
    expect(hex(leafHash('İ'))).toBe('47119bbda9254a4881eba27660681977cc074e324b33fef5bef36a34c408c484');
  });

  it('has the root of the recursive definition of RFC 6962 §2.1 at every size to 300', () => {
    const hashes = someHashes(300);
    let range = EMPTY;
    for (let size = 0; size <= 300; size += 1) {
      expect(hex(rangeRoot(range))).toBe(hex(recursiveRoot(hashes.slice(0, size))));
      const next = hashes[size];
      if (next !== undefined) range = extendRange(range, [next]);
    }
  });

  it('does not depend on how leaves were cut into batches', () => {
    const hashes = someHashes(200);
    const whole = extendRange(EMPTY, hashes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }), (cuts) => {
        let range = EMPTY;
        let from = 0;
        for (const length of [...cuts, 200]) {
          range = extendRange(range, hashes.slice(from, from + length));
          from = Math.min(from + length, 200);
        }
        expect(encodeRange(range).equals(encodeRange(whole)) && range.size === 200n).toBe(true);
      }),
    );
  });

  it('goes on from what was kept, at any size', () => {
    const hashes = someHashes(70);
    for (let size = 0; size < 70; size += 1) {
      const kept = extendRange(EMPTY, hashes.slice(0, size));
      const read = decodeRange(kept.size, encodeRange(kept));
      expect(hex(rangeRoot(extendRange(read, hashes.slice(size))))).toBe(hex(recursiveRoot(hashes)));
    }
  });

  it('changes its root with every leaf that is changed, dropped or exchanged', () => {
    const hashes = someHashes(13);
    const roots = hashes.flatMap((_, i) => [
      hex(rangeRoot(extendRange(EMPTY, hashes.with(i, leafHash('other'))))),
      hex(rangeRoot(extendRange(EMPTY, hashes.toSpliced(i, 1)))),
      hex(rangeRoot(extendRange(EMPTY, hashes.with(i, hashes.at(i - 1) as Buffer)))),
    ]);
    expect(roots).not.toContain(hex(rangeRoot(extendRange(EMPTY, hashes))));
  });
});

describe('a kept compact range', () => {
  it('is refused where the number of hashes does not fit the size', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 60n), fc.nat({ max: 70 }), fc.nat({ max: 31 }), (size, count, more) => {
        const ones = [...size.toString(2)].filter((bit) => bit === '1').length;
        fc.pre(count !== ones || more !== 0);
        expect(() => decodeRange(size, Buffer.alloc(count * 32 + more))).toThrow(RangeError);
      }),
    );
    expect(() => decodeRange(-1n, Buffer.alloc(0))).toThrow(RangeError);
  });
});

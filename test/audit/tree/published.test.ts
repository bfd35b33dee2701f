import { describe, expect, it } from '@jest/globals';
import { leafHash } from '../../../src/audit/leaf-hash.js';
import {
  checkConsistency,
  checkInclusion,
  consistencyProof,
  inclusionProof,
  rootOf,
} from '../../../src/audit/tree/proofs.js';
import { treeOf } from './support/naive-tree.js';

const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));
const bytes = (hashes: readonly string[], encoding: 'hex' | 'base64' = 'hex') =>
  hashes.map((hash) => Buffer.from(hash, encoding));

/**
 * The sample tree of Certificate Transparency: google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
 * (kSHA256Roots, kSHA256Paths, kSHA256Proofs), repeated in Chromium's net/cert/ct_log_verifier_unittest.cc with the hashes
 * of the leaves. The inputs are bytes; all are ASCII, so a line carries them.
 */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const LEAF_HASHES = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
  '07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
  'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
  'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  '46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1',
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
/** Leaf from 0, size, path. The published table counts leaves from 1. */
const PATHS: readonly [number, number, readonly string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const PROOFS: readonly [number, number, readonly string[]][] = [
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const ofSize = (size: number) => Buffer.from(ROOTS[size] as string, 'hex');

describe('the sample tree of Certificate Transparency', () => {
  const hashes = INPUTS.map((input) => leafHash(Buffer.from(input, 'hex').toString('latin1')));
  const { read } = treeOf(hashes);

  it('has the published leaf hashes and roots', async () => {
    expect(hex(hashes)).toEqual(LEAF_HASHES);
    const roots = await Promise.all(ROOTS.map((_, size) => rootOf(BigInt(size), read)));
    expect(hex(roots)).toEqual(ROOTS);
  });

  it.each(PATHS)('has the published path of leaf %s in %s leaves, and it holds', async (leaf, size, path) => {
    expect(hex(await inclusionProof(BigInt(leaf), BigInt(size), read))).toEqual(path);
    const claim = { leafHash: hashes[leaf] as Buffer, proof: bytes(path), root: ofSize(size) };
    expect(checkInclusion({ leaf: BigInt(leaf), size: BigInt(size), ...claim })).toBe(true);
  });

  it.each(PROOFS)('has the published proof from %s to %s leaves, and it holds', async (from, to, proof) => {
    expect(hex(await consistencyProof(BigInt(from), BigInt(to), read))).toEqual(proof);
    const claim = { fromRoot: ofSize(from), toRoot: ofSize(to), proof: bytes(proof) };
    expect(checkConsistency({ from: BigInt(from), to: BigInt(to), ...claim })).toBe(true);
  });
});

/**
 * Answers of the log Google Argon 2020 as golang.org/x/mod keeps them in sumdb/tlog/testdata/argon2020 (sth.json,
 * proof.json, consistency.json) with sumdb/tlog/ct_test.go. The leaf hash is SHA-256(0x00 ‖ leaf_input of entries.json).
 */
describe('the Certificate Transparency log Argon 2020', () => {
  const size = 961984013n;
  const root = Buffer.from('dwlueapdd7LaOEnX2W2Wp9v2XE+KzejHRQGHwEx0oaM=', 'base64');
  const SHARED = [
    'GXIElfmnRuWfbA4z7ubV/UwlpSRUbUeec7oL5HDDnh0=',
    'pR0SH/NYP6s9+8azWwaeUXA4Ze/3WCIgMfh5YW6wvcE=',
    'f3GuAKYVrF8RBg3s15jvA/YvV9oAliWtzP/imwPhQVA=',
    'WHn8zDxlVgkV+lSlmzaOdfSBrTHoRr5nT3d76q0KKWE=',
    'f2uV2ZxVgULzLPKuZcowRY3ZY7fRlX59iDBjV1R8kNQ=',
    'NzQVjJsvQwbi7WStMr9oFkh9VbHfK7LB6o7WwAqwNTs=',
    'C0LttBeYHZHgL+032JIcJC3CTBIyza/hsbmJUgJfmDI=',
    'nixU5CWTFVDlF4BGdcU6kA7WSYurEpe9jRWc+F/7sOc=',
  ];

  it('has leaf 10,000 by its own proof', () => {
    const proof = bytes(
      [
        'T46AmJsuOM/gFiGlUp+IJJebp+1Z5qratFNW7U0JyOQ=',
        '9Jj1Feodn42uRYEfffkV4HF/EIPFQ5Zo9IwkxbQ2uhk=',
        'D53/1oCNebF4J59HHgioovKZxrmrKcVuCVhy3Izg8Ck=',
        'wSFDgGSrsXRPA+1c8WHoAFCsWeUv8NDyP/Q/SgsyVyY=',
        '516/RcwsgdwdzHn18v1dJHqBkgFUbNhmCIWOGjsMJaE=',
        'naTFY2ajLFgrgs5XUl+zJYZnnlJksLGsA1VYwpLfqbY=',
        'mKBRJo6qao+0Kdh/rhGkZUbHUAxMhrtrclrTpIbNjIg=',
        'Co4ueOFE7lpifLio94irxxsv1wFMMaK3tPu2ZQkHlro=',
        'yRgy800K6JMYCC05sWfqF2kvCg2riT/pVM+nEa6V5+0=',
        'n2O38XJZC8/Wpbwi9HhgVizlUyeUHVZvYyQB1607MRc=',
        'go3tAjuNfNSCj87y2Rg1xOroDknGN1eaf3cgvzObf7Q=',
        '8D0Mj3/J7ySSnFb0afIHYXv6rlOhECnsebY6XKi1IR8=',
        '6rcez46ZU8M5vPiWVMAUfJfAOV0pPP/mch/lYzZhj/M=',
        '2rtIeXrPvSdUyHc5maIgSAVB2BzaKaupWxSAiVayDE4=',
        'nniW/IMFQPN5xw8UsHFn7CRStYbm1gLu7NNa6kkRqJQ=',
        'mRPPi7sQS22MduIEyvcNzCNFqIt6kLwYPkNKrVtIcu8=',
        'JvTivzESNS9wHI8aph5a7uieVmtS/p9PciMZ5D6GyOo=',
        'UTyQd+Ym0wY4zG+qK806bBORwi1CSVvFQ/KknnqoZj8=',
        'hXODrqN+ff+U6zPqRQ+ZQKs6im1fPcxIerDSfNwflhE=',
        'II6GE+WY/DrpZzfHztLwkR46o37zVkNLCyPYlf68zA0=',
        'd609kWWcNBllbA8Jb/ad4XAVVGnScLRmtP8FYyr+Dck=',
        'rikBsP0G0gioXRpBFED2CzQdSLrGPvRd0bEcbEZw1rI=',
        ...SHARED,
      ],
      'base64',
    );
    const leaf = Buffer.from('nCs3mfIydh9x4CKyQ+u2xtmpxmFggA5MLymHwNQSlLg=', 'base64');
    expect(checkInclusion({ leaf: 10_000n, size, leafHash: leaf, proof, root })).toBe(true);
    expect(checkInclusion({ leaf: 10_001n, size, leafHash: leaf, proof, root })).toBe(false);
  });

  it('is consistent with itself at 3,654,490 leaves by its own proof', () => {
    const proof = bytes(
      [
        '80Sfbj6UQEdVSZCSIgh9NMPj3vCBzcc1A48B2crJSWg=',
        'FZcrgAHUk6nNPviJZq8kEK6jCG1d18pJOFE45ZDc1TQ=',
        'Q67reWXmPBo1UfmwBap4Xi9PMPfFdUSSw3WGlRZdG7k=',
        'eJ7CyhR4PxzBxDIsWgrVYW1eFUb9ndgf46tFmiqVrxA=',
        'QrDwp062Grm5WY8KdrhFsBuuNjGzRox2Jb8PmVL5OYw=',
        'XM4YMjMEdLH/XJam/ZWyaP14k3cmsOtnPsOWQ54lW1s=',
        'SGiBh+jOTGccXU48ZzgQ88lRcBmtB4wz4oSDndv2QTg=',
        'WAS6txqNLYKGL1GdBdpqmV42TTfn6cJsuDsqLXuTCNI=',
        'QFmRS0rirUA7ZN3lxFjDncV+E1OCrn3NUB4RCp+5fzc=',
        'Hdbp7It2XBNZmNDBpCN/KPd7vfVqxgzwOosqVIaEA9E=',
        'mxvHL0ZiblBdD7j7pIa1jlfB0gSqfJ6oX0UGo7L0VsU=',
        'q5hjyvoW6TL/PThgcitpDcSTrnKX2p1+aqscqH2euRA=',
        'jTOWDqt3IHj2NVFeezyBz2ofpru+ztEywqKUAfFclKI=',
        'GIRn0w3HqJdvU9j1WVD//eR6lk2AaTVjyzjsJNP8U88=',
        'x52GJvxG81fnQBrgOTbll1A5tz95/LXK0Ag1NhB0r1I=',
        '6/0OqrcTgc3o5dD5PymmoC96lB9yLPFuTHVvLy8fSGk=',
        'Gf+iKLfcXO5l4JEFmsZvSdG5q1uEeWPfYLrds6pmjz0=',
        'DGuaco+McyM3AfRSF6qX7RwSetwe2ieYJmxw5e9rVx0=',
        '2tQJ9V32hnYp+fdpP6TcjmgJmLeNVOMKM0Ml1kk4cNU=',
        '3PapK+IkyJr8I9yAErAmzuZezzLMzsg+PfeRCgNW8NQ=',
        's6xiYeejb+wtqHA+URJZ2I/SCPyIW8coP6aB00FJbMY=',
        'z9lSpmdTcr5M5ZzKlc4EPh3SrSypKFdk6JUF/UccaZU=',
        ...SHARED,
      ],
      'base64',
    );
    const fromRoot = Buffer.from('AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=', 'base64');
    const claim = { from: 3654490n, to: size, fromRoot, toRoot: root, proof };
    expect(checkConsistency(claim)).toBe(true);
    expect(checkConsistency({ ...claim, from: 3654491n })).toBe(false);
  });
});

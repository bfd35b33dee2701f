import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { openCheckpoint } from '../../src/audit/note/checkpoint.js';
import { openNote, parseVerifierKey } from '../../src/audit/note/note.js';
import { checkConsistency, checkInclusion } from '../../src/audit/tree/proofs.js';
import { leafOf, type Part, rootFromParts, treeOf } from '../audit/tree/support/naive-tree.js';

interface Inclusion {
  leaf: number;
  size: number;
  leafHash: string;
  proof: string[];
  root: string;
}
interface Consistency {
  from: number;
  to: number;
  fromRoot: string;
  toRoot: string;
  proof: string[];
}
interface Range {
  first: number;
  count: number;
  size: number;
  leafHashes: string[];
  left: string[];
  right: string[];
  root: string;
}
type Refused<T> = T & { why: string };

function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(`docs/vectors/${name}.json`, 'utf8')) as T;
}

const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');
const unhex = (text: string) => Buffer.from(text, 'hex');
const roots = vectors<{
  leaves: { line: string; leafHash: string }[];
  roots: { size: number; root: string }[];
}>('root');
/** The tree of root.json by the recursive definition, from its lines alone. */
const tree = treeOf(roots.leaves.map(({ line }) => leafOf(line)));
const rootAt = (size: number) => hex(tree.root(0n, BigInt(size)));

describe('docs/vectors', () => {
  it('is what the code gives now', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        './test/support/typescript-loader.mjs',
        'scripts/write-vectors.mjs',
        '--source',
        '--check',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is told file by file on its page', () => {
    const page = readFileSync('docs/vectors/README.md', 'utf8');
    for (const name of ['leaf', 'root', 'inclusion', 'consistency', 'range', 'note'])
      expect(page).toContain(`## ${name}.json`);
  });
});

describe('leaf.json', () => {
  const { leaves } = vectors<{ leaves: { line: string; bytes: string; leafHash: string }[] }>('leaf');

  it('has the hashes that the log makes', () => {
    expect(leaves.map(({ line }) => hex(leafHash(line)))).toEqual(leaves.map((leaf) => leaf.leafHash));
  });

  it('holds by SHA-256 over the bytes alone', () => {
    const hash = (bytes: string) => createHash('sha256').update(`00${bytes}`, 'hex').digest('hex');
    expect(leaves.map(({ bytes }) => hash(bytes))).toEqual(leaves.map((leaf) => leaf.leafHash));
    expect(leaves.map(({ bytes }) => unhex(bytes).toString('utf8'))).toEqual(leaves.map(({ line }) => line));
    expect(leaves.length).toBeGreaterThan(4);
  });
});

describe('root.json', () => {
  it('has every root from 0 leaves to all, by the recursive definition', () => {
    expect(roots.roots.map(({ size }) => size)).toEqual(
      Array.from({ length: roots.leaves.length + 1 }, (_, i) => i),
    );
    expect(roots.roots.map(({ root }) => root)).toEqual(roots.roots.map(({ size }) => rootAt(size)));
    expect(roots.leaves.map((leaf) => leaf.leafHash)).toEqual(
      roots.leaves.map(({ line }) => hex(leafOf(line))),
    );
  });
});

describe('inclusion.json', () => {
  const { holds, refused } = vectors<{ holds: Inclusion[]; refused: Refused<Inclusion>[] }>('inclusion');
  const check = (vector: Inclusion) =>
    checkInclusion({
      leaf: BigInt(vector.leaf),
      size: BigInt(vector.size),
      leafHash: unhex(vector.leafHash),
      proof: vector.proof.map(unhex),
      root: unhex(vector.root),
    });
  /** By the definition: the claim is word for word what the tree says. */
  const isSo = ({ leaf, size, proof, root, ...vector }: Inclusion) =>
    leaf < size &&
    rootAt(size) === root &&
    hex(tree.root(BigInt(leaf), BigInt(leaf + 1))) === vector.leafHash &&
    tree.path(BigInt(leaf), 0n, BigInt(size)).map(hex).join() === proof.join();

  it('has proofs that hold, in the check and by the definition', () => {
    expect(holds.filter((vector) => !check(vector) || !isSo(vector))).toEqual([]);
    expect(holds.length).toBeGreaterThan(50);
  });

  it('has claims that are refused, by the check and by the definition', () => {
    expect(refused.filter((vector) => check(vector) || isSo(vector))).toEqual([]);
    expect(refused.length).toBeGreaterThan(9);
  });
});

describe('consistency.json', () => {
  const { holds, refused } = vectors<{ holds: Consistency[]; refused: Refused<Consistency>[] }>(
    'consistency',
  );
  const check = ({ from, to, fromRoot, toRoot, proof }: Consistency) =>
    checkConsistency({
      from: BigInt(from),
      to: BigInt(to),
      fromRoot: unhex(fromRoot),
      toRoot: unhex(toRoot),
      proof: proof.map(unhex),
    });
  const isSo = ({ from, to, fromRoot, toRoot, proof }: Consistency) =>
    from > 0 &&
    from < to &&
    rootAt(from) === fromRoot &&
    rootAt(to) === toRoot &&
    tree.proof(BigInt(from), BigInt(to)).map(hex).join() === proof.join();

  it('has proofs that hold, in the check and by the definition', () => {
    expect(holds.filter((vector) => !check(vector) || !isSo(vector))).toEqual([]);
    expect(holds.length).toBeGreaterThan(50);
  });

  it('has claims that are refused, by the check and by the definition', () => {
    expect(refused.filter((vector) => check(vector) || isSo(vector))).toEqual([]);
    expect(refused.length).toBeGreaterThan(9);
  });
});

describe('range.json', () => {
  const { holds } = vectors<{ holds: Range[] }>('range');

  /** docs/audit-formats.md: the binary digits of F on the left, the largest aligned subtrees on the right. */
  function partsOf({ first, count, size, leafHashes, left, right }: Range): Part[] {
    const widths = [...first.toString(2)]
      .map((digit, i, all) => Number(digit) * 2 ** (all.length - 1 - i))
      .filter((width) => width > 0);
    const hashes = [...left.map((hash) => Buffer.from(hash, 'base64')), ...leafHashes.map(unhex)];
    widths.push(...leafHashes.map(() => 1));
    for (let at = first + count, i = 0; at < size; i += 1) {
      let width = 1;
      while (at % (width * 2) === 0 && at + width * 2 <= size) width *= 2;
      widths.push(width);
      hashes.push(Buffer.from(right[i] as string, 'base64'));
      at += width;
    }
    expect(hashes).toHaveLength(left.length + count + right.length);
    let from = 0n;
    return widths.map((width, i) => {
      const part = { from, to: from + BigInt(width), hash: hashes[i] as Buffer };
      from = part.to;
      return part;
    });
  }

  it('has proofs that give with their leaves the root of the tree', () => {
    for (const vector of holds) {
      expect(hex(rootFromParts(partsOf(vector), BigInt(vector.size)))).toBe(vector.root);
      expect(vector.root).toBe(rootAt(vector.size));
    }
    expect(holds.length).toBeGreaterThan(8);
  });

  it('gives another root where any hash is another one', () => {
    const other = leafOf('other');
    for (const vector of holds)
      for (const [list, i] of [
        ...vector.left.map((_, at) => ['left', at] as const),
        ...vector.right.map((_, at) => ['right', at] as const),
      ]) {
        const changed = { ...vector, [list]: vector[list].with(i, other.toString('base64')) };
        expect(hex(rootFromParts(partsOf(changed), BigInt(vector.size)))).not.toBe(vector.root);
      }
  });
});

describe('note.json', () => {
  const note = vectors<{
    seed: string;
    publicKey: string;
    name: string;
    id: string;
    verifierKey: string;
    opened: { what: string; text: string; note: string }[];
    refused: { why: string; note: string }[];
    checkpoint: { origin: string; size: number; root: string };
    noCheckpoint: { why: string; note: string }[];
    tlogProof: { leaf: number; line: string; text: string };
  }>('note');
  const key = parseVerifierKey(note.verifierKey);
  const { origin } = note.checkpoint;
  const expected = { origin, size: BigInt(note.checkpoint.size), root: unhex(note.checkpoint.root) };

  /** Signature of a text as another library makes it, in a line put together here. */
  const signedElsewhere = (text: string) => {
    const signature = ed25519.sign(Buffer.from(text, 'utf8'), unhex(note.seed));
    const line = Buffer.concat([unhex(note.id), signature]).toString('base64');
    return `${text}\n— ${note.name} ${line}\n`;
  };

  it('has the key of the published seed, and the id and verifier key that belong to it', () => {
    expect(hex(ed25519.getPublicKey(unhex(note.seed)))).toBe(note.publicKey);
    const id = createHash('sha256')
      .update(`${note.name}\n\u0001`)
      .update(note.publicKey, 'hex')
      .digest('hex')
      .slice(0, 8);
    expect(note.id).toBe(id);
    expect(note.verifierKey).toBe(`${note.name}+${id}+${unhex(`01${note.publicKey}`).toString('base64')}`);
    expect(hex(key.publicKey)).toBe(note.publicKey);
  });

  it('has notes that open to their text, with the signature that another library makes', () => {
    for (const vector of note.opened) {
      expect(openNote(vector.note, [key])).toEqual({ text: vector.text, signedBy: [key] });
      expect(vector.note.startsWith(signedElsewhere(vector.text))).toBe(true);
    }
    expect(note.opened.length).toBeGreaterThan(2);
  });

  it('has notes that are refused', () => {
    const opened = note.refused.filter((vector) => opens(() => openNote(vector.note, [key])));
    expect(opened.map(({ why }) => why)).toEqual([]);
    expect(note.refused.length).toBeGreaterThan(9);
  });

  it('has the checkpoint of the whole tree of root.json', () => {
    expect(openCheckpoint(note.opened[0]?.note as string, origin, [key])).toEqual(expected);
    expect(note.checkpoint.root).toBe(rootAt(note.checkpoint.size));
    const base64 = tree.root(0n, expected.size).toString('base64');
    expect(note.opened[0]?.note).toBe(signedElsewhere(`${origin}\n${expected.size}\n${base64}\n`));
  });

  it('has notes that are well signed and are no checkpoint of this log', () => {
    for (const vector of note.noCheckpoint) expect(openNote(vector.note, [key]).signedBy).toEqual([key]);
    const opened = note.noCheckpoint.filter((vector) =>
      opens(() => openCheckpoint(vector.note, origin, [key])),
    );
    expect(opened.map(({ why }) => why)).toEqual([]);
    expect(note.noCheckpoint.length).toBeGreaterThan(5);
  });

  it('has a tlog-proof of a leaf of root.json, line by line', () => {
    const { leaf, line, text } = note.tlogProof;
    const path = tree.path(BigInt(leaf), 0n, expected.size).map((hash) => hash.toString('base64'));
    expect(text.split('\n').slice(0, path.length + 3)).toEqual([
      'c2sp.org/tlog-proof@v1',
      `index ${leaf}`,
      ...path,
      '',
    ]);
    expect(text.endsWith(`\n\n${note.opened[0]?.note}`)).toBe(true);
    expect(line).toBe(roots.leaves[leaf]?.line);
  });

  function opens(work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'NOTE_INVALID' });
      return false;
    }
  }
});

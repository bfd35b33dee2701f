// Writes docs/vectors/*.json (but for timestamp.json) with the code of the log. `--check` writes nothing and exits 1 where a
// file is not what would be written; `--source` reads src/ instead of dist/ (needs a loader for TypeScript; the test does so).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FOLDER = fileURLToPath(new URL('../docs/vectors/', import.meta.url));
const WIDTH = 110;
const ORIGIN = 'log.example/vectors';
// RFC 8032 §7.1, test 1: a published test vector, no secret. It makes the files the same each time.
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const LINES = Array.from({ length: 21 }, (_, i) => `leaf ${i}`);
const SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 16, 21];

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, source: { type: 'boolean', default: false } },
});
const from = (file) => import(`../${values.source ? '' : 'dist/'}src/audit/${file}.js`);
const { leafHash, nodeHash } = await from('leaf-hash');
const { inclusionProof, consistencyProof, rangeProof, rootOf } = await from('tree/proofs');
const { createSigner, signNote } = await from('note/note');
const { formatCheckpoint } = await from('note/checkpoint');
const { formatTlogProof } = await from('note/tlog-proof');

const hashes = LINES.map(leafHash);
const hex = (hash) => hash.toString('hex');
const roots = await Promise.all(
  Array.from({ length: LINES.length + 1 }, (_, size) => rootOf(BigInt(size), read)),
);

const files = {
  'leaf.json': leaves(),
  'root.json': {
    leaves: LINES.map((line, i) => ({ line, leafHash: hex(hashes[i]) })),
    roots: roots.map((root, size) => ({ size, root: hex(root) })),
  },
  'inclusion.json': await inclusions(),
  'consistency.json': await consistencies(),
  'range.json': await ranges(),
  'note.json': await notes(),
};
for (const [name, content] of Object.entries(files)) {
  const text = `${print(content, '', '')}\n`;
  if (!values.check) writeFileSync(FOLDER + name, text);
  else if (!existsSync(FOLDER + name) || readFileSync(FOLDER + name, 'utf8') !== text) {
    console.error(`docs/vectors/${name} is not what the code gives: run node scripts/write-vectors.mjs`);
    process.exitCode = 1;
  }
}

async function read(level, index) {
  if (level === 0) return hashes[Number(index)];
  return nodeHash(await read(level - 1, index * 2n), await read(level - 1, index * 2n + 1n));
}

function leaves() {
  const entry =
    '{"at":"2026-05-05T10:00:01.000Z","data":{"code":"CLIENT_CERTIFICATE_UNKNOWN","count":3,"instance":"bridge-1",' +
    '"minute":"2026-05-05T10:00:00.000Z","source":"192.0.2.7"},"eventAt":"2026-05-05T10:00:00.000Z",' +
    '"id":"00000000-0000-4000-8000-000000000000","kind":"access.refused","sealed":{},"v":1}';
  const lines = [
    '',
    'leaf 0',
    '{"il":"İstanbul","unvan":"Çağrı Ağaç İşleri"}',
    '{"text":"a\\"b\\\\c\\n"}',
    entry,
  ];
  return {
    leaves: lines.map((line) => ({
      line,
      bytes: Buffer.from(line, 'utf8').toString('hex'),
      leafHash: hex(leafHash(line)),
    })),
  };
}

async function inclusion(leaf, size) {
  const proof = await inclusionProof(BigInt(leaf), BigInt(size), read);
  return { leaf, size, leafHash: hex(hashes[leaf]), proof: proof.map(hex), root: hex(roots[size]) };
}

async function inclusions() {
  const holds = [];
  for (const size of SIZES)
    for (let leaf = 0; leaf < size; leaf += 1) holds.push(await inclusion(leaf, size));
  const good = await inclusion(5, 13);
  const refused = [
    { why: 'the next leaf', ...good, leaf: 6 },
    { why: 'another leaf hash', ...good, leafHash: hex(hashes[6]) },
    { why: 'the root of another size', ...good, root: hex(roots[12]) },
    { why: 'the leaf is not in the tree', ...good, leaf: 13 },
    ...spoilt(good),
    { why: 'a hash too many in a tree of one leaf', ...(await inclusion(0, 1)), proof: [hex(hashes[0])] },
    { why: 'an empty tree', leaf: 0, size: 0, leafHash: hex(hashes[0]), proof: [], root: hex(roots[0]) },
  ];
  return { holds, refused };
}

async function consistency(older, newer) {
  const proof = await consistencyProof(BigInt(older), BigInt(newer), read);
  const fromRoot = hex(roots[older]);
  return { from: older, to: newer, fromRoot, toRoot: hex(roots[newer]), proof: proof.map(hex) };
}

async function consistencies() {
  const holds = [];
  for (const to of SIZES)
    for (let older = 1; older < to; older += 1) holds.push(await consistency(older, to));
  const good = await consistency(6, 13);
  const refused = [
    { why: 'another smaller size', ...good, from: 7 },
    { why: 'another smaller root', ...good, fromRoot: hex(roots[7]) },
    { why: 'another larger root', ...good, toRoot: hex(roots[12]) },
    { why: 'roots exchanged', ...good, fromRoot: good.toRoot, toRoot: good.fromRoot },
    ...spoilt(good),
    { why: 'no proof', ...good, proof: [] },
    { why: 'no proof from a power of two', ...(await consistency(8, 13)), proof: [] },
    { why: 'from an empty tree', ...good, from: 0, fromRoot: hex(roots[0]), proof: [] },
    { why: 'equal sizes have no proof', ...good, from: 13, fromRoot: good.toRoot, proof: [] },
    { why: 'to a smaller tree', ...good, from: 13, to: 6, fromRoot: good.toRoot, toRoot: good.fromRoot },
  ];
  return { holds, refused };
}

function spoilt(good) {
  const [first, second, ...rest] = good.proof;
  const changed = first.startsWith('0') ? `1${first.slice(1)}` : `0${first.slice(1)}`;
  return [
    { why: 'a hash changed', ...good, proof: [changed, second, ...rest] },
    { why: 'the first hash missing', ...good, proof: [second, ...rest] },
    { why: 'the last hash missing', ...good, proof: good.proof.slice(0, -1) },
    { why: 'a hash added', ...good, proof: [...good.proof, first] },
    { why: 'two hashes exchanged', ...good, proof: [second, first, ...rest] },
    { why: 'a hash of 31 bytes', ...good, proof: [first.slice(2), second, ...rest] },
  ];
}

/** `left` and `right` are base64, as in proofs/range.json of an export. */
async function ranges() {
  const cases = [
    [0, 21, 21],
    [0, 13, 21],
    [1, 1, 2],
    [5, 3, 13],
    [6, 7, 21],
    [7, 0, 13],
    [8, 5, 13],
    [8, 8, 21],
    [11, 10, 21],
    [20, 1, 21],
  ];
  const holds = [];
  for (const [first, count, size] of cases) {
    const { left, right } = await rangeProof(BigInt(first), BigInt(count), BigInt(size), read);
    const base64 = (list) => list.map((hash) => hash.toString('base64'));
    const leafHashes = hashes.slice(first, first + count).map(hex);
    holds.push({
      first,
      count,
      size,
      leafHashes,
      left: base64(left),
      right: base64(right),
      root: hex(roots[size]),
    });
  }
  return { holds };
}

async function notes() {
  const signer = signerOf(SEED);
  const sign = (text) => signNote(text, signer);
  const checkpoint = { origin: ORIGIN, size: BigInt(LINES.length), root: roots[LINES.length] };
  const text = formatCheckpoint(checkpoint);
  const note = sign(text);
  const poem = 'İlk satır\n\nboş satırdan sonra\n';
  const proof = await inclusionProof(5n, checkpoint.size, read);
  return {
    seed: SEED,
    publicKey: hex(signer.key.publicKey),
    name: signer.key.name,
    id: hex(signer.key.id),
    verifierKey: signer.key.text,
    opened: [
      { what: 'a checkpoint', text, note },
      { what: 'beside a signature by an unknown key', text, note: note + stranger(1) },
      { what: 'a text with an empty line and letters beyond ASCII', text: poem, note: sign(poem) },
    ],
    refused: refusedNotes(note, sign, signer),
    checkpoint: { origin: ORIGIN, size: LINES.length, root: hex(checkpoint.root) },
    noCheckpoint: noCheckpoints(text, sign),
    tlogProof: { leaf: 5, line: LINES[5], text: formatTlogProof({ leaf: 5n, proof, checkpoint: note }) },
  };
}

function refusedNotes(note, sign, signer) {
  const line = (text) => sign(text).slice(text.length + 1);
  const empty = `\u2014 ${ORIGIN} ${signer.key.id.toString('base64')}\n`;
  return [
    { why: 'the text was changed', note: note.replace('\n21\n', '\n22\n') },
    {
      why: 'the signature is over another text',
      note: note.split('\n\n')[0].concat('\n\n', line('other\n')),
    },
    { why: 'a second signature by the same key does not verify', note: note + line('other\n') },
    { why: 'signed by an unknown key alone', note: note.split('\n\n')[0].concat('\n\n', stranger(1)) },
    { why: 'the signature is the key id alone', note: note.split('\n\n')[0].concat('\n\n', empty) },
    { why: 'no signature', note: note.split('\n\n')[0].concat('\n') },
    { why: 'the last newline is missing', note: note.slice(0, -1) },
    { why: 'carriage returns', note: note.replaceAll('\n', '\r\n') },
    { why: 'a line below the blank line is no signature', note: `${note}more\n` },
    { why: 'a hyphen instead of the em dash', note: note.replace('\u2014', '-') },
    { why: 'base64 without its padding', note: note.replace(/=+\n$/, '\n') },
    { why: '17 signatures: more than this log allows', note: note + stranger(16) },
  ];
}

/** Each is signed well and is no checkpoint of this log. */
function noCheckpoints(text, sign) {
  const [origin, size, root] = text.split('\n');
  const of = (why, ...lines) => ({ why, note: sign(lines.map((line) => `${line}\n`).join('')) });
  return [
    of('another origin', `${origin}/other`, size, root),
    of('a size with a leading zero', origin, `0${size}`, root),
    of('a negative size', origin, `-${size}`, root),
    of('a root of 31 bytes', origin, size, Buffer.from(root, 'base64').subarray(1).toString('base64')),
    of('a root in hex', origin, size, Buffer.from(root, 'base64').toString('hex')),
    of('no root', origin, size),
    of('an empty line', origin, size, root, ''),
  ];
}

function stranger(count) {
  const signature = Buffer.concat([Buffer.from('01020304', 'hex'), Buffer.alloc(64, 7)]);
  return `\u2014 stranger.example ${signature.toString('base64')}\n`.repeat(count);
}

/** The seed in PKCS#8 (RFC 8410 §7). */
function signerOf(seed) {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex').toString('base64');
  const label = 'PRIVATE KEY';
  return createSigner(ORIGIN, `-----BEGIN ${label}-----\n${der}\n-----END ${label}-----\n`);
}

/** JSON as the formatter writes it: objects on many lines, a list of texts on one line where it fits. */
function print(value, key, indent) {
  const open = key === '' ? indent : `${indent}${JSON.stringify(key)}: `;
  if (typeof value !== 'object') return open + JSON.stringify(value);
  const [left, right] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const isList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  // A comma may follow.
  const line = isList && `${open}[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
  if (isList && line.length < WIDTH) return line;
  const items = Array.isArray(value)
    ? value.map((item) => print(item, '', `${indent}  `))
    : Object.entries(value).map(([name, item]) => print(item, name, `${indent}  `));
  return `${open}${left}\n${items.join(',\n')}\n${indent}${right}`;
}

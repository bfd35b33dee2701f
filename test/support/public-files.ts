import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

// Whoever watches the log from outside: C2SP tlog-tiles and RFC 6962 as they are written there, on purpose not our own code.

/** A checkpoint as it came over the wire. */
export interface SeenCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

export function get(url: string, caFile: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca: readFileSync(caFile), agent: false, timeout: 15_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function fetched(url: string, caFile: string): Promise<Buffer> {
  const { status, body } = await get(url, caFile);
  if (status !== 200) throw new Error(`${url}: ${status}`);
  return body;
}

/** The newest checkpoint, its signature checked against a verifier key in signed-note form. */
export async function fetchCheckpoint(web: string, caFile: string, vkey: string): Promise<SeenCheckpoint> {
  return readCheckpoint((await fetched(`${web}/audit/checkpoint`, caFile)).toString('utf8'), vkey);
}

export function readCheckpoint(note: string, vkey: string): SeenCheckpoint {
  const [name = '', , key = ''] = vkey.split(/\+(?=[0-9a-f]{8}\+)|(?<=\+[0-9a-f]{8})\+/);
  const end = note.indexOf('\n\n');
  const text = note.slice(0, end + 1);
  const line = note
    .slice(end + 2)
    .split('\n')
    .find((one) => one.startsWith(`\u2014 ${name} `));
  const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64').subarray(4);
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key, 'base64').subarray(1).toString('base64url') },
    format: 'jwk',
  });
  if (!verify(null, Buffer.from(text), publicKey, signature)) throw new Error('the signature does not hold');
  const [origin = '', size = '', root = ''] = text.split('\n');
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), note };
}

function pathOf(level: number, index: number, width: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `tile/${level}/${groups.join('/')}${width === 256 ? '' : `.p/${width}`}`;
}

/** All hashes of one level of tiles for a tree of `size` leaves. */
export async function fetchLevel(
  web: string,
  caFile: string,
  level: number,
  size: number,
): Promise<Buffer[]> {
  const count = Math.floor(size / 256 ** level);
  const hashes: Buffer[] = [];
  for (let index = 0; index * 256 < count; index += 1) {
    const width = Math.min(256, count - index * 256);
    const tile = await fetched(`${web}/audit/${pathOf(level, index, width)}`, caFile);
    if (tile.length !== width * 32) throw new Error('a tile of another width');
    for (let at = 0; at < tile.length; at += 32) hashes.push(tile.subarray(at, at + 32));
  }
  return hashes;
}

function sha256(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

export function hashOfLine(line: string): Buffer {
  return sha256(Buffer.from([0]), Buffer.from(line, 'utf8'));
}

export function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.from([1]), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** The roots of the trees of the first `size` leaves, for each of `sizes`, in one pass over them. */
export function rootsAt(leaves: readonly Buffer[], sizes: Iterable<number>): Map<number, Buffer> {
  const wanted = new Set(sizes);
  const roots = new Map<number, Buffer>();
  const subtrees: Buffer[] = [];
  leaves.forEach((leaf, place) => {
    let hash = leaf;
    for (let rest = place; rest % 2 === 1; rest = (rest - 1) / 2)
      hash = sha256(Buffer.from([1]), subtrees.pop() as Buffer, hash);
    subtrees.push(hash);
    if (wanted.has(place + 1)) roots.set(place + 1, rootOfRange(Buffer.concat(subtrees)));
  });
  return roots;
}

/** The complete subtrees of a head, largest first, folded from the right. */
export function rootOfRange(bytes: Buffer): Buffer {
  const hashes = Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
  return hashes.reduceRight((right, left) => sha256(Buffer.from([1]), left, right));
}

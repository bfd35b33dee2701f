import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH of RFC 6962 §2.1, as it is written there, over leaf hashes. */
export function recursiveRoot(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0] as Buffer;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return sha256(Buffer.of(1), recursiveRoot(hashes.slice(0, k)), recursiveRoot(hashes.slice(k)));
}

/** The leaf hash of RFC 6962 §2.1, by its own means. */
export function plainLeafHash(line: string): Buffer {
  return sha256(Buffer.of(0), Buffer.from(line, 'utf8'));
}

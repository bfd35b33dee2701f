import { createHash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** RFC 6962 §2.1 leaf hash: SHA-256(0x00 ‖ UTF-8 bytes of the entry's line, without newline). */
export function leafHash(line: string): Buffer {
  return createHash('sha256').update(LEAF).update(line, 'utf8').digest();
}

/** RFC 6962 §2.1 node hash: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** Root of the empty tree: SHA-256 of nothing (RFC 6962 §2.1). */
export function emptyRoot(): Buffer {
  return createHash('sha256').digest();
}

import { BridgeError } from '../../errors/bridge-error.js';
import { decodeBase64 } from './base64.js';
import { openNote, type VerifierKey } from './note.js';

const HASH_BYTES = 32;
// What a `bigint` column holds; also bounds the number that is read from a text.
const MAX_SIZE = (1n << 63n) - 1n;
const SIZE = /^(0|[1-9]\d{0,18})$/;

/** The head of a tree: `root` (32 bytes) of its first `size` leaves, in the log named `origin`. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Buffer;
}

/**
 * The note text of a checkpoint (C2SP tlog-checkpoint): origin, decimal size, base64 root, each ended by LF, and no
 * extension lines. Throws `NOTE_INVALID` for what `parseCheckpoint` would not read.
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  if (parseCheckpoint(text).origin !== origin) throw invalid('the origin is one line');
  return text;
}

/**
 * Reads the text of a note as a checkpoint; extension lines are passed over. Nothing of it may be believed before the
 * note was opened: `openCheckpoint` does both. Throws `NOTE_INVALID`.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, ...rest] = text.split('\n');
  if (origin === undefined || size === undefined || root === undefined || rest.pop() !== '')
    throw invalid('at least three lines, each ended by LF');
  if (origin === '' || rest.includes('')) throw invalid('a line is empty');
  if (!SIZE.test(size) || BigInt(size) > MAX_SIZE) throw invalid('the second line is no size');
  const bytes = decodeBase64(root);
  if (bytes?.length !== HASH_BYTES) throw invalid('the third line is no hash');
  return { origin, size: BigInt(size), root: bytes };
}

/**
 * The checkpoint of the log `origin` in a note signed by one of `keys`. Throws `NOTE_INVALID` as `openNote` does, and for
 * the checkpoint of another log: one key may serve more than one.
 */
export function openCheckpoint(note: string, origin: string, keys: readonly VerifierKey[]): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, keys).text);
  if (checkpoint.origin !== origin) throw invalid('it is the checkpoint of another log');
  return checkpoint;
}

function invalid(message: string): BridgeError {
  return new BridgeError('NOTE_INVALID', `checkpoint: ${message}`);
}

import type { JsonObject } from '../canonical-json.js';
import type { SealedValue } from '../seal.js';

/** An entry as it stands in the database, read. */
export interface ReadEntry {
  readonly leaf: bigint;
  readonly hash: Buffer;
  readonly line: string;
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly data: JsonObject;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

/** Entries [from, end) in leaf order, none missing. */
export interface Piece {
  readonly from: bigint;
  readonly end: bigint;
  readonly entries: readonly ReadEntry[];
}

/**
 * Something that is held against the entries while they are read once from the first to the last. Throws `FoundDifference`.
 */
export interface LineCheck {
  readonly name: string;
  take(piece: Piece): Promise<void>;
  /** After the last piece: what is left over. Resolves with one sentence about what was found in order. */
  finish(size: bigint): Promise<string>;
}

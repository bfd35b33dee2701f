import type { Transaction } from '../storage/database.js';
import type { EntryDraft, Receipt } from './entry.js';

/** A change that belongs to an entry and happens in its transaction or not at all. Typed data, never a function. */
export interface Effect {
  readonly kind: string;
}

/** An effect with the receipt of the last entry of the item that it belongs to; `leafOf`: where an entry of that item stands, by its id. */
export interface PlacedEffect<E extends Effect = Effect> {
  readonly effect: E;
  readonly receipt: Receipt;
  leafOf(entryId: string): bigint;
}

/** Applies all effects of one kind of a batch, set-wise and in key order. */
export interface EffectApplier<E extends Effect = Effect> {
  readonly kind: E['kind'];
  apply(tx: Transaction, placed: readonly PlacedEffect<E>[]): Promise<void>;
}

/**
 * What one item has become once its lane has read what it needs: entries, their effects, and the answer. An item without
 * entries changes nothing: after a lost COMMIT its entries are all that tells whether it happened.
 */
export interface Settled<R> {
  readonly entries: readonly EntryDraft[];
  readonly effects: readonly Effect[];
  /** Called after COMMIT with one receipt for each entry, in their order. Must not fail. */
  answer(receipts: readonly Receipt[]): R;
}

/**
 * A way into the log. `settle` reads set-wise for all items of the batch, inside its transaction, and decides each;
 * what it locks it locks in key order. It keeps nothing in memory: the batch may be rolled back and settled again.
 */
export interface Lane<I, R> {
  readonly name: string;
  /** How long (ms) an item may wait for a database that is down before it is given up with `AUDIT_UNAVAILABLE`. */
  readonly patienceMs: number;
  /**
   * True for what takes a right, a session or a key away: the item's batch holds `TAKE_BATCH_LOCK` instead of sharing it,
   * and it stands in it alone, so that nothing is sealed or decided beside it by what it takes away.
   */
  readonly exclusive?: boolean;
  settle(tx: Transaction, items: readonly I[], now: Date): Promise<readonly Settled<R>[]>;
}

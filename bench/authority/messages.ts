import type { Size } from './size.js';

/** Ways to come to the same decisions. `sql`: one reading each, ten at once; `sql-batch`: a hundred in one reading. */
export const WAYS = ['memory', 'sql', 'sql-batch'] as const;
export type Way = (typeof WAYS)[number];

/** What loading costs. */
export interface Loaded {
  readonly ms: number;
  /** Of the heap after a collection, before and after. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly rssBeforeBytes: number;
}

/** Decisions of one run. Latencies in ms: of each decision, or of each reading with `sql-batch`. */
export interface Decided {
  readonly decisions: number;
  readonly ms: number;
  readonly latencies: Float64Array;
}

export type ToProcess =
  /** Handed over by message, so that no secret stands on a command line. */
  | { readonly type: 'load'; readonly url: string; readonly tagKey: Buffer; readonly size: Size }
  | { readonly type: 'compare'; readonly count: number }
  | { readonly type: 'decide'; readonly way: Way; readonly ms: number };
export type FromProcess =
  | ({ readonly type: 'loaded' } & Loaded)
  /** How many decisions were the same both ways, and how many of them were a yes. */
  | { readonly type: 'compared'; readonly same: number; readonly granted: number }
  | ({ readonly type: 'decided' } & Decided)
  | { readonly type: 'failed'; readonly message: string };

import { BridgeError, isBridgeError } from '../errors/bridge-error.js';
import type { Database } from '../storage/database.js';
import { appendBatch, type BatchTools } from './append-batch.js';
import { SHARE_BATCH_LOCK, TAKE_BATCH_LOCK } from './batch-lock.js';
import type { Receipt } from './entry.js';
import { findEntries } from './find-entries.js';
import type { Lane, Settled } from './lane.js';
import { troubleOf } from './trouble.js';
import type { Waiting } from './waiting-line.js';

/** What one transaction needs from outside. */
export interface WriteTools extends BatchTools {
  readonly db: Database;
  readonly now: () => Date;
  /** Waits a moment while the database is down. Never fails. */
  readonly pause: () => Promise<void>;
  /** Told while the fate of a COMMIT is being learnt and the database stays away: others need not wait for that. */
  readonly whileDown: (cause: unknown) => void;
}

/**
 * How one transaction ended. `written`: `receipts` of each item, in order. `failed`: surely nothing was written.
 * `unknown`: nobody can tell, so no item may be written again and none answered as written.
 */
export type WriteResult =
  | {
      readonly kind: 'written';
      readonly settled: readonly Settled<unknown>[];
      readonly receipts: readonly Receipt[][];
    }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: BridgeError };

/** How long at least the fate of a lost COMMIT is looked for, whatever the patience of those who wait: ms. */
const LEAST_LOOK_MS = 2_000;

/** One transaction for the batch; never throws. Where COMMIT's answer is lost, the log itself is asked what happened. */
export async function writeBatch(batch: readonly Waiting[], tools: WriteTools): Promise<WriteResult> {
  let settled: readonly Settled<unknown>[] = [];
  try {
    const receipts = await tools.db.transaction(
      async (tx) => {
        const now = tools.now();
        settled = await settleLanes(batch, (lane, items) => lane.settle(tx, items, now));
        return appendBatch(tx, settled, tools, now);
      },
      { begin: batch.some(({ lane }) => lane.exclusive) ? TAKE_BATCH_LOCK : SHARE_BATCH_LOCK },
    );
    return { kind: 'written', settled, receipts };
  } catch (error) {
    if (isBridgeError(error, 'COMMIT_UNKNOWN')) return learnFate(batch, settled, tools, error);
    return { kind: 'failed', error };
  }
}

async function learnFate(
  batch: readonly Waiting[],
  settled: readonly Settled<unknown>[],
  tools: WriteTools,
  lost: BridgeError,
): Promise<WriteResult> {
  const ids = settled.flatMap((item) => item.entries.map((entry) => entry.id));
  const leastUntil = performance.now() + LEAST_LOOK_MS;
  const until = batch.reduce((latest, waiting) => Math.max(latest, waiting.giveUpAt), leastUntil);
  for (;;) {
    try {
      const found = await tools.db.transaction((tx) => findEntries(tx, ids));
      // It did not happen: the same as a connection that broke before COMMIT.
      if (found.size === 0) return { kind: 'failed', error: lost };
      return { kind: 'written', settled, receipts: receiptsOf(settled, found) };
    } catch (error) {
      if (troubleOf(error) === 'item' || performance.now() > until)
        return { kind: 'unknown', error: unknownFate(error) };
      tools.whileDown(error);
      const now = performance.now();
      for (const waiting of batch) {
        if (Math.max(waiting.giveUpAt, leastUntil) <= now) waiting.reject(unknownFate(error));
      }
      await tools.pause();
    }
  }
}

function receiptsOf(
  settled: readonly Settled<unknown>[],
  found: ReadonlyMap<string, Receipt>,
): readonly Receipt[][] {
  return settled.map((item) =>
    item.entries.map(({ id }) => {
      const receipt = found.get(id);
      if (receipt === undefined) throw new BridgeError('ENTRY_INVALID', 'half of a batch stands in the log');
      return receipt;
    }),
  );
}

function unknownFate(cause: unknown): BridgeError {
  return new BridgeError('AUDIT_UNAVAILABLE', 'the fate of a COMMIT could not be learnt', { cause });
}

/** Hands each lane its items at once and puts the results back into the order of the batch. */
async function settleLanes(
  batch: readonly Waiting[],
  settle: (lane: Lane<unknown, unknown>, items: readonly unknown[]) => Promise<readonly Settled<unknown>[]>,
): Promise<readonly Settled<unknown>[]> {
  const byLane = new Map<Lane<unknown, unknown>, number[]>();
  batch.forEach((waiting, i) => {
    const places = byLane.get(waiting.lane) ?? [];
    places.push(i);
    byLane.set(waiting.lane, places);
  });
  const settled: Settled<unknown>[] = new Array(batch.length);
  // In order of names: two instances lock the rows of their lanes in the same order.
  const lanes = [...byLane].sort(([a], [b]) => (a.name < b.name ? -1 : 1));
  for (const [lane, places] of lanes) {
    const results = await settle(
      lane,
      places.map((i) => batch[i]?.item),
    );
    if (results.length !== places.length)
      throw new BridgeError('ENTRY_INVALID', 'a lane settled another number of items');
    places.forEach((place, i) => {
      settled[place] = results[i] as Settled<unknown>;
    });
  }
  return settled;
}

import { BridgeError, isBridgeError } from '../errors/bridge-error.js';
import type { Database } from '../storage/database.js';
import { appendBatch, type BatchTools } from './append-batch.js';
import { SHARE_BATCH_LOCK } from './batch-lock.js';
import type { Receipt } from './entry.js';
import { findEntries } from './find-entries.js';
import type { Lane, Settled } from './lane.js';

/** How the appender works; times in ms. */
export interface AppenderSettings {
  /** Items in one transaction at the most: bounds what one failure can undo and how long the head is held. */
  readonly maxBatch: number;
  /** Items waiting at the most; beyond it `AUDIT_OVERLOADED` at once, so that nobody waits for nothing. */
  readonly maxQueue: number;
}

/** What the appender needs from outside. */
export interface AppenderDeps extends BatchTools {
  readonly db: Database;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of each batch: for metrics only. */
  readonly observe?: (batch: {
    readonly items: number;
    readonly ms: number;
    readonly queued: number;
    readonly failed: boolean;
  }) => void;
}

/** The one way into the log. Many callers, one order. */
export interface Appender {
  /**
   * Settles `item` in its lane and writes its entries and effects durably; resolves after COMMIT only.
   * Errors: `AUDIT_UNAVAILABLE` (nothing is known to have been written), `AUDIT_OVERLOADED`, and what the lane throws.
   */
  submit<I, R>(lane: Lane<I, R>, item: I): Promise<R>;
  /** Waits until everything handed in has ended; further items are refused with `AUDIT_UNAVAILABLE`. */
  close(): Promise<void>;
}

interface Waiting {
  readonly lane: Lane<unknown, unknown>;
  readonly item: unknown;
  readonly giveUpAt: number;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

interface Outcome {
  readonly waiting: Waiting;
  readonly settled: Settled<unknown>;
  readonly receipts: readonly Receipt[];
}

/** While the database is down: short enough to be back soon, long enough not to burn a core. */
const PAUSE_MS = 100;

/** A group-commit appender: whatever waits when a transaction ends goes into the next one together. */
export function createAppender(settings: AppenderSettings, deps: AppenderDeps): Appender {
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  const run = async () => {
    while (queue.length > 0) {
      const batch = queue.slice(0, settings.maxBatch);
      queue = queue.slice(settings.maxBatch);
      const from = performance.now();
      const failed = !(await writeBatch(batch, deps));
      deps.observe?.({ items: batch.length, ms: performance.now() - from, queued: queue.length, failed });
    }
    running = undefined;
  };

  return {
    submit: (lane, item) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new BridgeError('AUDIT_UNAVAILABLE', 'the log is closing'));
        if (queue.length >= settings.maxQueue)
          return reject(new BridgeError('AUDIT_OVERLOADED', 'the log has too much waiting'));
        const giveUpAt = performance.now() + lane.patienceMs;
        queue.push({
          lane: lane as Lane<unknown, unknown>,
          item,
          giveUpAt,
          resolve: resolve as (answer: unknown) => void,
          reject,
        });
        // The batch is taken a tick later, so that everything that arrives in this turn goes into it.
        running ??= Promise.resolve().then(run);
      }),
    close: async () => {
      closed = true;
      await running;
    },
  };
}

/** Brings every item of `batch` to its end; false where something of it failed. */
async function writeBatch(batch: readonly Waiting[], deps: AppenderDeps): Promise<boolean> {
  let rest = batch;
  for (;;) {
    try {
      for (const { waiting, settled, receipts } of await tryBatch(rest, deps))
        answerOne(waiting, settled, receipts);
      return rest.length === batch.length;
    } catch (error) {
      if (isBridgeError(error, 'DATABASE_UNAVAILABLE')) {
        rest = giveUpTheImpatient(rest, error);
        if (rest.length === 0) return false;
        await deps.sleep(PAUSE_MS);
      } else if (rest.length === 1 || isBridgeError(error, 'AUDIT_UNAVAILABLE')) {
        for (const one of rest) one.reject(error);
        return false;
      } else {
        // One item spoils the batch: alone, only that one fails.
        for (const one of rest) await writeBatch([one], deps);
        return false;
      }
    }
  }
}

function answerOne(waiting: Waiting, settled: Settled<unknown>, receipts: readonly Receipt[]): void {
  try {
    waiting.resolve(settled.answer(receipts));
  } catch (error) {
    waiting.reject(error);
  }
}

function giveUpTheImpatient(batch: readonly Waiting[], cause: unknown): readonly Waiting[] {
  const now = performance.now();
  for (const waiting of batch) {
    if (waiting.giveUpAt <= now)
      waiting.reject(new BridgeError('AUDIT_UNAVAILABLE', 'the log cannot be written', { cause }));
  }
  return batch.filter((waiting) => waiting.giveUpAt > now);
}

/** One transaction for the batch. Where COMMIT's answer is lost, the log itself is asked what happened. */
async function tryBatch(batch: readonly Waiting[], deps: AppenderDeps): Promise<readonly Outcome[]> {
  let settled: readonly Settled<unknown>[] = [];
  try {
    const receipts = await deps.db.transaction(
      async (tx) => {
        const now = deps.now();
        settled = await settleLanes(batch, (lane, items) => lane.settle(tx, items, now));
        return appendBatch(tx, settled, deps, now);
      },
      { begin: SHARE_BATCH_LOCK },
    );
    return batch.map((waiting, i) => outcomeOf(waiting, settled[i], receipts[i]));
  } catch (error) {
    if (!isBridgeError(error, 'COMMIT_UNKNOWN')) throw error;
    const found = await lookAfterLostCommit(batch, settled, deps);
    if (found !== undefined) return found;
    // It did not happen: the same as a connection that broke before COMMIT.
    throw new BridgeError('DATABASE_UNAVAILABLE', 'the batch was lost before COMMIT', { cause: error });
  }
}

async function lookAfterLostCommit(
  batch: readonly Waiting[],
  settled: readonly Settled<unknown>[],
  deps: AppenderDeps,
) {
  const ids = settled.flatMap((item) => item.entries.map((entry) => entry.id));
  const until = Math.max(...batch.map((waiting) => waiting.giveUpAt), performance.now() + 2_000);
  for (;;) {
    try {
      const found = await deps.db.transaction((tx) => findEntries(tx, ids));
      if (found.size === 0) return undefined;
      return batch.map((waiting, i) => {
        const item = settled[i];
        return outcomeOf(
          waiting,
          item,
          item?.entries.map((entry) => found.get(entry.id) as Receipt),
        );
      });
    } catch (error) {
      if (!isBridgeError(error, 'DATABASE_UNAVAILABLE', 'COMMIT_UNKNOWN') || performance.now() > until) {
        // Nobody can tell: no item may be written again, and none may be answered as written.
        throw new BridgeError('AUDIT_UNAVAILABLE', 'the fate of a COMMIT could not be learnt', {
          cause: error,
        });
      }
      await deps.sleep(PAUSE_MS);
    }
  }
}

function outcomeOf(
  waiting: Waiting,
  settled: Settled<unknown> | undefined,
  receipts: readonly Receipt[] | undefined,
): Outcome {
  if (settled === undefined || receipts === undefined)
    throw new BridgeError('ENTRY_INVALID', 'a lane settled fewer items than it was given');
  return { waiting, settled, receipts };
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

import { BridgeError } from '../errors/bridge-error.js';
import type { Database } from '../storage/database.js';
import type { BatchTools } from './append-batch.js';
import type { Lane } from './lane.js';
import { createPartitions, type Partitions } from './partitions.js';
import { troubleOf } from './trouble.js';
import { createWaitingLine, type Group, type WaitingLine } from './waiting-line.js';
import { type WriteResult, type WriteTools, writeBatch } from './write-batch.js';

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
  /** Told of each batch, and of what it took until it was written or split up: for metrics only. */
  readonly observe?: (batch: {
    readonly items: number;
    readonly ms: number;
    readonly queued: number;
    readonly failed: boolean;
  }) => void;
  /** Told where a partition could not be made ahead of time; hours or days remain to mend it. */
  readonly onPartitionTrouble?: (error: unknown) => void;
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

/** While the database is down: short enough to be back soon, long enough not to burn a core. */
const PAUSE_MS = 100;
/** Collisions (one side of each goes on, so they end) and partitions that were missing, before the group waits like others. */
const MAX_TRIES_AT_ONCE = 5;

/**
 * While a whole batch waits, a second one is prepared beside the COMMIT of the first, as another instance would do it; the
 * head's lock keeps them in one order. With less waiting, two small batches would cost more than one.
 */
const MAX_WRITERS = 2;

/** A group-commit appender: whatever waits when a transaction ends goes into the next one together. */
export function createAppender(settings: AppenderSettings, deps: AppenderDeps): Appender {
  const line = createWaitingLine(settings.maxBatch, MAX_TRIES_AT_ONCE);
  const partitions = createPartitions(deps.db, (error) => deps.onPartitionTrouble?.(error));
  const tools: WriteTools = { ...deps, pause: () => pause(deps), whileDown: line.giveUpTheImpatient };
  let active = 0;
  let idle: Promise<void> = Promise.resolve();
  let closed = false;

  const isFull = () => line.length >= settings.maxBatch;
  // The last one stays until nobody waits: whoever is pushed while it works has no other to be taken by.
  const isNeeded = (helps: boolean) => !helps || active === 1 || isFull();
  const write = async (helps: boolean) => {
    for (let group = line.next(); group !== undefined; group = isNeeded(helps) ? line.next() : undefined) {
      const from = performance.now();
      const items = group.items.length;
      const result = await writeBatch(group.items, tools);
      if (result.kind === 'written') {
        answer(group, result);
        const last = result.receipts.flat().at(-1);
        if (last !== undefined) partitions.passed(last.leafIndex);
      } else if (result.kind === 'unknown') {
        for (const waiting of group.items) waiting.reject(result.error);
      } else await recover(group, result.error, { line, partitions, pause: tools.pause });
      const failed = result.kind !== 'written';
      // A database that is down is told once, not with each try.
      if (failed && group.failures > 0) continue;
      observe(deps, { items, ms: performance.now() - from, queued: line.length, failed });
    }
    // In the same turn in which the line was found empty: an item pushed after it must start a writer again.
    active -= 1;
  };
  const start = (helps: boolean) => {
    active += 1;
    // The batch is taken a tick later, so that everything that arrives in this turn goes into it.
    const writer = Promise.resolve().then(() => write(helps));
    idle = Promise.all([idle, writer]).then(() => undefined);
  };

  return {
    submit: (lane, item) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new BridgeError('AUDIT_UNAVAILABLE', 'the log is closing'));
        if (line.length >= settings.maxQueue)
          return reject(new BridgeError('AUDIT_OVERLOADED', 'the log has too much waiting'));
        line.push({
          lane: lane as Lane<unknown, unknown>,
          item,
          giveUpAt: performance.now() + lane.patienceMs,
          resolve: resolve as (answer: unknown) => void,
          reject,
        });
        if (active === 0) start(false);
        else if (active < MAX_WRITERS && isFull()) start(true);
      }),
    close: async () => {
      closed = true;
      await idle;
      await partitions.idle();
    },
  };
}

interface RecoveryTools {
  readonly line: WaitingLine;
  readonly partitions: Partitions;
  readonly pause: () => Promise<void>;
}

/** Decides what becomes of a group of which surely nothing was written. */
async function recover(group: Group, error: unknown, { line, partitions, pause }: RecoveryTools) {
  const trouble = troubleOf(error);
  const { items, triesAtOnce } = group;
  const spoilt = trouble === 'item' || (trouble === 'no-partition' && triesAtOnce === 0);
  // One item spoils the batch: alone, only that one fails.
  if (items.length > 1 && (spoilt || trouble === 'slow')) return line.putBackOneByOne(group);
  if (spoilt) return items[0]?.reject(error);
  const failed = { ...group, failures: group.failures + 1 };
  const cleared =
    trouble === 'collision' || (trouble === 'no-partition' && (await succeeds(partitions.makeRoom())));
  if (cleared && triesAtOnce > 0) return line.putBack({ ...failed, triesAtOnce: triesAtOnce - 1 });
  line.putBack(failed);
  line.giveUpTheImpatient(error);
  if (!line.empty) await pause();
}

function answer({ items }: Group, { settled, receipts }: WriteResult & { kind: 'written' }): void {
  items.forEach((waiting, i) => {
    try {
      waiting.resolve(settled[i]?.answer(receipts[i] ?? []));
    } catch (error) {
      waiting.reject(error);
    }
  });
}

async function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** Whatever the clock or the observer does: the loop that serves everybody goes on. */
async function pause(deps: AppenderDeps): Promise<void> {
  try {
    await deps.sleep(PAUSE_MS);
  } catch {
    // no pause then
  }
}

function observe(deps: AppenderDeps, batch: Parameters<NonNullable<AppenderDeps['observe']>>[0]): void {
  try {
    deps.observe?.(batch);
  } catch {
    // metrics must not stop the log
  }
}

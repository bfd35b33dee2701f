import { BridgeError } from '../errors/bridge-error.js';
import type { Lane } from './lane.js';

/** An item that has been handed in and not answered. */
export interface Waiting {
  readonly lane: Lane<unknown, unknown>;
  readonly item: unknown;
  /** On the clock of `performance.now()`, ms. */
  readonly giveUpAt: number;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** Items that go into one transaction. */
export interface Group {
  readonly items: readonly Waiting[];
  /** How often its transaction has failed through no fault of an item. */
  readonly failures: number;
  /** How often it may still be tried again at once. */
  readonly triesAtOnce: number;
}

/** Who waits, in order. Not bounded itself: the appender refuses what is too much. */
export interface WaitingLine {
  /** Items behind those that failed and come first. */
  readonly length: number;
  readonly empty: boolean;
  push(waiting: Waiting): void;
  /** Takes the next group: one that was put back, else up to `maxBatch` new items. */
  next(): Group | undefined;
  /** Puts a group in front of everything else. */
  putBack(group: Group): void;
  /** Puts its items in front of everything else, each alone. */
  putBackOneByOne(group: Group): void;
  /** Rejects all whose patience has run out with `AUDIT_UNAVAILABLE`, behind a patient one too. */
  giveUpTheImpatient(cause: unknown): void;
}

/** A line for batches of `maxBatch` items, each group with `triesAtOnce`. */
export function createWaitingLine(maxBatch: number, triesAtOnce: number): WaitingLine {
  let queue: Waiting[] = [];
  /** At most one batch's items in all, since nothing new is taken while something stands here. */
  let again: readonly Group[] = [];
  const groupOf = (items: readonly Waiting[]): Group => ({ items, failures: 0, triesAtOnce });

  return {
    get length() {
      return queue.length;
    },
    get empty() {
      return queue.length === 0 && again.length === 0;
    },
    push: (waiting) => {
      queue.push(waiting);
    },
    next: () => {
      const [first, ...rest] = again;
      if (first !== undefined) {
        again = rest;
        return first;
      }
      if (queue.length === 0) return undefined;
      const count = togetherFrom(queue, maxBatch);
      const group = groupOf(queue.slice(0, count));
      queue = queue.slice(count);
      return group;
    },
    putBack: (group) => {
      again = [group, ...again];
    },
    putBackOneByOne: (group) => {
      again = [...group.items.map((item) => groupOf([item])), ...again];
    },
    giveUpTheImpatient: (cause) => {
      const now = performance.now();
      const stays = (waiting: Waiting) => {
        if (waiting.giveUpAt > now) return true;
        waiting.reject(new BridgeError('AUDIT_UNAVAILABLE', 'the log cannot be written', { cause }));
        return false;
      };
      queue = queue.filter(stays);
      again = again
        .map((group) => ({ ...group, items: group.items.filter(stays) }))
        .filter((group) => group.items.length > 0);
    },
  };
}

/** How many from the front of `queue` go into one transaction: an exclusive item goes alone. */
function togetherFrom(queue: readonly Waiting[], maxBatch: number): number {
  const exclusive = queue.slice(0, maxBatch).findIndex(({ lane }) => lane.exclusive === true);
  if (exclusive === -1) return Math.min(queue.length, maxBatch);
  return Math.max(exclusive, 1);
}

import type { Database } from '../storage/database.js';

/** Leaves in a partition: 2^20, as `bridge.ensure_log_partition` cuts them. */
const PARTITION_BITS = 20n;
/**
 * How far ahead of the head there is always room: half a partition. At 10,000 entries a second that is most of a minute
 * for something that takes milliseconds, and far more than any batch holds.
 */
const AHEAD = 1n << (PARTITION_BITS - 1n);
/** After a failure the next try comes this many leaves later: not with every batch, and some 500 times before the end. */
const RETRY_AFTER = 1_024n;

/**
 * The lock under which the SQL function makes tables, taken one statement earlier: what it looks up after waiting inside
 * may be the catalogue as it was before, and of two instances at a boundary one would fail.
 */
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 3)';
const ENSURE = `SELECT size, bridge.ensure_log_partition(size), bridge.ensure_log_partition(size + ${AHEAD}) FROM bridge.log_head`;

/** Makes partitions before they are needed. */
export interface Partitions {
  /** Told of the highest leaf written; works in the background and never fails. */
  passed(leaf: bigint): void;
  /** Waits until there is room behind the head: where a batch met a boundary without a partition. Errors of `Database`. */
  makeRoom(): Promise<void>;
  /** Waits for work in the background. */
  idle(): Promise<void>;
}

/**
 * Makes the partitions of the head and of half a partition further, where they are missing, in a transaction of its
 * own: a table must never be made under the head lock. Safe on every instance at once. Called at the start, so that a
 * role without the right fails there. Returns the number of the last partition there is room in. Errors of `Database`.
 */
export async function ensurePartitions(db: Database): Promise<bigint> {
  const { rows } = await db.transaction((tx) => tx.query<{ size: bigint }>({ text: ENSURE }), {
    begin: LOCK,
  });
  return partitionOf((rows[0]?.size ?? 0n) + AHEAD);
}

/** The keeper of one appender. `onTrouble` hears of failures in the background (for the operator's log). */
export function createPartitions(db: Database, onTrouble: (error: unknown) => void): Partitions {
  let lastMade = -1n;
  let retryFrom = 0n;
  let making: Promise<void> | undefined;

  const make = async (leaf: bigint) => {
    try {
      lastMade = await ensurePartitions(db);
    } catch (error) {
      retryFrom = leaf + RETRY_AFTER;
      try {
        onTrouble(error);
      } catch {
        // an observer that fails must not end the process
      }
    }
    making = undefined;
  };

  return {
    passed: (leaf) => {
      if (partitionOf(leaf + AHEAD) <= lastMade || leaf < retryFrom) return;
      making ??= make(leaf);
    },
    makeRoom: async () => {
      lastMade = await ensurePartitions(db);
    },
    idle: async () => making,
  };
}

function partitionOf(leaf: bigint): bigint {
  return leaf >> PARTITION_BITS;
}

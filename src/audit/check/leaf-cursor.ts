import type { Transaction } from '../../storage/database.js';
import { PART_LEAVES } from '../ranges/part.js';

/** Rows of one table in leaf order, taken piece by piece beside the entries, whatever the table's size. */
export interface LeafCursor<R> {
  /** All rows not taken yet whose leaf is below `end`. */
  below(end: bigint): Promise<readonly R[]>;
}

/** What is read: rows whose `leaf` lies in [from, to), in its order. */
export interface LeafSelect {
  /** A fixed SQL identifier of ours, never anybody's text. */
  readonly name: string;
  /** The statement for the leaves [from, to), ordered by its column `leaf` (bigint). */
  readonly select: (from: bigint, to: bigint) => string;
  /** Rows fetched at once. */
  readonly fetch?: number;
}

const FETCH = 5_000;

/**
 * Opens a cursor that goes from range to range, so that PostgreSQL sorts one range of 2^20 leaves at the most where no index
 * gives the order: a sort of a whole table would outlast every statement timeout. Lives as long as the transaction.
 */
export function openLeafCursor<R extends { readonly leaf: bigint }>(
  tx: Transaction,
  { name, select, fetch = FETCH }: LeafSelect,
): LeafCursor<R> {
  let part = -1n;
  let held: R[] = [];
  let over = true;
  const next = async (): Promise<void> => {
    if (over) {
      if (part >= 0n) await tx.run(`CLOSE ${name}`);
      part += 1n;
      await tx.run(
        `DECLARE ${name} NO SCROLL CURSOR FOR ${select(part * PART_LEAVES, (part + 1n) * PART_LEAVES)}`,
      );
    }
    const { rows } = await tx.query<R>({ text: `FETCH ${fetch} FROM ${name}` });
    over = rows.length < fetch;
    held = rows;
  };
  return {
    below: async (end) => {
      const taken: R[] = [];
      for (;;) {
        const split = held.findIndex((row) => row.leaf >= end);
        if (split !== -1) {
          taken.push(...held.slice(0, split));
          held = held.slice(split);
          return taken;
        }
        taken.push(...held);
        held = [];
        if (over && (part + 1n) * PART_LEAVES >= end) return taken;
        await next();
      }
    },
  };
}

/** Every row of `select`, in whatever order they lie, in bounded pieces. */
export async function* scanRows<R extends object>(
  tx: Transaction,
  name: string,
  select: string,
  fetch = FETCH,
): AsyncGenerator<readonly R[]> {
  await tx.run(`DECLARE ${name} NO SCROLL CURSOR FOR ${select}`);
  for (;;) {
    const { rows } = await tx.query<R>({ text: `FETCH ${fetch} FROM ${name}` });
    if (rows.length > 0) yield rows;
    if (rows.length < fetch) break;
  }
  await tx.run(`CLOSE ${name}`);
}

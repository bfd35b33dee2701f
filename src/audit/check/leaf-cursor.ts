import type { Transaction } from '../../storage/database.js';

/** Rows fetched at once. */
const FETCH = 5_000;

/** Rows of one table in leaf order, taken piece by piece beside the entries, whatever the table's size. */
export interface LeafCursor<R> {
  /** All rows not taken yet whose leaf is below `end`. */
  below(end: bigint): Promise<readonly R[]>;
}

/**
 * Opens a cursor over `select`, which must be ordered by its column `leaf` (bigint). Lives as long as the transaction; `name`
 * is a fixed SQL identifier of ours, never anybody's text.
 */
export async function openLeafCursor<R extends { readonly leaf: bigint }>(
  tx: Transaction,
  name: string,
  select: string,
): Promise<LeafCursor<R>> {
  await tx.run(`DECLARE ${name} NO SCROLL CURSOR FOR ${select}`);
  let held: R[] = [];
  let over = false;
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
        if (over) return taken;
        const { rows } = await tx.query<R>({ text: `FETCH ${FETCH} FROM ${name}` });
        over = rows.length < FETCH;
        held = rows;
      }
    },
  };
}

import type { Statement, Transaction } from '../../storage/database.js';

/** Rows fetched at once: some megabytes at the most. */
const FETCH = 2_000;

/**
 * The rows of a statement, fetched piece by piece as they are read, whatever their number. `name`: a fixed SQL identifier of ours, one at a
 * time in a transaction. Who stops before the end ends the transaction too, and the cursor with it.
 */
export async function* cursorRows<R extends object>(
  tx: Transaction,
  name: string,
  { text, values = [] }: Statement,
): AsyncGenerator<R> {
  await tx.query({ text: `DECLARE ${name} NO SCROLL CURSOR FOR ${text}`, values });
  for (;;) {
    const { rows } = await tx.query<R>({ text: `FETCH ${FETCH} FROM ${name}` });
    yield* rows;
    if (rows.length < FETCH) break;
  }
  await tx.run(`CLOSE ${name}`);
}

import type { Database, Queryable, Transaction } from '../../src/storage/database.js';

/** Counts what a page reads. */
export interface RowCount {
  readonly db: Database;
  reset(): void;
  /** Most rows that one statement brought since `reset`. */
  most(): number;
}

/** The same database, rows counted. */
export function countRows(db: Database): RowCount {
  let most = 0;
  const counted = <Q extends Queryable>(one: Q): Q => {
    const query: Queryable['query'] = async (wanted) => {
      const result = await one.query(wanted);
      most = Math.max(most, result.rows.length);
      return result as never;
    };
    return { ...one, query };
  };
  return {
    db: {
      ...counted(db),
      transaction: ((work: (tx: Transaction) => Promise<unknown>, options?: never) =>
        db.transaction((tx) => work(counted(tx)), options)) as Database['transaction'],
      close: () => db.close(),
    },
    reset: () => {
      most = 0;
    },
    most: () => most,
  };
}

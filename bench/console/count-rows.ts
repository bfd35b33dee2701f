import type { Database, Queryable, Transaction } from '../../src/storage/database.js';

/** What came from the database into the process. */
export interface RowsRead {
  readonly rows: number;
  /** Each statement that brought rows, in order. */
  readonly statements: readonly { readonly text: string; readonly rows: number }[];
}

/** Counts what a page reads. */
export interface RowCount {
  readonly db: Database;
  reset(): void;
  /** All rows of all statements since `reset`, those of the entries that a page writes among them. */
  read(): RowsRead;
}

/** The same database, rows counted. */
export function countRows(db: Database): RowCount {
  let statements: { readonly text: string; readonly rows: number }[] = [];
  const counted = <Q extends Queryable>(one: Q): Q => {
    const query: Queryable['query'] = async (wanted) => {
      const result = await one.query(wanted);
      if (result.rows.length > 0) statements.push({ text: wanted.text, rows: result.rows.length });
      return result as never;
    };
    return new Proxy(one, {
      get: (target, name) => {
        if (name === 'query') return query;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return {
    db: {
      query: counted(db).query,
      transaction: ((work: (tx: Transaction) => Promise<unknown>, options?: never) =>
        db.transaction((tx) => work(counted(tx)), options)) as Database['transaction'],
      close: () => db.close(),
    },
    reset: () => {
      statements = [];
    },
    read: () => ({ rows: statements.reduce((sum, { rows }) => sum + rows, 0), statements }),
  };
}

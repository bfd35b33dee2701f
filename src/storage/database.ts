/** One SQL statement. A `name` makes it a prepared statement of the connection (hot path only). */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What a statement gave: rows as objects, `count` as PostgreSQL reports it. */
export interface Rows<R> {
  readonly rows: R[];
  readonly count: number;
}

/** Where statements can be run: a transaction, or the pool itself (each statement on its own). */
export interface Queryable {
  query<R extends object = Record<string, unknown>>(statement: Statement): Promise<Rows<R>>;
}

/** A transaction in progress (READ COMMITTED). Ends with the function that `Database.transaction` was given. */
export interface Transaction extends Queryable {
  /** Runs several parameterless statements in one round trip; their rows are dropped. */
  run(sql: string): Promise<void>;
}

/**
 * The pool. Errors: `DATABASE_UNAVAILABLE` where no connection can be had or it broke before COMMIT was sent (nothing
 * happened), `COMMIT_UNKNOWN` where it broke after COMMIT was sent and before its answer came (look before repeating).
 * Errors that PostgreSQL itself raised pass through as they are (`pg.DatabaseError`).
 */
export interface Database extends Queryable {
  /**
   * Runs `work` between BEGIN and COMMIT on one connection; any error rolls back and is thrown again.
   * `begin` may carry parameterless statements to be sent with BEGIN in the same round trip.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: { begin?: string }): Promise<T>;
  close(): Promise<void>;
}

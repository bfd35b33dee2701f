import type { Database, Queryable, Statement } from '../../../../src/storage/database.js';

/** A database that tells what it was asked, and can be told to wait, or to be another one. */
export interface Watched extends Database {
  readonly asked: string[];
  readonly answered: string[];
  /** Called in front of each statement; what it throws is the statement's error. */
  before: (statement: Statement) => Promise<void> | void;
  /** Where the statements go from now on. */
  target: Database;
}

export function watch(target: Database): Watched {
  const through = (place: () => Queryable): Queryable => ({
    query: async (statement) => {
      watched.asked.push(statement.text);
      await watched.before(statement);
      const rows = await place().query<never>(statement);
      watched.answered.push(statement.text);
      return rows;
    },
  });
  const watched: Watched = {
    asked: [],
    answered: [],
    before: () => undefined,
    target,
    ...through(() => watched.target),
    transaction: (work, options) =>
      watched.target.transaction((tx) => work({ ...through(() => tx), run: (sql) => tx.run(sql) }), options),
    close: () => watched.target.close(),
  };
  return watched;
}

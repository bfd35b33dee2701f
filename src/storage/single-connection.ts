import pg from 'pg';
import { CLIENT_GRACE_MS, type ConnectionOptions, clientConfig } from './connection.js';
import { connectFault, connectionFault, databaseFault } from './faults.js';

/** One statement on a connection of its own. */
export type Ask = <R extends object>(text: string, values?: unknown[]) => Promise<R[]>;

/**
 * Opens one connection outside any pool, runs `work` on it and closes it. Each statement commits itself. Errors are those
 * of `Database`: DATABASE_UNAVAILABLE where the connection cannot be had, COMMIT_UNKNOWN where it broke under a statement.
 */
export async function withConnection<T>(
  options: ConnectionOptions,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const client = await connectClient(options);
  try {
    return await work(askOf(client));
  } finally {
    await client.end();
  }
}

/** A connected client whose loss never becomes an unhandled error event. */
export async function connectClient(options: ConnectionOptions): Promise<pg.Client> {
  const config = clientConfig(options);
  const client = new pg.Client({ ...config, query_timeout: options.statementTimeoutMs + CLIENT_GRACE_MS });
  client.on('error', () => undefined); // the statement under way is told; between statements the next one is
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw connectFault(error);
  }
}

/** Statements on `client`, errors mapped. */
export function askOf(client: pg.Client): Ask {
  return async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> => {
    try {
      return (await client.query<R>(text, values)).rows;
    } catch (error) {
      throw error instanceof pg.DatabaseError
        ? databaseFault(error, 'committing')
        : connectionFault(error, 'committing');
    }
  };
}

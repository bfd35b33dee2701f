import pg from 'pg';
import { BridgeError } from '../errors/bridge-error.js';
import { CLIENT_GRACE_MS, type ConnectionOptions, clientConfig } from './connection.js';
import type { Database, Rows, Statement, Transaction } from './database.js';
import { requireDurable } from './durability.js';
import { connectFault, connectionFault, databaseFault, type Phase, spoilsConnection } from './faults.js';

/** Callers that wait for a connection beyond this many are told at once: a queue without end only moves the failure. */
const WAITING_LIMIT = 1_000;
const IDLE_LIMIT_MS = 60_000;
/** Connections are renewed hourly, so that load spreads again after a failover. */
const LIFETIME_LIMIT_SECONDS = 3_600;

/** A notice of the server. Its text is PostgreSQL's or our own RAISE's, which therefore must quote no row. */
interface DatabaseNotice {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

export interface PoolOptions extends ConnectionOptions {
  readonly maxConnections: number;
  readonly onNotice?: (notice: DatabaseNotice) => void;
}

/**
 * Opens the pool; connections are made when needed, so that a database that is down is an error of the first statement,
 * not of this call. Throws CONFIG_INVALID for a URL that cannot be used. A connection whose session is not durable is
 * refused with DURABILITY_OFF. A statement outside a transaction commits itself: where its connection breaks under it the
 * error is COMMIT_UNKNOWN, except for one that begins with SELECT, SHOW, VALUES or TABLE, which counts as reading
 * (DATABASE_UNAVAILABLE): call functions that write inside a transaction.
 */
export function openDatabase(options: PoolOptions): Database {
  const pool = new pg.Pool({
    ...clientConfig(options),
    max: options.maxConnections,
    idleTimeoutMillis: IDLE_LIMIT_MS,
    maxLifetimeSeconds: LIFETIME_LIMIT_SECONDS,
  });
  pool.on('error', () => undefined); // an idle connection died; the pool has dropped it already
  return new PooledDatabase(pool, options);
}

const READING = /^\s*(select|show|values|table)\b/i;

class PooledDatabase implements Database {
  readonly #pool: pg.Pool;
  readonly #options: PoolOptions;
  /** Connections whose session was found durable, with what we know of them. */
  readonly #links = new WeakMap<pg.PoolClient, Link>();
  #closing: Promise<void> | undefined;

  constructor(pool: pg.Pool, options: PoolOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  async query<R extends object>(statement: Statement): Promise<Rows<R>> {
    const link = await this.#take();
    try {
      return rowsOf<R>(
        await link.send(statement, READING.test(statement.text) ? 'before-commit' : 'committing'),
      );
    } finally {
      link.giveBack();
    }
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>, options: { begin?: string } = {}): Promise<T> {
    const link = await this.#take();
    const tx = new OpenTransaction(link);
    try {
      await link.send(
        `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;${options.begin ?? ''}`,
        'before-commit',
      );
      const result = await work(tx);
      tx.end();
      await commit(link, tx);
      return result;
    } catch (error) {
      tx.end();
      await rollBack(link);
      throw error;
    } finally {
      link.giveBack();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #take(): Promise<Link> {
    if (this.#pool.waitingCount >= WAITING_LIMIT) {
      throw new BridgeError('DATABASE_UNAVAILABLE', 'too many callers wait for a database connection', {
        fields: { reason: 'pool-queue-full', waiting: WAITING_LIMIT },
      });
    }
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw connectFault(error);
    });
    const known = this.#links.get(client);
    if (known !== undefined) return known;
    const link = new Link(client, this.#options);
    try {
      await requireDurable({
        query: async (statement) => rowsOf(await link.send(statement, 'before-commit')),
      });
    } catch (error) {
      link.breakOff();
      link.giveBack();
      throw error;
    }
    this.#links.set(client, link);
    return link;
  }
}

/** One connection of the pool, what became of it, and the time limit of each statement on it. */
class Link {
  readonly #client: pg.PoolClient;
  readonly #limitMs: number;
  #broken = false;

  constructor(client: pg.PoolClient, options: PoolOptions) {
    this.#client = client;
    this.#limitMs = options.statementTimeoutMs + CLIENT_GRACE_MS;
    // `error` and `end` come before the statement under way is rejected: that is how a broken connection is told from a
    // value that could not be sent.
    const onBroken = (): void => {
      this.#broken = true;
    };
    client.on('error', onBroken);
    client.on('end', onBroken);
    const { onNotice } = options;
    if (onNotice !== undefined) client.on('notice', (notice) => onNotice(noticeOf(notice)));
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** The server's view: `T` in a transaction, `E` in one that failed, `I` in none. */
  get status(): string | null {
    return this.#client.getTransactionStatus();
  }

  async send(statement: Statement | string, phase: Phase): Promise<pg.QueryResult | pg.QueryResult[]> {
    if (this.#broken) throw connectionFault(undefined, 'before-commit'); // nothing of this statement was sent
    const timer = setTimeout(() => this.breakOff(), this.#limitMs);
    try {
      return await this.#client.query(statement as pg.QueryConfig);
    } catch (error) {
      if (spoilsConnection(error)) this.#broken = true;
      if (error instanceof pg.DatabaseError) throw databaseFault(error, phase);
      throw this.#broken ? connectionFault(error, phase) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives the connection up: a statement under way is rejected at once, whatever the server does. */
  breakOff(): void {
    this.#broken = true;
    void this.#client.end();
  }

  giveBack(): void {
    this.#client.release(this.#broken);
  }
}

class OpenTransaction implements Transaction {
  readonly #link: Link;
  #ended = false;
  #failure: { error: unknown } | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  async query<R extends object>(statement: Statement): Promise<Rows<R>> {
    return rowsOf<R>(await this.#send(statement));
  }

  async run(sql: string): Promise<void> {
    await this.#send(sql);
  }

  /** From here on a statement that the work forgot to wait for is refused: it would run in somebody else's transaction. */
  end(): void {
    this.#ended = true;
  }

  /** The first error of a statement, for a work that swallowed it. */
  get failure(): unknown {
    return this.#failure?.error;
  }

  async #send(statement: Statement | string): Promise<pg.QueryResult | pg.QueryResult[]> {
    if (this.#ended) throw new BridgeError('WRONG_USE', 'this transaction has ended');
    try {
      return await this.#link.send(statement, 'before-commit');
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }
}

/** COMMIT, and proof that it was one: on a failed transaction PostgreSQL answers it with ROLLBACK and no error. */
async function commit(link: Link, tx: OpenTransaction): Promise<void> {
  if (!link.broken && link.status === 'I') {
    throw new BridgeError('WRONG_USE', 'the work of a transaction ended it by itself');
  }
  const answer = await link.send('COMMIT', 'committing');
  if (Array.isArray(answer) || answer.command !== 'COMMIT') {
    throw tx.failure ?? new BridgeError('WRONG_USE', 'a failed transaction was given to commit');
  }
}

async function rollBack(link: Link): Promise<void> {
  // Sent even where no transaction seems open: after an error the status is known a moment later than the error.
  if (link.broken) return;
  // Where this fails the server rolls back by itself when it sees the connection gone.
  await link.send('ROLLBACK', 'before-commit').catch(() => link.breakOff());
}

function rowsOf<R extends object>(answer: pg.QueryResult | pg.QueryResult[]): Rows<R> {
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  return { rows: (last?.rows ?? []) as R[], count: last?.rowCount ?? 0 };
}

function noticeOf(notice: {
  severity?: string | undefined;
  code?: string | undefined;
  message?: string | undefined;
}): DatabaseNotice {
  return { severity: notice.severity ?? '', code: notice.code ?? '', message: notice.message ?? '' };
}

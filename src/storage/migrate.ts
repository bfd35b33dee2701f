import { BridgeError } from '../errors/bridge-error.js';
import type { Database, Queryable, Transaction } from './database.js';
import { type Migration, readMigrations, refusedMigration } from './migration-files.js';
import { openDatabase } from './pool.js';

/** "BRIDGEMI" in ASCII: the lock that makes migrators wait for each other. */
const LOCK_KEY = 0x4252494447454d49n;
/** How long a second migrator waits for the first. */
const WAIT_FOR_MIGRATOR = '10min';
/** A change of a table that waits longer for its lock would make every query behind it wait too; it fails instead. */
const WAIT_FOR_TABLE = '15s';
/** Limit of one migration: long enough to rewrite a large table, short enough to be noticed. */
const MIGRATION_LIMIT_MS = 3_600_000;

export interface MigrateOptions {
  /** Of the role that owns the database's objects, which is not the application's. */
  readonly url: string;
  readonly directory: string;
  readonly log?: (applied: { number: number; name: string }) => void;
}

/**
 * Applies the migrations of `directory` that the database lacks, each in one transaction together with its row in
 * `bridge_meta.migration`, so that a killed run is continued by the next. Of two migrators one waits. Gives the schema's
 * number before and after. Throws SCHEMA_NEWER where the database has migrations that the files lack, START_REFUSED where
 * an applied file was edited or the numbers have a gap, and the `pg.DatabaseError` of a migration that fails.
 */
export async function migrate(options: MigrateOptions): Promise<{ from: number; to: number }> {
  const files = readMigrations(options.directory);
  const db = openDatabase({
    url: options.url,
    maxConnections: 1,
    applicationName: 'bridge migrate',
    statementTimeoutMs: MIGRATION_LIMIT_MS,
    connectTimeoutMs: 10_000,
  });
  try {
    const from = await db.transaction((tx) => underLock(tx, files));
    let to = from;
    while (to < files.length) {
      const { done, applied } = await db.transaction((tx) => applyNext(tx, files));
      to = done;
      if (applied !== undefined) options.log?.({ number: applied.number, name: applied.name });
    }
    return { from, to };
  } finally {
    await db.close();
  }
}

/** Takes the lock until the transaction ends, makes the table if missing, and gives the number of the last migration. */
async function underLock(tx: Transaction, files: readonly Migration[]): Promise<number> {
  await tx.run(`SET LOCAL lock_timeout = '${WAIT_FOR_MIGRATOR}'; SELECT pg_advisory_xact_lock(${LOCK_KEY});
    SET LOCAL lock_timeout = '${WAIT_FOR_TABLE}'`);
  const { rows } = await tx.query({
    text: `SELECT 1 WHERE to_regclass('bridge_meta.migration') IS NOT NULL`,
  });
  if (rows.length === 0) await tx.run(TABLE_SQL);
  return requireKnown(await appliedIn(tx), files);
}

/** Everybody may read the table: the application's role compares it with its files when it starts. */
const TABLE_SQL = `
  CREATE SCHEMA IF NOT EXISTS bridge_meta;
  CREATE TABLE bridge_meta.migration (
    number     integer PRIMARY KEY CHECK (number > 0),
    name       text NOT NULL,
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  GRANT USAGE ON SCHEMA bridge_meta TO PUBLIC;
  GRANT SELECT ON bridge_meta.migration TO PUBLIC`;

/** Applies the next file, if another migrator has not; `done` is the number of the last one applied, by whomever. */
async function applyNext(
  tx: Transaction,
  files: readonly Migration[],
): Promise<{ done: number; applied?: Migration }> {
  const done = await underLock(tx, files);
  const next = files[done];
  if (next === undefined) return { done };
  const id = await transactionId(tx);
  await tx.run(next.sql);
  if ((await transactionId(tx)) !== id) {
    throw refusedMigration('a file ended its own transaction and is applied in part', fileName(next));
  }
  await tx.query({
    text: 'INSERT INTO bridge_meta.migration (number, name, sha256) VALUES ($1, $2, $3)',
    values: [next.number, next.name, next.sha256],
  });
  return { done: next.number, applied: next };
}

async function transactionId(tx: Transaction): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>({ text: 'SELECT pg_current_xact_id()::text AS id' });
  return rows[0]?.id;
}

function fileName({ number, name }: { number: number; name: string }): string {
  return `${String(number).padStart(4, '0')}-${name}.sql`;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

async function appliedIn(db: Queryable): Promise<Applied[]> {
  const text = 'SELECT number, name, sha256 FROM bridge_meta.migration ORDER BY number';
  return (await db.query<Applied>({ text })).rows;
}

/** The number of the last applied migration, where all of them are ours and unchanged. */
function requireKnown(applied: readonly Applied[], files: readonly Migration[]): number {
  for (const [index, row] of applied.entries()) {
    const { number, sha256 } = row;
    const label = fileName(row);
    if (number !== index + 1)
      throw refusedMigration(`the database has ${number} but not ${index + 1}`, label);
    const file = files[index];
    if (file !== undefined && file.sha256 !== sha256) {
      throw refusedMigration(`${label} was changed after it was applied; write a new one instead`, label);
    }
  }
  if (applied.length > files.length) {
    throw new BridgeError('SCHEMA_NEWER', 'the database belongs to a newer bridge', {
      fields: { database: applied.length, bridge: files.length },
    });
  }
  return applied.length;
}

/** How the database stands to the files: `older` also where it was never migrated. */
export type SchemaState = 'current' | 'older' | 'newer';

/**
 * Compares the database with the files of `directory`, with any role. Throws START_REFUSED as migrate does, and the
 * errors of `Database`.
 */
export async function schemaState(options: { db: Database; directory: string }): Promise<SchemaState> {
  try {
    await requireSchema(options);
    return 'current';
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'SCHEMA_OLDER') return 'older';
    if (error instanceof BridgeError && error.code === 'SCHEMA_NEWER') return 'newer';
    throw error;
  }
}

/** The check before serving. Throws SCHEMA_OLDER (run `bridge migrate`), SCHEMA_NEWER (this bridge is too old). */
export async function requireSchema(options: { db: Queryable; directory: string }): Promise<void> {
  const files = readMigrations(options.directory);
  const { rows } = await options.db.query({
    text: `SELECT 1 WHERE to_regclass('bridge_meta.migration') IS NOT NULL`,
  });
  const done = rows.length === 0 ? 0 : requireKnown(await appliedIn(options.db), files);
  if (done < files.length) {
    throw new BridgeError(
      'SCHEMA_OLDER',
      'the database lacks migrations of this bridge: run bridge migrate',
      {
        fields: { database: done, bridge: files.length },
      },
    );
  }
}

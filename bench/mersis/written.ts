import { setTimeout as sleep } from 'node:timers/promises';
import { asAdmin } from '../../src/storage/embedded/roles.js';

/** Rows that a table took, changed and lost. */
export interface TableWrites {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** What the database has counted since it was made. */
export interface Written {
  readonly tables: Readonly<Record<string, TableWrites>>;
  /** Entries of the log by kind. */
  readonly entries: Readonly<Record<string, number>>;
  /** Of the write-ahead log, bytes. */
  readonly wal: number;
}

/** A connection hands its counts in when it has been idle for ten seconds (PostgreSQL 15, PGSTAT_IDLE_INTERVAL). */
const COUNTED_AFTER_MS = 12_000;
/** Partitions of one table count as that table. */
const TABLES = `SELECT regexp_replace(relname, '_[0-9]+$', '') AS name, sum(n_tup_ins)::float8 AS inserted, sum(n_tup_upd)::float8 AS updated,
    sum(n_tup_del)::float8 AS deleted
  FROM pg_stat_user_tables WHERE schemaname = 'bridge' GROUP BY 1 ORDER BY 1`;
const ENTRIES = 'SELECT kind, count(*)::float8 AS count FROM bridge.entry GROUP BY kind';
const WAL = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal`;

/** Reads the counts once everything so far is in them. `adminUrl`: of the database itself. */
export async function readWritten(adminUrl: string): Promise<Written> {
  await sleep(COUNTED_AFTER_MS);
  return asAdmin(adminUrl, async (ask) => {
    const tables = await ask<{ name: string } & TableWrites>(TABLES);
    const entries = await ask<{ kind: string; count: number }>(ENTRIES);
    const [row] = await ask<{ wal: number }>(WAL);
    return {
      tables: Object.fromEntries(tables.map(({ name, ...writes }) => [name, writes])),
      entries: Object.fromEntries(entries.map(({ kind, count }) => [kind, count])),
      wal: row?.wal ?? 0,
    };
  });
}

/** What came between two readings; tables and kinds where nothing did are left out. */
export function writtenBetween(before: Written, after: Written): Written {
  const tables = Object.entries(after.tables).map(([name, now]) => {
    const then = before.tables[name] ?? { inserted: 0, updated: 0, deleted: 0 };
    const writes: TableWrites = {
      inserted: now.inserted - then.inserted,
      updated: now.updated - then.updated,
      deleted: now.deleted - then.deleted,
    };
    return [name, writes] as const;
  });
  const entries = Object.entries(after.entries).map(
    ([kind, count]) => [kind, count - (before.entries[kind] ?? 0)] as const,
  );
  return {
    tables: Object.fromEntries(tables.filter(([, writes]) => rowsOf(writes) > 0)),
    entries: Object.fromEntries(entries.filter(([, count]) => count > 0)),
    wal: after.wal - before.wal,
  };
}

export function rowsOf({ inserted, updated, deleted }: TableWrites): number {
  return inserted + updated + deleted;
}

import type { Database } from '../../src/storage/database.js';
import { clocked, type Speed } from './clocked.js';
import { statementsFor } from './insert-statements.js';
import { type PreparedRows, requireWritten } from './prepared-rows.js';

/** They take the head in turns: fewer leave the database idle, more only wait for each other (measured: 1 to 10). */
const CONNECTIONS = 4;

/** (i) One transaction for each entry, over several connections, for `ms` or until there are no more rows. */
export function runOneByOne(
  db: Database,
  postmaster: number,
  rows: PreparedRows,
  ms: number,
): Promise<Speed> {
  return checked(db, postmaster, rows, async () => {
    const end = performance.now() + ms;
    let next = 0;
    const writer = async () => {
      while (next < rows.entries.length && performance.now() < end) await write(db, rows, next++, next);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, writer));
    return next;
  });
}

/** (ii) Plain multi-row inserts in transactions of the appender's own sizes, for `ms` or until there are no more rows. */
export function runMultiRow(
  db: Database,
  postmaster: number,
  rows: PreparedRows,
  batches: readonly number[],
  ms: number,
): Promise<Speed> {
  return checked(db, postmaster, rows, async () => {
    const end = performance.now() + ms;
    let next = 0;
    for (const size of batches) {
      if (performance.now() >= end) break;
      const to = Math.min(next + size, rows.entries.length);
      await write(db, rows, next, to);
      next = to;
    }
    return next;
  });
}

async function write(db: Database, rows: PreparedRows, from: number, to: number): Promise<void> {
  await db.transaction(async (tx) => {
    for (const statement of statementsFor(rows, from, to)) await tx.query(statement);
  });
}

async function checked(
  db: Database,
  postmaster: number,
  rows: PreparedRows,
  work: () => Promise<number>,
): Promise<Speed> {
  const speed = await clocked(postmaster, work);
  await requireWritten(db, rows, speed.entries);
  return speed;
}

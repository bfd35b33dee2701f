import { scanRows } from '../../src/audit/check/leaf-cursor.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { feeLineApplier } from '../../src/fees/book/fee-line.js';
import { rebuildBook } from '../../src/fees/book/rebuild-book.js';
import type { RebuiltLine } from '../../src/fees/book/rebuild-lines.js';
import type { Database } from '../../src/storage/database.js';
import { intentLane, type MadeQuery, madeQuery, outcomeLane } from './log-lanes.js';
import { citizens, openLog } from './officers.js';

const CALLERS = 512;
const ACTORS = 50;
const SUBJECTS = 2_000;

/** Writes queries through the appender: an intent each, then an outcome with its line. Entries a second. */
export async function writeLog(db: Database, queries: number): Promise<number> {
  const log = openLog(db, [feeLineApplier] as readonly EffectApplier[]);
  const actors = citizens('actors', ACTORS);
  const subjects = citizens('subjects', SUBJECTS);
  let next = 0;
  const caller = async () => {
    for (let n = next++; n < queries; n = next++) {
      const made: MadeQuery = madeQuery(
        n,
        actors[n % ACTORS] as MadeQuery['actor'],
        subjects[n % SUBJECTS] as MadeQuery['subject'],
      );
      const intentLeaf = await log.submit(intentLane, made);
      await log.submit(outcomeLane, { made, intentLeaf });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const ms = performance.now() - start;
  await log.close();
  return ((2 * queries) / ms) * 1000;
}

/** One round over the whole log, entries a second both ways. */
export interface RebuildRound {
  readonly rebuildPerSecond: number;
  readonly readPerSecond: number;
}

const READ = 'SELECT leaf_index, line FROM bridge.entry ORDER BY leaf_index';
const SUMS =
  'SELECT count(*) AS lines, coalesce(sum(units), 0) AS units, coalesce(sum(amount_kurus), 0)::bigint AS kurus FROM bridge.fee_line';

/**
 * Rebuilds the book from the log alone, and reads the same lines plainly through a cursor; who is first turns with the round. Throws where
 * the rebuilt book is not the one that stands in the table.
 */
export async function rebuildRound(db: Database, entries: number, round: number): Promise<RebuildRound> {
  const ways = {
    rebuild: () => timed(() => rebuilt(db)),
    read: () => timed(() => readAll(db, entries)),
  };
  const first = round % 2 === 0 ? await ways.rebuild() : await ways.read();
  const second = round % 2 === 0 ? await ways.read() : await ways.rebuild();
  const [rebuild, read] = round % 2 === 0 ? [first, second] : [second, first];
  return { rebuildPerSecond: (entries / rebuild) * 1000, readPerSecond: (entries / read) * 1000 };
}

async function rebuilt(db: Database): Promise<void> {
  const sum = { lines: 0n, units: 0n, kurus: 0n };
  await db.transaction(async (tx) => {
    for await (const lines of rebuildBook(tx)) for (const line of lines) add(sum, line);
    const { rows } = await tx.query<{ lines: bigint; units: bigint; kurus: bigint }>({ text: SUMS });
    const held = rows[0];
    if (held?.lines !== sum.lines || held.units !== sum.units || held.kurus !== sum.kurus)
      throw new Error('the rebuilt book is not the one in the table');
  });
}

function add(
  sum: { lines: bigint; units: bigint; kurus: bigint },
  { amountKurus, units }: RebuiltLine,
): void {
  sum.lines += 1n;
  sum.units += BigInt(units);
  sum.kurus += amountKurus;
}

async function readAll(db: Database, entries: number): Promise<void> {
  let read = 0;
  await db.transaction(async (tx) => {
    for await (const rows of scanRows(tx, 'bench_read', READ)) read += rows.length;
  });
  if (read !== entries) throw new Error(`${read} entries were read, not ${entries}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

import { isBridgeError } from '../../errors/bridge-error.js';
import type { Database, Queryable, Transaction } from '../../storage/database.js';
import { type Kurus, kurus } from '../kurus.js';
import { type DueDays, dueOf } from './due.js';
import { openKept, readQuarterRow, stateAt } from './quarter-row.js';
import { type QuarterNotice, type QuarterPayment, readNotices, readPayments } from './read-notices.js';
import type { QuarterState } from './states.js';

/** Which quarters: those before `before` (null: from `running` on), the newest first. `holidays`: as the settings have them. */
export interface QuartersOf {
  readonly running: string;
  readonly before: string | null;
  readonly limit: number;
  readonly holidays: readonly string[];
}

/** What a quarter comes to, corrections included. */
interface QuarterTotal {
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

/** A quarter in a list. `total` null: its kept statement is not the one that was frozen. */
export interface ListedQuarter extends DueDays {
  readonly quarter: string;
  readonly state: QuarterState;
  readonly statementSha256: string | null;
  readonly total: QuarterTotal | null;
  readonly notices: readonly QuarterNotice[];
  readonly payments: readonly QuarterPayment[];
}

interface TotalRow {
  readonly quarter: string;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amount: bigint;
}

const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';
// A few rows for each quarter in each table.
const NAMES = `SELECT quarter FROM (SELECT quarter FROM bridge.fee_usage UNION SELECT quarter FROM bridge.fee_quarter
    UNION SELECT quarter FROM bridge.fee_notice UNION SELECT $1) AS q
  WHERE quarter <= $1 AND ($2::text IS NULL OR quarter < $2) ORDER BY quarter DESC LIMIT $3`;
const TOTALS = `SELECT quarter, sum(queries)::bigint AS queries, sum(units)::bigint AS units, sum(amount)::bigint AS amount FROM (
    SELECT quarter, queries, units, amount_kurus AS amount FROM bridge.fee_rollup WHERE quarter = ANY($1)
    UNION ALL SELECT quarter, 0, units, amount_kurus FROM bridge.fee_correction WHERE quarter = ANY($1)) AS line GROUP BY quarter`;

/**
 * Quarters in which something was used, asked for or closed, and the one that runs: closed ones as they were frozen, the others as far as lines
 * were folded in. `next`: the one to go on before; null where there is no more. Errors: those of `Database`.
 */
export function listQuarters(
  db: Database,
  wish: QuartersOf,
  now: Date,
): Promise<{ readonly rows: readonly ListedQuarter[]; readonly next: string | null }> {
  return db.transaction((tx) => listOf(tx, wish, now), { begin: SNAPSHOT });
}

async function listOf(tx: Transaction, { before, holidays, limit, running }: QuartersOf, now: Date) {
  const { rows: names } = await tx.query<{ quarter: string }>({
    text: NAMES,
    values: [running, before, limit + 1],
  });
  const quarters = names.slice(0, limit).map(({ quarter }) => quarter);
  const rows: ListedQuarter[] = [];
  for (const quarter of quarters) {
    const row = await readQuarterRow(tx, quarter);
    const kept = row?.kept ?? null;
    rows.push({
      quarter,
      ...dueOf(quarter, holidays),
      state: stateAt(row, quarter, now),
      statementSha256: kept?.hash.toString('hex') ?? null,
      total: kept === null ? NOTHING_USED : await keptTotal(tx, kept),
      notices: await readNotices(tx, quarter),
      payments: await readPayments(tx, quarter),
    });
  }
  const live = rows.filter(({ statementSha256 }) => statementSha256 === null).map(({ quarter }) => quarter);
  const totals = await readTotals(tx, live);
  return {
    rows: rows.map((row) => ({ ...row, total: totals.get(row.quarter) ?? row.total })),
    next: names.length > limit ? (quarters.at(-1) ?? null) : null,
  };
}

const NOTHING_USED: QuarterTotal = { queries: 0, units: 0, amountKurus: kurus(0) };

async function keptTotal(
  tx: Transaction,
  kept: Parameters<typeof openKept>[1],
): Promise<QuarterTotal | null> {
  try {
    const { total } = await openKept(tx, kept);
    return { queries: total.queries, units: total.units, amountKurus: kurus(total.amountKurus) };
  } catch (error) {
    if (isBridgeError(error, 'LOG_INCONSISTENT')) return null;
    throw error;
  }
}

async function readTotals(
  db: Queryable,
  quarters: readonly string[],
): Promise<ReadonlyMap<string, QuarterTotal>> {
  if (quarters.length === 0) return new Map();
  const { rows } = await db.query<TotalRow>({ text: TOTALS, values: [quarters] });
  return new Map(
    rows.map(({ amount, quarter, queries, units }) => [
      quarter,
      { queries: Number(queries), units: Number(units), amountKurus: kurus(amount) },
    ]),
  );
}

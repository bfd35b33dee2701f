import { istanbulMidnight, quarterDays } from '../../calendar/istanbul-day.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import type { LineRow } from '../export/port.js';
import { type Kurus, kurus } from '../kurus.js';
import { cursorRows } from './row-cursor.js';
import type { Period } from './statement.js';

/** Which lines. `logSize`: that of the statement, so that they are the ones that its sums are made of. */
export interface LinesOf {
  readonly period: Period;
  readonly account: string | null;
  readonly logSize: number;
}

/** A line as the database gives it. */
export interface ReadLine extends Omit<LineRow, 'amountKurus' | 'unitPriceKurus' | 'queries'> {
  readonly sent: boolean;
  readonly unitPriceKurus: number;
  readonly amountKurus: bigint;
}

/** Half-open days on which some lines of an account were sent. */
export interface Stretch {
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

// Days outside the quarter have what was sent in an earlier one and came when that was closed; the sums know which.
const IN_QUARTER = `SELECT account_id AS account, CASE WHEN day >= $2::date AND day < $3::date THEN $2::date ELSE day END AS first,
    CASE WHEN day >= $2::date AND day < $3::date THEN $3::date ELSE day + 1 END AS last
  FROM bridge.fee_rollup WHERE quarter = $1 AND ($4::text IS NULL OR account_id = $4)`;
const ON_DAYS = `SELECT account_id AS account, $2::date AS first, $3::date AS last
  FROM bridge.fee_rollup WHERE $1::text IS NULL AND day >= $2::date AND day < $3::date AND ($4::text IS NULL OR account_id = $4)`;
const STRETCHES = (rows: string) => `SELECT account, first::text AS "from", last::text AS "to"
  FROM (SELECT DISTINCT account, first, last FROM (${rows}) AS r) AS s ORDER BY account COLLATE "C", first`;

/** Columns of `ReadLine`, of `bridge.fee_line l`. */
export const LINE_COLUMNS = `l.query_id AS "queryId",
    to_char(l.sent_at AT TIME ZONE 'Europe/Istanbul', 'YYYY-MM-DD HH24:MI:SS.MS') AS "sentAt", l.account_id AS account,
    l.fee_class AS "feeClass", l.client_id AS client, l.service, l.service_version AS "serviceVersion", l.purpose, l.cooperative, l.il,
    l.ministry, l.unit, l.result, l.sent, l.units, l.unit_price_kurus AS "unitPriceKurus", l.amount_kurus AS "amountKurus"`;
/** Which lines of a stretch are a period's, as the sums have it (book/fold.ts): account, two instants, size of the log, quarter. */
export const LINE_WHERE = `l.account_id = $1 AND l.sent_at >= $2 AND l.sent_at < $3 AND l.outcome_leaf < $4
    AND ($5::text IS NULL OR CASE WHEN EXISTS (SELECT FROM bridge.fee_freeze f WHERE f.quarter = l.quarter AND f.frozen_leaf < l.outcome_leaf)
      THEN bridge.billed_quarter(l.quarter, l.outcome_leaf) ELSE l.quarter END = $5)`;
// Rows come in the order of fee_line_by_time, unsorted.
const LINES = `SELECT ${LINE_COLUMNS} FROM bridge.fee_line l WHERE ${LINE_WHERE} ORDER BY l.sent_at, l.query_id`;

/**
 * The lines of a period, by account, time sent and query; memory does not grow with them. Inside the snapshot of the statement they add up to
 * its sums: the sums must be folded as far as `logSize`. Errors: those of `Transaction`.
 */
export async function* readLines(
  tx: Transaction,
  { account, logSize, period }: LinesOf,
): AsyncGenerator<LineRow> {
  const { quarter } = period;
  for (const one of await readStretches(tx, { account, period })) {
    const values = [one.account, istanbulMidnight(one.from), istanbulMidnight(one.to), logSize, quarter];
    for await (const row of cursorRows<ReadLine>(tx, 'fee_lines', { text: LINES, values })) yield lineOf(row);
  }
}

/** Where the lines of a period are, by account and day. */
export async function readStretches(
  db: Queryable,
  { account, period }: Omit<LinesOf, 'logSize'>,
): Promise<readonly Stretch[]> {
  const { quarter } = period;
  const { from, to } = quarter === null ? period : quarterDays(quarter);
  const { rows } = await db.query<Stretch>({
    text: STRETCHES(quarter === null ? ON_DAYS : IN_QUARTER),
    values: [quarter, from, to, account],
  });
  return rows;
}

/** The same for a table. */
export function lineOf({ amountKurus, sent, unitPriceKurus, ...row }: ReadLine): LineRow {
  const money: { unitPriceKurus: Kurus; amountKurus: Kurus } = {
    unitPriceKurus: kurus(unitPriceKurus),
    amountKurus: kurus(amountKurus),
  };
  return { ...row, queries: sent ? 1 : 0, ...money };
}

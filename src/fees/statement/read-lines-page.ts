import { addDays } from '../../calendar/add-days.js';
import { istanbulDay, istanbulMidnight, quarterDays } from '../../calendar/istanbul-day.js';
import type { Database, Transaction } from '../../storage/database.js';
import type { LineRow } from '../export/port.js';
import {
  LINE_COLUMNS,
  LINE_WHERE,
  lineOf,
  type ReadLine,
  readStretches,
  type Stretch,
} from './read-lines.js';
import { type PartSum, readPartSum } from './read-part-sum.js';

/** Which lines of a quarter. `day`: those sent on it alone; `after`: behind this query, as a page before has shown it. */
export interface LinesPageOf {
  readonly quarter: string;
  readonly account: string | null;
  readonly day: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** `next`: the query to go on behind; null where there is no more. `whole`: of all the pages together. */
export interface LinesPage {
  readonly rows: readonly LineRow[];
  readonly next: string | null;
  readonly whole: PartSum;
}

interface Place {
  readonly account: string;
  /** UTC, to the microsecond. */
  readonly sentAt: string;
  readonly sentOn: Date;
  readonly queryId: string;
}

const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off';
const PLACE = `SELECT account_id AS account, (sent_at AT TIME ZONE 'UTC')::text || 'Z' AS "sentAt", sent_at AS "sentOn", query_id AS "queryId"
  FROM bridge.fee_line WHERE query_id = $1`;
const SIZE = 'SELECT size FROM bridge.fee_fold';
// Backwards through fee_line_by_time.
const PAGE = `SELECT ${LINE_COLUMNS} FROM bridge.fee_line l
  WHERE ${LINE_WHERE} AND ($6::timestamptz IS NULL OR (l.sent_at, l.query_id) < ($6, $7::uuid))
  ORDER BY l.sent_at DESC, l.query_id DESC LIMIT $8`;

/**
 * Some lines of a quarter, by account, the newest first: as many as asked for are read, wherever in the quarter. Null where `after` is no
 * query of the book. Lines are those that were folded in, so that the pages add up to `whole`. Errors: those of `Database`.
 */
export function readLinesPage(db: Database, wish: LinesPageOf): Promise<LinesPage | null> {
  return db.transaction((tx) => pageOf(tx, wish), { begin: SNAPSHOT });
}

async function pageOf(tx: Transaction, wish: LinesPageOf): Promise<LinesPage | null> {
  const { account, after, day, limit, quarter } = wish;
  const place = after === null ? null : await placeOf(tx, after);
  if (after !== null && place === null) return null;
  const { rows: sizes } = await tx.query<{ size: bigint }>({ text: SIZE });
  const rows: LineRow[] = [];
  for (const one of await stretchesOf(tx, wish, place)) {
    const isBegun = place !== null && one.account === place.account;
    const { rows: found } = await tx.query<ReadLine>({
      text: PAGE,
      values: [
        ...[one.account, istanbulMidnight(one.from), istanbulMidnight(one.to), sizes[0]?.size ?? 0n, quarter],
        ...[isBegun ? place.sentAt : null, isBegun ? place.queryId : null, limit + 1 - rows.length],
      ],
    });
    rows.push(...found.map(lineOf));
    if (rows.length > limit) break;
  }
  const shown = rows.slice(0, limit);
  return {
    rows: shown,
    next: rows.length > limit ? (shown.at(-1)?.queryId ?? null) : null,
    whole: await readPartSum(tx, { quarter, account, day }),
  };
}

async function placeOf(tx: Transaction, query: string): Promise<Place | null> {
  return (await tx.query<Place>({ text: PLACE, values: [query] })).rows[0] ?? null;
}

/** The stretches from `place` on, each account's newest first. */
async function stretchesOf(
  tx: Transaction,
  { account, day, quarter }: LinesPageOf,
  place: Place | null,
): Promise<readonly Stretch[]> {
  const period = { quarter, ...quarterDays(quarter) };
  const all = [...(await readStretches(tx, { period, account }))].sort((a, b) =>
    a.account === b.account ? (a.from < b.from ? 1 : -1) : a.account < b.account ? -1 : 1,
  );
  const onDay = day === null ? all : all.flatMap((one) => ofDay(one, day));
  if (place === null) return onDay;
  const sentOn = istanbulDay(place.sentOn);
  return onDay.filter(
    (one) => one.account > place.account || (one.account === place.account && one.from <= sentOn),
  );
}

function ofDay({ account, from, to }: Stretch, day: string): readonly Stretch[] {
  return day >= from && day < to ? [{ account, from: day, to: addDays(day, 1) }] : [];
}

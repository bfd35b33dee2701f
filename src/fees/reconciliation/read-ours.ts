import type { Queryable } from '../../storage/database.js';
import { addKurus, type Kurus, kurus } from '../kurus.js';
import type { OurCell, Place } from './classify.js';
import { EDGE_MINUTES } from './edge.js';
import type { Days, Detail } from './figures.js';

interface SumRow {
  day: string;
  service: string;
  units: bigint;
  amount: bigint;
  unknown: bigint;
  uncounted: bigint;
  least: number | null;
  most: number | null;
}

interface EdgeRow {
  day: string;
  service: string;
  early: bigint;
  late: bigint;
}

// By the day sent, whichever quarter it is billed in. What was settled before is no longer unknown, and what they did not count no longer ours.
const SUMS = `WITH booked AS (
    SELECT day, service, sum(units)::bigint AS units, sum(amount_kurus)::bigint AS amount,
      coalesce(sum(units) FILTER (WHERE result = 'unknown'), 0)::bigint AS unknown, sum(queries - units)::bigint AS uncounted,
      min(unit_price_kurus) FILTER (WHERE units > 0) AS least, max(unit_price_kurus) FILTER (WHERE units > 0) AS most
    FROM bridge.fee_rollup WHERE account_id = $1 AND day >= $2::date AND day < $3::date GROUP BY day, service),
  corrected AS (
    SELECT c.of_day AS day, l.service, count(*) AS settled, sum(c.units)::bigint AS units, sum(c.amount_kurus)::bigint AS amount
    FROM bridge.fee_correction c JOIN bridge.fee_line l USING (query_id)
    WHERE c.account_id = $1 AND c.of_day >= $2::date AND c.of_day < $3::date GROUP BY 1, 2)
  SELECT b.day, b.service, b.units + coalesce(c.units, 0) AS units, b.amount + coalesce(c.amount, 0) AS amount,
    b.unknown - coalesce(c.settled, 0) AS unknown, b.uncounted, b.least, b.most
  FROM booked b LEFT JOIN corrected c USING (day, service)`;

// Minutes around each midnight, by the index of account and time: a few lines of each day, however many there are.
const EDGES = `SELECT d.day::date AS day, l.service,
    count(*) FILTER (WHERE l.sent_at < d.starts + make_interval(mins => $4)) AS early,
    count(*) FILTER (WHERE l.sent_at >= d.ends - make_interval(mins => $4)) AS late
  FROM (SELECT day, day AT TIME ZONE 'Europe/Istanbul' AS starts, (day + interval '1 day') AT TIME ZONE 'Europe/Istanbul' AS ends
    FROM generate_series($2::date::timestamp, $3::date::timestamp - interval '1 day', interval '1 day') AS day) AS d
  CROSS JOIN LATERAL (
    SELECT * FROM bridge.fee_line e WHERE e.account_id = $1 AND e.sent_at >= d.starts AND e.sent_at < d.starts + make_interval(mins => $4)
    UNION ALL
    SELECT * FROM bridge.fee_line e WHERE e.account_id = $1 AND e.sent_at >= d.ends - make_interval(mins => $4) AND e.sent_at < d.ends) AS l
  WHERE l.units > 0 AND NOT EXISTS (SELECT FROM bridge.fee_correction c WHERE c.query_id = l.query_id AND NOT c.counted)
  GROUP BY 1, 2`;

/**
 * The book of an account for some days, at the detail of the file that it is held against: at most a cell for each day and service. Sums
 * must be folded up to date before (`foldLines`, `foldWindow`).
 */
export async function readOurs(
  db: Queryable,
  account: string,
  { from, to }: Days,
  detail: Detail,
): Promise<readonly OurCell[]> {
  const sums = await db.query<SumRow>({ text: SUMS, values: [account, from, to] });
  const edges = await db.query<EdgeRow>({ text: EDGES, values: [account, from, to, EDGE_MINUTES] });
  const near = new Map(edges.rows.map((row) => [`${row.day} ${row.service}`, row]));
  const cells = new Map<string, OurCell>();
  for (const row of sums.rows) {
    const cell = cellOf(row, near.get(`${row.day} ${row.service}`), detail);
    const key = `${cell.day} ${cell.service}`;
    const other = cells.get(key);
    cells.set(key, other === undefined ? cell : added(other, cell));
  }
  return [...cells.values()];
}

function cellOf(row: SumRow, near: EdgeRow | undefined, detail: Detail): OurCell {
  const place: Place = {
    day: detail === 'day' || detail === 'day-service' ? row.day : null,
    service: detail === 'service' || detail === 'day-service' ? row.service : null,
  };
  const { least, most } = row;
  return {
    ...place,
    units: count(row.units),
    amountKurus: kurus(row.amount),
    unknown: count(row.unknown),
    uncounted: count(row.uncounted),
    early: count(near?.early ?? 0n),
    late: count(near?.late ?? 0n),
    price: least === null || most === null ? null : { least: kurus(least), most: kurus(most) },
  };
}

function added(a: OurCell, b: OurCell): OurCell {
  return {
    day: a.day,
    service: a.service,
    units: a.units + b.units,
    amountKurus: addKurus(a.amountKurus, b.amountKurus),
    unknown: a.unknown + b.unknown,
    uncounted: a.uncounted + b.uncounted,
    early: a.early + b.early,
    late: a.late + b.late,
    price: widest(a.price, b.price),
  };
}

function widest(a: OurCell['price'], b: OurCell['price']): OurCell['price'] {
  if (a === null || b === null) return a ?? b;
  const [low, high] = [
    [a.least, b.least],
    [a.most, b.most],
  ].map((pair) => [...pair].sort((x, y) => Number(x - y))) as [Kurus[], Kurus[]];
  return { least: low[0] as Kurus, most: high[1] as Kurus };
}

function count(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('too many queries');
  return number;
}

import type { Queryable } from '../../storage/database.js';
import type { DifferenceClass } from './classify.js';
import { EDGE_MINUTES } from './edge.js';

/** An entry behind a difference. Nobody's number. `settled`: what a decision has made of an unknown outcome since. */
export interface BehindEntry {
  readonly query: string;
  /** Leaf of its outcome. */
  readonly leaf: number;
  readonly sentAt: Date;
  readonly service: string;
  readonly result: string;
  readonly units: number;
  readonly settled: 'counted' | 'not-counted' | null;
}

/** Where a page went to. */
export interface BehindKey {
  readonly sentAt: Date;
  readonly query: string;
}

interface Row {
  query: string;
  leaf: bigint;
  sent_at: Date;
  service: string;
  result: string;
  units: number;
  counted: boolean | null;
}

/** Entries of a page at the most: what a person looks through, or a program takes at once. */
export const MAX_PAGE = 1_000;

// The state of the moment of the import, by leaves: `was` is a settlement that the comparison knew already.
const COUNTED = 'l.units > 0 AND coalesce(was.counted, true)';
const UNKNOWN = `l.result = 'unknown' AND was.query_id IS NULL`;

/** By class, which lines a difference can come from. Closed: SQL of ours, nothing from outside. */
const RULES: Readonly<Record<DifferenceClass, string>> = {
  'unknown-outcome': UNKNOWN,
  'only-with-us': `${COUNTED} AND NOT (${UNKNOWN})`,
  'only-with-them': 'l.sent AND l.units = 0',
  'tariff-differs': COUNTED,
  rounding: COUNTED,
  // Around the midnight before the day and the one behind it; bounds end there.
  'day-boundary': `${COUNTED} AND (l.sent_at < $8 OR l.sent_at >= $9)`,
};

/** Where lines behind a difference lie. `morning`, `evening`: up to and from when they are near a midnight of its day; null without a day. */
interface Bounds {
  readonly account: string;
  readonly service: string | null;
  readonly leaf: bigint;
  readonly starts: Date;
  readonly ends: Date;
  readonly morning: Date | null;
  readonly evening: Date | null;
}

const MIDNIGHT = (day: string) => `(${day})::timestamp AT TIME ZONE 'Europe/Istanbul'`;
const EDGE = `make_interval(mins => ${EDGE_MINUTES})`;

// A difference about a day boundary lies on both sides of it, within the period of the import.
const BOUNDS = `SELECT i.account_id AS account, d.service, i.leaf,
    ${MIDNIGHT('d.day')} + ${EDGE} AS morning, ${MIDNIGHT('d.day + 1')} - ${EDGE} AS evening,
    CASE WHEN d.class = 'day-boundary' THEN greatest(${MIDNIGHT('i.from_day')}, ${MIDNIGHT('d.day')} - ${EDGE})
      ELSE ${MIDNIGHT('coalesce(d.day, i.from_day)')} END AS starts,
    CASE WHEN d.class = 'day-boundary' THEN least(${MIDNIGHT('i.to_day + 1')}, ${MIDNIGHT('d.day + 1')} + ${EDGE})
      ELSE ${MIDNIGHT('coalesce(d.day, i.to_day) + 1')} END AS ends
  FROM bridge.fee_difference d JOIN bridge.fee_import i USING (import_id) WHERE d.difference_id = $1`;

// Bounds are values here, so that a page reads its part of the account's lines and not all of them.
const LIST = (
  byClass: DifferenceClass,
) => `SELECT l.query_id AS query, l.outcome_leaf AS leaf, l.sent_at, l.service, l.result, l.units, now_.counted
  FROM bridge.fee_line l
  LEFT JOIN bridge.fee_correction was ON was.query_id = l.query_id AND was.leaf < $5
  LEFT JOIN bridge.fee_correction now_ ON now_.query_id = l.query_id
  WHERE l.account_id = $1 AND l.sent_at >= $2 AND l.sent_at < $3 AND ($4::text IS NULL OR l.service = $4) AND l.outcome_leaf < $5
    AND (l.sent_at, l.query_id) > ($6::timestamptz, $7::uuid) AND ${RULES[byClass]}
  ORDER BY l.sent_at, l.query_id LIMIT`;

const FIRST: BehindKey = { sentAt: new Date(0), query: '00000000-0000-0000-0000-000000000000' };

/**
 * A page of the entries that a difference can come from, in the order of sending, as they were when the figures were taken in: as many as its
 * `behind` says. `limit` at most `MAX_PAGE`; `after`: the last one of the page before.
 */
export async function listBehind(
  db: Queryable,
  difference: { readonly id: string; readonly class: DifferenceClass },
  limit: number,
  after: BehindKey | null,
): Promise<readonly BehindEntry[]> {
  const found = await db.query<Bounds>({ text: BOUNDS, values: [difference.id] });
  const [bounds] = found.rows;
  if (bounds === undefined) return [];
  const { account, ends, evening, leaf: importLeaf, morning, service, starts } = bounds;
  const { query, sentAt } = after ?? FIRST;
  const isEdge = difference.class === 'day-boundary';
  const values = [
    account,
    starts,
    ends,
    service,
    importLeaf,
    sentAt,
    query,
    ...(isEdge ? [morning, evening] : []),
  ];
  const text = `${LIST(difference.class)} $${values.length + 1}`;
  const { rows } = await db.query<Row>({ text, values: [...values, Math.min(limit, MAX_PAGE)] });
  return rows.map(({ counted, leaf, sent_at: at, ...row }) => {
    const settled = counted === null ? null : counted ? 'counted' : 'not-counted';
    return { ...row, leaf: Number(leaf), sentAt: at, settled };
  });
}

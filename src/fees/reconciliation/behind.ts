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
const NEAR = `EXISTS (SELECT FROM unnest(ARRAY[d.day, d.day + 1]) AS midnight(day)
  WHERE l.sent_at >= midnight.day::timestamp AT TIME ZONE 'Europe/Istanbul' - make_interval(mins => ${EDGE_MINUTES})
    AND l.sent_at < midnight.day::timestamp AT TIME ZONE 'Europe/Istanbul' + make_interval(mins => ${EDGE_MINUTES}))`;

/** By class, which lines a difference can come from. Closed: SQL of ours, nothing from outside. */
const RULES: Readonly<Record<DifferenceClass, string>> = {
  'unknown-outcome': UNKNOWN,
  'only-with-us': `${COUNTED} AND NOT (${UNKNOWN})`,
  'only-with-them': 'l.sent AND l.units = 0',
  'tariff-differs': COUNTED,
  rounding: COUNTED,
  'day-boundary': `${COUNTED} AND ${NEAR}`,
};

// A difference about a day boundary lies on both sides of it, within the period of the import.
const STARTS = (byClass: DifferenceClass) =>
  byClass === 'day-boundary' ? 'greatest(i.from_day, d.day - 1)' : 'coalesce(d.day, i.from_day)';
const ENDS = (byClass: DifferenceClass) =>
  byClass === 'day-boundary' ? 'least(i.to_day, d.day + 1) + 1' : 'coalesce(d.day, i.to_day) + 1';

const LIST = (
  byClass: DifferenceClass,
) => `SELECT l.query_id AS query, l.outcome_leaf AS leaf, l.sent_at, l.service, l.result,
    l.units, now_.counted
  FROM bridge.fee_difference d JOIN bridge.fee_import i USING (import_id)
  JOIN bridge.fee_line l ON l.account_id = i.account_id
    AND l.sent_at >= (${STARTS(byClass)})::timestamp AT TIME ZONE 'Europe/Istanbul'
    AND l.sent_at < (${ENDS(byClass)})::timestamp AT TIME ZONE 'Europe/Istanbul'
    AND (d.service IS NULL OR l.service = d.service) AND l.outcome_leaf < i.leaf
  LEFT JOIN bridge.fee_correction was ON was.query_id = l.query_id AND was.leaf < i.leaf
  LEFT JOIN bridge.fee_correction now_ ON now_.query_id = l.query_id
  WHERE d.difference_id = $1 AND ${RULES[byClass]} AND (l.sent_at, l.query_id) > ($2::timestamptz, $3::uuid)
  ORDER BY l.sent_at, l.query_id LIMIT $4`;

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
  const { query, sentAt } = after ?? FIRST;
  const values = [difference.id, sentAt, query, Math.min(limit, MAX_PAGE)];
  const { rows } = await db.query<Row>({ text: LIST(difference.class), values });
  return rows.map(({ counted, leaf, sent_at: at, ...row }) => {
    const settled = counted === null ? null : counted ? 'counted' : 'not-counted';
    return { ...row, leaf: Number(leaf), sentAt: at, settled };
  });
}

import type { Statement } from '../../storage/database.js';
import { kindOf, type LeafSlice, NEW_TAGS, sideOf } from './leaf-slice.js';
import type { HabitRule, HoursRule } from './rule.js';

const INTENT = "'query.intent'";
const ZONE = "'Europe/Istanbul'";

/**
 * Every query of the slice's users from the beginning of the slice's first day on, with its day; numbered within user and
 * day, of those for which `condition` holds.
 */
const counted = (condition: string) => `low AS MATERIALIZED (
      SELECT bridge.leaf_at(date_trunc('day', f.at AT TIME ZONE ${ZONE}) AT TIME ZONE ${ZONE}, $2) AS leaf
      FROM (SELECT at FROM bridge.entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index LIMIT 1) f
    ), active AS MATERIALIZED (
      SELECT DISTINCT t.tag FROM ${NEW_TAGS} ${kindOf(INTENT)} ${sideOf('actor')}
    ), event AS MATERIALIZED (
      SELECT a.tag AS actor, t.leaf_index AS leaf, e.local FROM active a CROSS JOIN low
      CROSS JOIN LATERAL (SELECT leaf_index FROM bridge.log_tag
        WHERE tag = a.tag AND leaf_index >= low.leaf AND leaf_index < $2 OFFSET 0) t ${kindOf(INTENT)}
      CROSS JOIN LATERAL (SELECT at AT TIME ZONE ${ZONE} AS local FROM bridge.entry WHERE leaf_index = t.leaf_index LIMIT 1) e
    ), counted AS MATERIALIZED (
      SELECT actor, leaf, local::date AS day, row_number() OVER (PARTITION BY actor, local::date ORDER BY leaf) AS measured
      FROM event WHERE ${condition}
    )`;

/** The first new query of each user and day that has reached the number, as a finding about the whole day. */
const found = (threshold: string, joins = '') => `SELECT * FROM (
      SELECT DISTINCT ON (c.actor, c.day) c.actor, c.leaf AS "entryLeaf",
        c.day::timestamp AT TIME ZONE ${ZONE} AS "windowStart", (c.day + 1)::timestamp AT TIME ZONE ${ZONE} AS "windowEnd",
        c.measured::int AS measured, (${threshold})::int AS threshold
      FROM counted c ${joins} WHERE c.leaf >= $1 AND c.measured >= ${threshold} ORDER BY c.actor, c.day, c.leaf
    ) f ORDER BY "entryLeaf"`;

const OUTSIDE =
  'extract(isodow FROM local) >= 6 OR extract(hour FROM local) < $4 OR extract(hour FROM local) >= $5';

/** Queries of a day outside working hours; Saturdays and Sundays wholly. Public holidays are not known here. */
export function hoursStatement(rule: HoursRule, { first, end }: LeafSlice): Statement {
  const text = `WITH ${counted(OUTSIDE)} ${found('$3')}`;
  return { text, values: [first, end, rule.threshold, rule.fromHour, rule.toHour] };
}

/** A count above four thousand million would not fit an entry's numbers, and is as unreachable as any other. */
const MOST = 2_000_000_000;

/**
 * Queries of a day against the user's mean of the days before. Only days with queries make the mean: with week-ends and
 * holidays in it, it would say how often somebody works, and the rule would be stricter on a Monday than on a Friday. Who
 * did nothing in those days has a habit of nothing, so that the threshold alone counts: a sleeping account that is used at
 * once is what the rule is for. On the log's own first day nobody has a habit, and nothing is measured. Divided last, so
 * that a mean of thirds is not rounded past the number it stands for.
 */
export function habitStatement(rule: HabitRule, { first, end }: LeafSlice): Statement {
  const text = `WITH ${counted('true')}, pair AS MATERIALIZED (
      SELECT DISTINCT actor, day FROM counted WHERE leaf >= $1 AND measured >= $3
    ), bound AS MATERIALIZED (
      SELECT day, bridge.leaf_at((day - $4::int)::timestamp AT TIME ZONE ${ZONE}, $2) AS low,
        bridge.leaf_at(day::timestamp AT TIME ZONE ${ZONE}, $2) AS high
      FROM (SELECT DISTINCT day FROM pair) d
    ), habit AS MATERIALIZED (
      SELECT p.actor, p.day, h.queries, h.days FROM pair p JOIN bound b USING (day)
      CROSS JOIN LATERAL (
        SELECT count(*)::numeric AS queries, greatest(count(DISTINCT e.day), 1) AS days
        FROM (SELECT leaf_index FROM bridge.log_tag WHERE tag = p.actor AND leaf_index >= b.low AND leaf_index < b.high OFFSET 0) t ${kindOf(INTENT)}
        CROSS JOIN LATERAL (SELECT (at AT TIME ZONE ${ZONE})::date AS day FROM bridge.entry WHERE leaf_index = t.leaf_index LIMIT 1) e
      ) h WHERE b.high > 0
    ) ${found(`least(greatest($3, ceil(h.queries * $5 / (100 * h.days))), ${MOST})`, 'JOIN habit h USING (actor, day)')}`;
  return { text, values: [first, end, rule.threshold, rule.days, rule.factorPercent] };
}

import type { Statement } from '../../storage/database.js';
import { ACTIVE_SIDE, type LeafSlice } from './leaf-slice.js';
import type { WindowRule } from './rule.js';

/**
 * An outcome counts when it comes, and its query is looked for among the intents of this long before: the deadline of a
 * query and the patience of its outcome are far below it.
 */
const LATE = "interval '1 hour'";

/** What is counted: `active` gives the users of the new leaves, `event` what each did since `low.low_leaf`. */
interface Counted {
  readonly active: string;
  readonly event: string;
}

/** Rows of users in the new leaves whose entry has one of these kinds. */
const activeBy = (kinds: string) => `SELECT DISTINCT t.tag FROM bridge.log_tag t
    CROSS JOIN LATERAL (SELECT 1 FROM bridge.log_search WHERE leaf_index = t.leaf_index AND kind IN (${kinds}) LIMIT 1) s
    ${ACTIVE_SIDE} WHERE t.leaf_index >= $1 AND t.leaf_index < $2`;

/** What an active user did from the lowest leaf on, of one of these kinds. OFFSET and LIMIT: looked up for each row alone. */
const deedsOf = (kinds: string, from = 'low.low_leaf') => `active a CROSS JOIN low
    CROSS JOIN LATERAL (SELECT leaf_index FROM bridge.log_tag
      WHERE tag = a.tag AND leaf_index >= ${from} AND leaf_index < $2 OFFSET 0) t
    CROSS JOIN LATERAL (SELECT 1 FROM bridge.log_search WHERE leaf_index = t.leaf_index AND kind IN (${kinds}) LIMIT 1) s`;

const INTENT = "'query.intent'";
const READS = "'log.searched', 'log.exported', 'log.evidence'";
const NOBODY = "r.outcome IN ('mismatch', 'not-found')";

const COUNTED: Readonly<Record<WindowRule['measure'], Counted>> = {
  'people-asked-about': {
    active: activeBy(INTENT),
    event: `SELECT a.tag AS actor, t.leaf_index AS leaf, t.leaf_index AS entry_leaf, p.tag AS thing, e.at FROM ${deedsOf(INTENT)}
      CROSS JOIN LATERAL (SELECT g.tag FROM bridge.log_tag g JOIN bridge.person_key k USING (tag, year)
        WHERE g.leaf_index = t.leaf_index AND k.side = 'subject' OFFSET 0) p
      CROSS JOIN LATERAL (SELECT at FROM bridge.entry WHERE leaf_index = t.leaf_index LIMIT 1) e`,
  },
  'non-matches': {
    active: `SELECT DISTINCT t.tag FROM bridge.log_search o
      JOIN bridge.log_search i ON i.query = o.query AND i.kind = ${INTENT}
      JOIN bridge.log_search_outcome r ON r.leaf_index = i.leaf_index AND r.outcome_leaf = o.leaf_index
      JOIN bridge.log_tag t ON t.leaf_index = i.leaf_index
      ${ACTIVE_SIDE} WHERE o.leaf_index >= $1 AND o.leaf_index < $2 AND ${NOBODY}`,
    event: `SELECT a.tag AS actor, r.outcome_leaf AS leaf, t.leaf_index AS entry_leaf, int8send(t.leaf_index) AS thing, e.at
      FROM ${deedsOf(INTENT, 'low.late_leaf')}
      CROSS JOIN LATERAL (SELECT r.outcome_leaf FROM bridge.log_search_outcome r WHERE r.leaf_index = t.leaf_index
        AND ${NOBODY} AND r.outcome_leaf >= low.low_leaf AND r.outcome_leaf < $2 OFFSET 0) r
      CROSS JOIN LATERAL (SELECT at FROM bridge.entry WHERE leaf_index = r.outcome_leaf LIMIT 1) e`,
  },
  'log-reads': {
    active: activeBy(READS),
    event: `SELECT a.tag AS actor, t.leaf_index AS leaf, t.leaf_index AS entry_leaf, int8send(t.leaf_index) AS thing, e.at
      FROM ${deedsOf(READS)}
      CROSS JOIN LATERAL (SELECT at FROM bridge.entry WHERE leaf_index = t.leaf_index LIMIT 1) e`,
  },
};

/**
 * For each user and each new deed: how many different things (persons, queries, reads) stand in the window (at − length, at]
 * that it ends, where that reaches the threshold. In leaf order. Counted by what enters and what leaves a window, so that
 * every window of the slice costs one pass and none is missed, however seldom it is looked.
 */
export function windowStatement(rule: WindowRule, { first, end }: LeafSlice): Statement {
  const { active, event } = COUNTED[rule.measure];
  const text = `WITH low AS MATERIALIZED (
      SELECT bridge.leaf_at(f.at - w.length, $2) AS low_leaf, bridge.leaf_at(f.at - w.length - ${LATE}, $2) AS late_leaf, w.length
      FROM (SELECT make_interval(mins => $3::int) AS length) w,
        (SELECT at FROM bridge.entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index LIMIT 1) f
    ), active AS MATERIALIZED (${active}
    ), event AS MATERIALIZED (${event}
    ), near AS (
      SELECT e.*, w.length, lag(at) OVER same AS before, lead(at) OVER same AS after FROM event e CROSS JOIN low w
      WINDOW same AS (PARTITION BY actor, thing ORDER BY leaf)
    ), change AS (
      SELECT actor, at, leaf, entry_leaf, CASE WHEN before > at - length THEN 0 ELSE 1 END AS step FROM near
      UNION ALL
      SELECT actor, at + length, NULL, NULL, -1 FROM near WHERE after IS NULL OR after >= at + length
    ), counted AS (
      SELECT actor, at, leaf, entry_leaf,
        sum(step) OVER (PARTITION BY actor ORDER BY at, (leaf IS NOT NULL), leaf ROWS UNBOUNDED PRECEDING) AS measured
      FROM change
    )
    SELECT c.actor, c.entry_leaf AS "entryLeaf", c.at - low.length AS "windowStart", c.at AS "windowEnd",
      c.measured::int AS measured, $4::int AS threshold
    FROM counted c CROSS JOIN low WHERE c.leaf >= $1 AND c.measured >= $4 ORDER BY c.leaf`;
  return { text, values: [first, end, rule.windowMinutes, rule.threshold] };
}

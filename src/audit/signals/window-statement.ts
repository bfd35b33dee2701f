import type { Statement } from '../../storage/database.js';
import { kindOf, type LeafSlice, NEW_TAGS, sideOf } from './leaf-slice.js';
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

/** Users of the new leaves whose entry has one of these kinds. */
const activeBy = (kinds: string) =>
  `SELECT DISTINCT t.tag FROM ${NEW_TAGS} ${kindOf(kinds)} ${sideOf('actor')}`;

/** What an active user did from the lowest leaf on, of one of these kinds. */
const deedsOf = (kinds: string, from = 'low.low_leaf') => `active a CROSS JOIN low
    CROSS JOIN LATERAL (SELECT leaf_index FROM bridge.log_tag
      WHERE tag = a.tag AND leaf_index >= ${from} AND leaf_index < $2 OFFSET 0) t ${kindOf(kinds)}`;

const INTENT = "'query.intent'";
const READS =
  "'log.searched', 'log.revealed', 'log.exported', 'log.export-asked', 'log.evidence', 'kvkk.answered'";
const ENDS = "'query.outcome', 'query.unknown', 'query.late-outcome'";
const NOBODY = "r.outcome IN ('mismatch', 'not-found')";

const COUNTED: Readonly<Record<WindowRule['measure'], Counted>> = {
  'people-asked-about': {
    active: activeBy(INTENT),
    event: `SELECT a.tag AS actor, t.leaf_index AS leaf, t.leaf_index AS entry_leaf, p.tag AS thing, e.at FROM ${deedsOf(INTENT)}
      CROSS JOIN LATERAL (SELECT t.leaf_index OFFSET 0) l
      CROSS JOIN LATERAL (SELECT tag FROM (SELECT tag, year FROM bridge.log_tag WHERE leaf_index = l.leaf_index OFFSET 0) t
        ${sideOf('subject')} OFFSET 0) p
      CROSS JOIN LATERAL (SELECT at FROM bridge.entry WHERE leaf_index = t.leaf_index LIMIT 1) e`,
  },
  'non-matches': {
    active: `SELECT DISTINCT t.tag FROM (SELECT query, leaf_index FROM bridge.log_search
        WHERE leaf_index >= $1 AND leaf_index < $2 AND kind IN (${ENDS}) OFFSET 0) o
      CROSS JOIN LATERAL (SELECT leaf_index FROM
        (SELECT leaf_index, kind FROM bridge.log_search WHERE query = o.query OFFSET 0) q WHERE kind = ${INTENT} LIMIT 1) i
      CROSS JOIN LATERAL (SELECT 1 FROM (SELECT outcome FROM bridge.log_search_outcome
        WHERE leaf_index = i.leaf_index AND outcome_leaf = o.leaf_index OFFSET 0) r WHERE ${NOBODY} LIMIT 1) r
      CROSS JOIN LATERAL (SELECT tag, year FROM bridge.log_tag WHERE leaf_index = i.leaf_index OFFSET 0) t ${sideOf('actor')}`,
    event: `SELECT a.tag AS actor, r.outcome_leaf AS leaf, t.leaf_index AS entry_leaf, int8send(t.leaf_index) AS thing, e.at
      FROM ${deedsOf(INTENT, 'low.late_leaf')}
      CROSS JOIN LATERAL (SELECT outcome, outcome_leaf FROM bridge.log_search_outcome WHERE leaf_index = t.leaf_index
        AND outcome_leaf >= low.low_leaf AND outcome_leaf < $2 OFFSET 0) r
      CROSS JOIN LATERAL (SELECT at FROM bridge.entry WHERE leaf_index = r.outcome_leaf LIMIT 1) e
      WHERE ${NOBODY}`,
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

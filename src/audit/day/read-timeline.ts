import type { Database, Statement } from '../../storage/database.js';
import { firstLeafAt } from '../leaf-bounds.js';
import { SNAPSHOT } from '../search/read-page.js';

/** Whose timeline: tags of one person on one side, under every tag key. */
export interface TimelineQuestion {
  readonly tags: readonly Buffer[];
  /** Half-open; null: from the beginning, until now. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** Leaves from this one on are left out: what has come since the list beside it was made. */
  readonly below: bigint;
  /** Any of these; empty: all. */
  readonly kinds: readonly string[];
}

/** Entries of one day (`YYYY-MM-DD`, Europe/Istanbul) that came out the same. */
export interface TimelineCount {
  readonly day: string;
  readonly kind: string;
  /** What became of a query: its outcome, or its state where it has none; null for what is no query, or has not ended. */
  readonly result: string | null;
  readonly entries: number;
}

/** A picture of the newest entries. `more`: there are older ones that it leaves out. */
export interface Timeline {
  readonly days: readonly TimelineCount[];
  readonly counted: number;
  readonly more: boolean;
}

/** Entries that one picture looks at: some tens of milliseconds, whoever it is about. */
export const MAX_TIMELINE_ENTRIES = 5_000;

/** The counts among the leaves `low` to `high`: one ordered walk for each tag, as in a search; then each entry is looked up alone. */
export function timelineStatement(
  { kinds, tags }: Pick<TimelineQuestion, 'kinds' | 'tags'>,
  { high, low, most }: { readonly low: bigint; readonly high: bigint; readonly most: number },
): Statement {
  const walks = tags.map(
    (_tag, i) => `(SELECT leaf_index FROM bridge.log_tag
      WHERE tag = $${i + 5} AND leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index DESC LIMIT $3)`,
  );
  const text = `SELECT to_char(e.at AT TIME ZONE 'Europe/Istanbul', 'YYYY-MM-DD') AS day, s.kind, o.result, count(*)::int AS entries
    FROM (SELECT DISTINCT leaf_index FROM (${walks.join(' UNION ALL ')}) w ORDER BY leaf_index DESC LIMIT $3) d
    CROSS JOIN LATERAL (SELECT kind FROM bridge.log_search
      WHERE leaf_index = d.leaf_index AND (cardinality($4::text[]) = 0 OR kind = ANY($4::text[])) LIMIT 1) s
    CROSS JOIN LATERAL (SELECT at FROM bridge.entry WHERE leaf_index = d.leaf_index LIMIT 1) e
    LEFT JOIN LATERAL (SELECT coalesce(outcome, state) AS result FROM bridge.log_search_outcome
      WHERE leaf_index = d.leaf_index ORDER BY outcome_leaf DESC LIMIT 1) o ON true
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  return { text, values: [low, high, most, kinds, ...tags] };
}

const COUNT = (tags: number) =>
  `SELECT count(*)::int AS count FROM (${Array.from(
    { length: tags },
    (_, i) => `(SELECT leaf_index FROM bridge.log_tag
      WHERE tag = $${i + 4} AND leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index DESC LIMIT $3)`,
  ).join(' UNION ALL ')}) w`;

/**
 * How many entries of a person each day has, of the newest `most` that their tags lead to. Whoever shows it has written down before that
 * this person was sought. Errors: those of `Database`.
 */
export function readTimeline(
  db: Database,
  question: TimelineQuestion,
  most = MAX_TIMELINE_ENTRIES,
): Promise<Timeline> {
  return db.transaction(
    async (tx) => {
      const { rows: indexed } = await tx.query<{ size: bigint }>({
        text: 'SELECT size FROM bridge.log_indexed',
      });
      const reached = indexed[0]?.size ?? 0n;
      const size = reached < question.below ? reached : question.below;
      const low = question.from === null ? 0n : await firstLeafAt(tx, question.from, size);
      const high = question.to === null ? size : await firstLeafAt(tx, question.to, size);
      const { rows: days } = await tx.query<TimelineCount>(timelineStatement(question, { low, high, most }));
      const { rows: all } = await tx.query<{ count: number }>({
        text: COUNT(question.tags.length),
        // One more than is looked at tells whether older ones are left out.
        values: [low, high, most + 1, ...question.tags],
      });
      const counted = days.reduce((sum, { entries }) => sum + entries, 0);
      return { days, counted, more: (all[0]?.count ?? 0) > most };
    },
    { begin: SNAPSHOT },
  );
}

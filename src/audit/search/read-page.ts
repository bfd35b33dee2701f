import type { Database, Queryable } from '../../storage/database.js';
import { sideTag } from '../person-keys.js';
import type { PersonTagger } from '../person-tags.js';
import type { DetachedRange, FoundOutcome } from './attempt.js';
import type { Criteria } from './criteria.js';
import { detachedWithin } from './detached.js';
import { candidatesStatement, MAX_CANDIDATES, type PageQuestion, pageStatement } from './page-query.js';

/** An entry as it was found, before anything of it is opened. */
export interface PageRow {
  readonly leafIndex: bigint;
  readonly leafHash: Buffer;
  readonly at: Date;
  readonly line: string;
  readonly outcome: FoundOutcome | null;
}

export interface Page {
  readonly rows: readonly PageRow[];
  /** Leaves from this one on have been looked at. */
  readonly lookedTo: bigint;
  /** True where leaves below `lookedTo` are still to be looked at. */
  readonly more: boolean;
  readonly indexedTo: bigint;
  readonly detached: readonly DetachedRange[];
}

/** Which page: of `pageSize` entries, below leaf `before` (null: the newest). */
export interface WantedPage {
  readonly criteria: Criteria;
  readonly before: bigint | null;
  readonly pageSize: number;
}

/**
 * One snapshot for a page, so that what is found and what is said about how far was looked belong together; and plans that do
 * not hang on statistics: every walk has its index, and a table that was just made must not be read whole.
 */
export const SNAPSHOT = `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_seqscan = off;
  SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashagg = off; SET LOCAL jit = off`;

const BOUNDS = `SELECT i.size AS indexed,
    CASE WHEN $1::timestamptz IS NULL THEN 0 ELSE bridge.leaf_at($1, i.size) END AS low,
    CASE WHEN $2::timestamptz IS NULL THEN i.size ELSE bridge.leaf_at($2, i.size) END AS high
  FROM bridge.log_indexed i`;

const OUTCOMES = `SELECT DISTINCT ON (leaf_index) leaf_index, outcome_leaf, outcome, state FROM bridge.log_search_outcome
  WHERE leaf_index = ANY($1::bigint[]) ORDER BY leaf_index, outcome_leaf DESC`;

/**
 * The next page of a search among the leaves that have search rows. At most `maxCandidates` rows are looked at, so that a
 * page may be short or empty and still have more behind it. Errors of `Database`.
 */
export function readPage(
  db: Database,
  wanted: WantedPage,
  taggers: readonly PersonTagger[],
  maxCandidates = MAX_CANDIDATES,
): Promise<Page> {
  return db.transaction(
    async (tx) => {
      const { criteria, before, pageSize } = wanted;
      const { rows: bounds } = await tx.query<{ indexed: bigint; low: bigint; high: bigint }>({
        text: BOUNDS,
        values: [criteria.from, criteria.to],
      });
      const { indexed, low, high } = bounds[0] as { indexed: bigint; low: bigint; high: bigint };
      const question: PageQuestion = {
        criteria,
        personTags: tagsOf(taggers, 'subject', criteria.person),
        actorTags: tagsOf(taggers, 'actor', criteria.actor),
        low,
        high: before !== null && before < high ? before : high,
        // One more than is shown tells whether there is a further page.
        limit: pageSize + 1,
        maxCandidates,
      };
      const found = await readRows(tx, question);
      const detached = await detachedWithin(tx, low, high);
      const extent = await extentOf(tx, question, found, pageSize);
      return { rows: found.slice(0, pageSize), ...extent, indexedTo: indexed, detached };
    },
    { begin: SNAPSHOT },
  );
}

function tagsOf(
  taggers: readonly PersonTagger[],
  side: 'actor' | 'subject',
  person: Criteria['person'],
): readonly Buffer[] {
  // Rows made under an earlier tag key still count: they are re-tagged at leisure.
  return person === null ? [] : taggers.map((tagger) => sideTag(tagger, side, person));
}

async function readRows(tx: Queryable, question: PageQuestion): Promise<readonly PageRow[]> {
  const { rows } = await tx.query<{ leaf_index: bigint; leaf_hash: Buffer; at: Date; line: string }>(
    pageStatement(question),
  );
  const leaves = rows.map((row) => row.leaf_index);
  const ends = await tx.query<{
    leaf_index: bigint;
    outcome_leaf: bigint;
    outcome: string | null;
    state: string;
  }>({ text: OUTCOMES, values: [leaves] });
  const outcomes = new Map(
    ends.rows.map(({ leaf_index, outcome_leaf, outcome, state }) => [
      leaf_index,
      { outcome, state, leafIndex: outcome_leaf },
    ]),
  );
  return rows.map(({ leaf_index, leaf_hash, at, line }) => ({
    leafIndex: leaf_index,
    leafHash: leaf_hash,
    at,
    line,
    outcome: outcomes.get(leaf_index) ?? null,
  }));
}

/** How far down was looked, and whether there is more. */
async function extentOf(
  tx: Queryable,
  question: PageQuestion,
  found: readonly PageRow[],
  pageSize: number,
): Promise<Pick<Page, 'lookedTo' | 'more'>> {
  const last = found[pageSize - 1];
  if (found.length > pageSize && last !== undefined) return { lookedTo: last.leafIndex, more: true };
  const { rows } = await tx.query<{ count: bigint; oldest: bigint | null }>(candidatesStatement(question));
  const [{ count, oldest } = { count: 0n, oldest: null }] = rows;
  // Fewer than the limit: there are no more of them down to the beginning of the period.
  if (oldest === null || count < BigInt(question.maxCandidates)) {
    return { lookedTo: question.low, more: false };
  }
  return { lookedTo: oldest, more: oldest > question.low };
}

import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Database, Queryable, Transaction } from '../../storage/database.js';
import { sideTag } from '../person-keys.js';
import type { PersonTagger } from '../person-tags.js';
import type { DetachedRange } from '../search/attempt.js';
import { detachedWithin } from '../search/detached.js';
import { SNAPSHOT } from '../search/read-page.js';
import { type LookUp, lookUpOf } from './look-up.js';

/** Whose look-ups, and of which time: by their `at`, half-open; null: from the beginning, up to now. */
export interface WantedLookUps {
  readonly person: KimlikNo;
  readonly from: Date | null;
  readonly to: Date | null;
  /** Look-ups that are given at the most, the newest. */
  readonly limit: number;
}

/** Who asked about a person, as far as the log says. */
export interface FoundLookUps {
  /** Newest first. */
  readonly lookUps: readonly LookUp[];
  /** All of them, those beyond the limit too. */
  readonly total: number;
  /** How often officers have looked at this person's own entries or data in this system. */
  readonly looks: number;
  /** Parts of the period that are not at hand: what stands there is not counted. */
  readonly detached: readonly DetachedRange[];
  /** Leaves from here on were not looked at. */
  readonly size: bigint;
}

/** Tags that are walked in one statement. */
const PIECE = 1_000;
const ABOUT = 'query.intent';
/** Reading about a person, other than asking KPS. */
const LOOKS: readonly string[] = ['log.searched', 'log.revealed', 'console.opened', 'command.acted'];

const BOUNDS = `SELECT i.size AS indexed,
    CASE WHEN $1::timestamptz IS NULL THEN 0 ELSE bridge.leaf_at($1, i.size) END AS low,
    CASE WHEN $2::timestamptz IS NULL THEN i.size ELSE bridge.leaf_at($2, i.size) END AS high
  FROM bridge.log_indexed i`;

/**
 * The look-ups about a person, in one snapshot: the identity checks themselves, newest first, and how often the person was looked at
 * otherwise. Nothing is opened. The search rows must reach the head (`indexUpToHead`): outcomes are found by them. Errors of `Database`.
 */
export function readLookUps(
  db: Database,
  taggers: readonly PersonTagger[],
  wanted: WantedLookUps,
): Promise<FoundLookUps> {
  const tags = taggers.map((tagger) => sideTag(tagger, 'subject', wanted.person));
  return db.transaction(
    async (tx) => {
      const { rows } = await tx.query<{ indexed: bigint; low: bigint; high: bigint }>({
        text: BOUNDS,
        values: [wanted.from, wanted.to],
      });
      const { high, low } = rows[0] as { low: bigint; high: bigint };
      const counts = await countKinds(tx, tags, low, high);
      const lookUps = counts.has(ABOUT) ? await readRows(tx, tags, low, high, wanted.limit) : [];
      return {
        lookUps,
        total: counts.get(ABOUT) ?? 0,
        looks: LOOKS.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0),
        detached: await detachedWithin(tx, low, high),
        size: high,
      };
    },
    { begin: SNAPSHOT },
  );
}

/** Leaves in which the person stands as who is asked about, each once, newest first; `limit`: a place of a value, or nothing. */
function leavesOf(tags: readonly Buffer[], limit: string): string {
  const walks = tags.map(
    (_, i) => `(SELECT leaf_index FROM bridge.log_tag
      WHERE tag = $${i + 3} AND leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index DESC ${limit})`,
  );
  return `SELECT DISTINCT leaf_index FROM (${walks.join(' UNION ALL ')}) w ORDER BY leaf_index DESC ${limit}`;
}

async function countKinds(
  q: Queryable,
  tags: readonly Buffer[],
  low: bigint,
  high: bigint,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await q.query<{ kind: string; count: bigint }>({
    text: `SELECT e.kind, count(*) AS count FROM (${leavesOf(tags, '')}) d
      CROSS JOIN LATERAL (SELECT kind FROM bridge.log_search WHERE leaf_index = d.leaf_index LIMIT 1) e GROUP BY e.kind`,
    values: [low, high, ...tags],
  });
  return new Map(rows.map(({ count, kind }) => [kind, Number(count)]));
}

interface Row {
  leaf_index: bigint;
  at: Date | null;
  line: string | null;
  outcome: string | null;
  state: string | null;
}

async function readRows(
  tx: Transaction,
  tags: readonly Buffer[],
  low: bigint,
  high: bigint,
  limit: number,
): Promise<readonly LookUp[]> {
  const text = `SELECT d.leaf_index, e.at, e.line, o.outcome, o.state FROM (${leavesOf(tags, `LIMIT $${tags.length + 3}`)}) d
    LEFT JOIN LATERAL (SELECT at, line FROM bridge.entry WHERE leaf_index = d.leaf_index AND kind = '${ABOUT}' LIMIT 1) e ON true
    LEFT JOIN LATERAL (SELECT outcome, state FROM bridge.log_search_outcome
      WHERE leaf_index = d.leaf_index ORDER BY outcome_leaf DESC LIMIT 1) o ON true
    ORDER BY d.leaf_index DESC`;
  const found: LookUp[] = [];
  let before = high;
  while (found.length < limit) {
    const { rows } = await tx.query<Row>({ text, values: [low, before, ...tags, PIECE] });
    for (const { at, leaf_index: leaf, line, outcome, state } of rows) {
      if (at !== null && line !== null && found.length < limit)
        found.push(lookUpOf({ leaf, at, line, result: outcome ?? state }));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PIECE) break;
    before = last.leaf_index;
  }
  return found;
}

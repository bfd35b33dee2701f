import { Refusal } from '../../errors/refusal.js';
import type { Database, Queryable } from '../../storage/database.js';

/** How far the search rows reach after a step, and the head that the step saw. */
export interface Indexed {
  readonly size: bigint;
  readonly head: bigint;
}

/** Leaves of one step at the most: some hundred milliseconds, so that a search that waits for a step is not held up long. */
const STEP_LEAVES = 4096;
/** Steps of one search at the most, about a million leaves: further behind, a search would only be cut by its caller. */
const MAX_STEPS = 256;

const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(7202, 6) AS taken';
const WAIT_LOCK = 'SELECT pg_advisory_xact_lock(7202, 6), true AS taken';
const SIZES = 'SELECT h.size AS head, i.size FROM bridge.log_head h CROSS JOIN bridge.log_indexed i';

// A NUL in a text is lawful JSON and no lawful jsonb. An outcome hangs at its intent's leaf, where that is one and at hand.
const FILL = `WITH part AS MATERIALIZED (
    SELECT e.leaf_index, e.kind, replace(e.line, '\\u0000', '\\ufffd')::jsonb -> 'data' AS data
    FROM bridge.entry e WHERE e.leaf_index >= $1 AND e.leaf_index < $2
  ), searched AS (
    INSERT INTO bridge.log_search (leaf_index, kind, client, cooperative, purpose, screen, service, reference, code, query, session, ref)
    SELECT leaf_index, kind, bridge.search_text(data, 'client'), bridge.search_text(data, 'cooperative'),
      bridge.search_text(data, 'purpose'), bridge.search_text(data, 'screen'), bridge.search_text(data, 'service'),
      bridge.search_text(data, 'reference'), bridge.search_text(data, 'code'),
      coalesce(bridge.search_uuid(data, 'query'), bridge.search_uuid(data, 'of')),
      coalesce(bridge.search_uuid(data -> 'actor', 'session'), bridge.search_uuid(data, 'session')),
      CASE WHEN kind LIKE 'retention.%' THEN bridge.search_text(data, 'proposal') ELSE coalesce(bridge.search_text(data, 'roleId'),
        bridge.search_text(data, 'seat'), bridge.search_text(data, 'hold'), bridge.search_text(data, 'signal'),
        bridge.search_text(data, 'proposal')) END
    FROM part ON CONFLICT DO NOTHING
  ), ended AS (
    SELECT p.leaf_index AS outcome_leaf, bridge.search_text(p.data, 'outcome') AS outcome,
      bridge.search_text(p.data, 'state') AS state,
      CASE WHEN p.data ->> 'intent' ~ '^[0-9]{1,18}$' THEN (p.data ->> 'intent')::bigint END AS intent
    FROM part p WHERE p.kind IN ('query.outcome', 'query.unknown', 'query.late-outcome')
  ), outcomes AS (
    INSERT INTO bridge.log_search_outcome (leaf_index, outcome_leaf, outcome, state)
    SELECT i.leaf_index, o.outcome_leaf, o.outcome, o.state
    FROM ended o JOIN bridge.entry i ON i.leaf_index = o.intent AND i.kind = 'query.intent'
    WHERE o.state IS NOT NULL ON CONFLICT DO NOTHING
  )`;
const STEP = `${FILL} UPDATE bridge.log_indexed SET size = $2`;

/**
 * One step: makes the search rows of up to `limit` leaves behind those that have some, inside PostgreSQL and under a lock
 * of its own (one indexer at a time). Null where somebody else is at it and `wait` is false. A kind without anything to be
 * searched by gets its row all the same. Errors of `Database`.
 */
export function indexEntries(
  db: Database,
  { limit = STEP_LEAVES, wait = false }: { readonly limit?: number; readonly wait?: boolean } = {},
): Promise<Indexed | null> {
  return db.transaction(async (tx) => {
    const lock = await tx.query<{ taken: boolean }>({ text: wait ? WAIT_LOCK : TRY_LOCK });
    if (lock.rows[0]?.taken !== true) return null;
    // Read before the entries: entries come in leaf order, so that all before this head are seen by the next statement.
    const { rows } = await tx.query<Indexed>({ text: SIZES });
    const { head, size } = rows[0] as Indexed;
    if (size >= head) return { size, head };
    const to = size + BigInt(limit) < head ? size + BigInt(limit) : head;
    await tx.query({ text: STEP, values: [size, to] });
    return { size: to, head };
  });
}

/**
 * The search rows of the leaves [first, end) once more, where they are missing: for a range that was brought back. How far the
 * rows reach does not change.
 */
export async function fillSearchRows(tx: Queryable, first: bigint, end: bigint): Promise<void> {
  const { rows } = await tx.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_indexed' });
  const reached = rows[0]?.size ?? 0n;
  await tx.query({
    text: `${FILL} SELECT count(*) FROM part`,
    values: [first, end < reached ? end : reached],
  });
}

/** For the chore: steps until the head that the first one saw is reached, or somebody else is at it. Gives how far they reach now. */
export async function catchUp(db: Database): Promise<bigint | null> {
  const first = await indexEntries(db);
  if (first === null) return null;
  let last = first;
  for (let step = 1; step < MAX_STEPS && last.size < first.head; step += 1) {
    const next = await indexEntries(db);
    if (next === null) break;
    last = next;
  }
  return last.size;
}

/**
 * Brings the search rows up to the head as it is now: whatever was acknowledged before this call can be found after it.
 * `OVERLOADED` where they are more than a million leaves behind.
 */
export async function indexUpToHead(db: Database): Promise<void> {
  const { rows } = await db.query<Indexed>({ text: SIZES });
  const { head, size } = rows[0] as Indexed;
  let reached = size;
  for (let step = 0; reached < head; step += 1) {
    if (step === MAX_STEPS) throw new Refusal('OVERLOADED', { reason: 'search-index', retryAfterS: 30 });
    reached = (await indexEntries(db, { wait: true }))?.size ?? reached;
  }
}

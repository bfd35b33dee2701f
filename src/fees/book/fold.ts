import type { Database, Transaction } from '../../storage/database.js';

/** Leaves in one transaction: a fold that fell behind must not hold its locks for minutes. */
const WINDOW = 200_000n;
/** Windows in one call: two thousand million leaves; who is further behind calls again. */
const MAX_WINDOWS = 10_000;

interface Places {
  readonly size: bigint;
  readonly saved_size: bigint;
  readonly head: bigint;
  readonly indexed: bigint;
}

// The row lock makes it one fold at a time, whichever instance. The limits are read after it, so that no line below them is unseen.
const LOCK = 'SELECT size, saved_size FROM bridge.fee_fold FOR UPDATE';
const LIMITS = `SELECT (SELECT size FROM bridge.log_head) AS head, (SELECT size FROM bridge.log_indexed) AS indexed`;

const SUMS = 'count(*), count(*) FILTER (WHERE sent), sum(units), sum(amount_kurus)';
const ADD = (
  table: string,
) => `lines = ${table}.lines + excluded.lines, queries = ${table}.queries + excluded.queries,
    units = ${table}.units + excluded.units, amount_kurus = ${table}.amount_kurus + excluded.amount_kurus`;

// `day`: of the time sent, Europe/Istanbul. What was sent in a quarter that was frozen by then is billed in the next one.
const FOLD = `WITH line AS MATERIALIZED (
    SELECT CASE WHEN EXISTS (SELECT FROM bridge.fee_freeze f WHERE f.quarter = l.quarter AND f.frozen_leaf < l.outcome_leaf)
        THEN bridge.billed_quarter(l.quarter, l.outcome_leaf) ELSE l.quarter END AS billed,
      (l.sent_at AT TIME ZONE 'Europe/Istanbul')::date AS day, l.*
    FROM bridge.fee_line l WHERE l.outcome_leaf >= $1 AND l.outcome_leaf < $2),
  rollup AS (
    INSERT INTO bridge.fee_rollup AS r
    SELECT billed, day, account_id, fee_class, client_id, service, service_version, purpose, ministry, il, unit, result, basis,
      unit_price_kurus, ${SUMS}
    FROM line GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    ON CONFLICT (quarter, day, account_id, fee_class, client_id, service, service_version, purpose, ministry, il, unit, result, basis,
      unit_price_kurus) DO UPDATE SET ${ADD('r')}),
  cooperative AS (
    INSERT INTO bridge.fee_by_cooperative AS r
    SELECT billed, day, account_id, fee_class, cooperative, ${SUMS} FROM line GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (quarter, account_id, fee_class, cooperative, day) DO UPDATE SET ${ADD('r')}),
  actor AS (
    INSERT INTO bridge.fee_by_actor AS r
    SELECT billed, day, account_id, fee_class, actor_tag, max(outcome_leaf), ${SUMS} FROM line GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (quarter, account_id, fee_class, actor_tag, day) DO UPDATE
      SET last_leaf = greatest(r.last_leaf, excluded.last_leaf), ${ADD('r')})
  UPDATE bridge.fee_fold SET size = $2`;

// `at` of an entry is when it was written down: a refusal has no other time.
const SAVE = `WITH call AS (
    SELECT (e.at AT TIME ZONE 'Europe/Istanbul')::date AS day, s.client,
      CASE s.kind WHEN 'query.replayed' THEN 'REPLAYED' ELSE coalesce(s.code, 'UNKNOWN') END AS code
    FROM bridge.log_search s JOIN bridge.entry e USING (leaf_index)
    WHERE s.kind IN ('query.refused', 'query.replayed') AND s.client IS NOT NULL AND s.leaf_index >= $1 AND s.leaf_index < $2),
  saved AS (
    INSERT INTO bridge.fee_saved AS r SELECT day, client, code, count(*) FROM call GROUP BY 1, 2, 3
    ON CONFLICT (day, client_id, code) DO UPDATE SET calls = r.calls + excluded.calls)
  UPDATE bridge.fee_fold SET saved_size = $2`;

/**
 * Adds the lines that the log has got since to the sums, window by window, each in one transaction with the place reached: killed at any
 * moment it goes on where it stood, and no line is added twice. Any instance may call it at any time. Errors: those of `Database`.
 */
export async function foldLines(db: Database): Promise<void> {
  for (let i = 0; i < MAX_WINDOWS; i += 1) {
    const more = await db.transaction((tx) => foldWindow(tx));
    if (!more) return;
  }
}

/** One window inside `tx`; true where more is left. For whoever needs sums that hold at a moment of their own transaction. */
export async function foldWindow(tx: Transaction): Promise<boolean> {
  const { rows: places } = await tx.query<Pick<Places, 'size' | 'saved_size'>>({ text: LOCK });
  const { rows: limits } = await tx.query<Pick<Places, 'head' | 'indexed'>>({ text: LIMITS });
  const { size = 0n, saved_size: saved = 0n } = places[0] ?? {};
  const { head = 0n, indexed = 0n } = limits[0] ?? {};
  const to = min(size + WINDOW, head);
  const savedTo = min(saved + WINDOW, indexed);
  if (to > size) await tx.query({ name: 'fee-fold', text: FOLD, values: [size, to] });
  if (savedTo > saved) await tx.query({ name: 'fee-fold-saved', text: SAVE, values: [saved, savedTo] });
  return to < head || savedTo < indexed;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

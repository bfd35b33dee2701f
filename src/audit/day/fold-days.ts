import type { Database, Transaction } from '../../storage/database.js';

/** How far the counts reach, and the head that the last look saw. */
export interface Folded {
  readonly size: bigint;
  readonly head: bigint;
}

/** Leaves in one transaction: some hundred milliseconds, for whoever waits for the row. */
const WINDOW = 20_000n;
/** Windows in one call: four thousand million leaves; who is further behind calls again. */
const MAX_WINDOWS = 200_000;

// Who finds the row taken leaves the counting to the other: two never count the same leaves, and nobody waits.
const LOCK = 'SELECT size FROM bridge.log_day_fold FOR UPDATE SKIP LOCKED';
// Read after the lock: entries come in leaf order, so that every search row below `indexed` is seen by the next statement.
const LIMITS =
  'SELECT (SELECT size FROM bridge.log_head) AS head, (SELECT size FROM bridge.log_indexed) AS indexed';
const PLACE =
  'SELECT (SELECT size FROM bridge.log_day_fold) AS size, (SELECT size FROM bridge.log_head) AS head';

// `at` is when the entry was written: it never runs backwards, so that a day is a run of leaves.
const FOLD = `WITH counted AS (
    SELECT (e.at AT TIME ZONE 'Europe/Istanbul')::date AS day, s.kind, coalesce(s.code, '') AS code, count(*) AS entries
    FROM bridge.log_search s JOIN bridge.entry e USING (leaf_index)
    WHERE s.leaf_index >= $1 AND s.leaf_index < $2 AND e.leaf_index >= $1 AND e.leaf_index < $2 GROUP BY 1, 2, 3),
  added AS (
    INSERT INTO bridge.log_day AS d SELECT * FROM counted
    ON CONFLICT (day, kind, code) DO UPDATE SET entries = d.entries + excluded.entries)
  UPDATE bridge.log_day_fold SET size = $2`;

/**
 * Adds the entries that have got search rows since to the counts by day, window by window, each in one transaction with the place
 * reached: killed at any moment it goes on where it stood, and no entry is counted twice, whoever else is at it. `maxWindows` bounds
 * the work of a call. Entries of a range that was detached before it was counted are not at hand, and are never counted.
 * Errors: those of `Database`.
 */
export async function foldDays(
  db: Database,
  {
    maxWindows = MAX_WINDOWS,
    window = WINDOW,
  }: { readonly maxWindows?: number; readonly window?: bigint } = {},
): Promise<Folded> {
  for (let i = 0; i < maxWindows; i += 1) {
    const more = await db.transaction((tx) => foldWindow(tx, window));
    if (!more) break;
  }
  const { rows } = await db.query<Folded>({ text: PLACE });
  return rows[0] ?? { size: 0n, head: 0n };
}

/** True where more is left. */
async function foldWindow(tx: Transaction, window: bigint): Promise<boolean> {
  const { rows: places } = await tx.query<{ size: bigint }>({ text: LOCK });
  const [place] = places;
  if (place === undefined) return false;
  const { rows: limits } = await tx.query<{ head: bigint; indexed: bigint }>({ text: LIMITS });
  const { indexed = 0n } = limits[0] ?? {};
  const to = min(place.size + window, indexed);
  if (to > place.size) await tx.query({ name: 'day-fold', text: FOLD, values: [place.size, to] });
  return to < indexed;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

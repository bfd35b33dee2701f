import type { Queryable } from '../../storage/database.js';
import type { DetachedRange } from './attempt.js';

/** Leaves of a range that can be detached: a partition. */
const PART_LEAVES = 1n << 20n;
const SELECT = 'SELECT part FROM bridge.log_detached ORDER BY part';

/** The detached ranges that the leaves from `low` to `high` (see `touchedBy`) touch. */
export async function detachedWithin(q: Queryable, low: bigint, high: bigint): Promise<DetachedRange[]> {
  const { rows } = await q.query<{ part: bigint }>({ text: SELECT });
  return touchedBy(
    rows.map((row) => row.part),
    low,
    high,
  );
}

/**
 * Runs of detached `parts` (ascending) that a period may reach into. `low` and `high` are the bounds of the period found among
 * the entries at hand, whose times alone are known: an instant within a detached run falls on the run's beginning, since
 * nothing is at hand between there and its end. So a run is outside only where an entry at hand stands between them.
 */
export function touchedBy(parts: readonly bigint[], low: bigint, high: bigint): DetachedRange[] {
  const runs: { first: bigint; count: bigint }[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === part * PART_LEAVES) last.count += PART_LEAVES;
    else runs.push({ first: part * PART_LEAVES, count: PART_LEAVES });
  }
  return runs.filter((run) => low <= run.first && run.first <= high);
}

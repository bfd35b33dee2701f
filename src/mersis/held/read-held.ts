import type { Queryable } from '../../storage/database.js';
import type { HoldReason } from '../guard.js';
import { HELD_COLUMNS, type HeldChange, STOPPED_RUN, type StoppedRun } from './list-held.js';

/** How much a stopped run holds. `reasons`: cooperatives; `roles`: seats that would be lost. */
interface HeldSummary {
  readonly cooperatives: number;
  readonly seats: number;
  readonly reasons: readonly { readonly why: HoldReason; readonly cooperatives: number }[];
  readonly roles: readonly { readonly role: string; readonly seats: number }[];
}

/** A stopped run with a page of what it holds, by MERSİS number. */
export interface HeldPage {
  readonly run: StoppedRun;
  readonly summary: HeldSummary;
  readonly changes: readonly HeldChange[];
  /** Whether more stand behind the last of these. */
  readonly hasMore: boolean;
}

const PAGE = `SELECT ${HELD_COLUMNS} FROM bridge.mersis_held h LEFT JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE h.run_id = $1 AND h.released_at IS NULL AND h.mersis_no > $2 ORDER BY h.mersis_no LIMIT $3`;
const REASONS = `SELECT why, count(*)::int AS cooperatives, coalesce(sum(cardinality(lost)), 0)::int AS seats FROM bridge.mersis_held
  WHERE run_id = $1 AND released_at IS NULL GROUP BY why ORDER BY why`;
const ROLES = `SELECT s.role, count(*)::int AS seats FROM bridge.mersis_held h JOIN bridge.authority_seat s ON s.seat_id = ANY(h.lost)
  WHERE h.run_id = $1 AND h.released_at IS NULL GROUP BY s.role ORDER BY s.role`;

/**
 * What the stopped run holds, `limit` cooperatives behind the MERSİS number `after`; null where none stands stopped. Nobody's number with it.
 * Errors: those of `Queryable`.
 */
export async function readHeldPage(
  db: Queryable,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<HeldPage | null> {
  const [run] = (await db.query<StoppedRun>({ text: STOPPED_RUN })).rows;
  if (run === undefined) return null;
  const { rows } = await db.query<HeldChange>({ text: PAGE, values: [run.runId, after, limit + 1] });
  return {
    run,
    summary: await summaryOf(db, run.runId),
    changes: rows.slice(0, limit),
    hasMore: rows.length > limit,
  };
}

async function summaryOf(db: Queryable, runId: string): Promise<HeldSummary> {
  const values = [runId];
  const reasons = await db.query<HeldSummary['reasons'][number] & { seats: number }>({
    text: REASONS,
    values,
  });
  const roles = await db.query<HeldSummary['roles'][number]>({ text: ROLES, values });
  const sum = (pick: (row: { cooperatives: number; seats: number }) => number) =>
    reasons.rows.reduce((total, row) => total + pick(row), 0);
  return {
    cooperatives: sum((row) => row.cooperatives),
    seats: sum((row) => row.seats),
    reasons: reasons.rows.map(({ cooperatives, why }) => ({ cooperatives, why })),
    roles: roles.rows,
  };
}

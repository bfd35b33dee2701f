import type { Queryable } from '../storage/database.js';
import { type MaintenanceWindow, stateOf } from './window.js';

/** Windows by how they stand. */
export interface WindowList {
  /** What is not asked now. */
  readonly current: readonly MaintenanceWindow[];
  /** Announced, the next one first. */
  readonly ahead: readonly MaintenanceWindow[];
  /** Over or closed, the newest first. */
  readonly past: readonly MaintenanceWindow[];
}

/** More than can stand beside each other: those of a system never overlap. */
const MAX_OPEN = 500;
const MAX_PAST = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const COLUMNS = `window_id AS "window", system, starts_at AS "startsAt", ends_at AS "endsAt", reason, closed_at AS "closedAt",
  opened_leaf AS "openedLeaf", closed_leaf AS "closedLeaf"`;
const OPEN = `SELECT ${COLUMNS} FROM bridge.maintenance_window WHERE closed_at IS NULL AND ends_at > $1
  ORDER BY ends_at, window_id LIMIT ${MAX_OPEN}`;
const CURRENT = `SELECT ${COLUMNS} FROM bridge.maintenance_window WHERE closed_at IS NULL AND ends_at > $1 AND starts_at <= $1
  ORDER BY ends_at, window_id LIMIT ${MAX_OPEN}`;
// By the leaf of what opened it: the order in which they came about.
const PAST = `SELECT ${COLUMNS} FROM bridge.maintenance_window WHERE closed_at IS NOT NULL OR ends_at <= $1
  ORDER BY opened_leaf DESC LIMIT $2`;

type Row = Omit<MaintenanceWindow, 'openedLeaf' | 'closedLeaf'> & {
  readonly openedLeaf: string | bigint;
  readonly closedLeaf: string | bigint | null;
};

/** What is current, ahead, and past (the newest `pastLimit`, 50 at the most). Errors: those of `Queryable`. */
export async function listWindows(
  db: Queryable,
  now: Date,
  { pastLimit = MAX_PAST }: { readonly pastLimit?: number } = {},
): Promise<WindowList> {
  const open = await readOpenWindows(db, now);
  const limit = Math.min(Math.max(0, pastLimit), MAX_PAST);
  const { rows: past } = await db.query<Row>({ text: PAST, values: [now, limit] });
  const inState = (state: 'current' | 'ahead') => open.filter((one) => stateOf(one, now) === state);
  return { current: inState('current'), ahead: inState('ahead'), past: past.map(windowOf) };
}

/** Those that are not closed and not over at `now`, by their end. Errors: those of `Queryable`. */
export async function readOpenWindows(db: Queryable, now: Date): Promise<readonly MaintenanceWindow[]> {
  const { rows } = await db.query<Row>({ text: OPEN, values: [now] });
  return rows.map(windowOf);
}

/** What is not asked at `now`, by its end. Errors: those of `Queryable`. */
export async function readCurrentWindows(db: Queryable, now: Date): Promise<readonly MaintenanceWindow[]> {
  const { rows } = await db.query<Row>({ text: CURRENT, values: [now] });
  return rows.map(windowOf);
}

/** Whether `text` has the form of a window's id. */
export function isWindowId(text: string): boolean {
  return UUID.test(text);
}

function windowOf({ closedLeaf, openedLeaf, ...row }: Row): MaintenanceWindow {
  return {
    ...row,
    openedLeaf: BigInt(openedLeaf),
    closedLeaf: closedLeaf === null ? null : BigInt(closedLeaf),
  };
}

import type { Queryable } from '../../storage/database.js';
import type { SignalDecision } from './decide-lane.js';

/** A signal as an officer sees it; whom it is about stands sealed in the entry `raisedLeaf`. */
export interface ListedSignal {
  readonly id: string;
  readonly rule: string;
  readonly measure: string;
  readonly measured: number;
  readonly threshold: number;
  readonly windowStart: Date;
  readonly windowEnd: Date;
  readonly raisedAt: Date;
  readonly raisedLeaf: bigint;
  /** Null while it is open. */
  readonly decision: SignalDecision | null;
  readonly decidedLeaf: bigint | null;
}

/** The place of a signal in the list: what stands behind it comes on the next page. */
export interface SignalPlace {
  readonly open: boolean;
  readonly raisedLeaf: bigint;
}

/** What is wanted of the list. `limit`: 1 to 200. */
export interface ListOptions {
  readonly after: SignalPlace | null;
  readonly limit: number;
  readonly openOnly: boolean;
}

export interface SignalPage {
  readonly signals: readonly ListedSignal[];
  /** Null where nothing stands behind. */
  readonly next: SignalPlace | null;
}

const MAX_LIMIT = 200;

const COLUMNS = `signal_id AS id, rule, measure, measured::int, threshold::int, window_start AS "windowStart",
  window_end AS "windowEnd", raised_at AS "raisedAt", raised_leaf AS "raisedLeaf", decision, decided_leaf AS "decidedLeaf"`;

/**
 * A page: open signals first, then decided ones, the newest first in each. A signal that is decided while somebody pages may
 * come twice, and is never left out.
 */
export async function listSignals(q: Queryable, options: ListOptions): Promise<SignalPage> {
  const limit = Math.min(Math.max(options.limit, 1), MAX_LIMIT);
  const { after } = options;
  const found: ListedSignal[] = [];
  // One more than shown: it tells whether there is a next page.
  if (after === null || after.open)
    found.push(...(await part(q, true, after?.raisedLeaf ?? null, limit + 1)));
  if (!options.openOnly && found.length <= limit) {
    const from = after === null || after.open ? null : after.raisedLeaf;
    found.push(...(await part(q, false, from, limit + 1 - found.length)));
  }
  const signals = found.slice(0, limit);
  const last = signals.at(-1);
  if (found.length <= limit || last === undefined) return { signals, next: null };
  return { signals, next: { open: last.decision === null, raisedLeaf: last.raisedLeaf } };
}

async function part(q: Queryable, open: boolean, below: bigint | null, limit: number) {
  const { rows } = await q.query<ListedSignal>({
    text: `SELECT ${COLUMNS} FROM bridge.signal WHERE decided_leaf IS ${open ? '' : 'NOT '}NULL
      AND ($1::bigint IS NULL OR raised_leaf < $1) ORDER BY raised_leaf DESC LIMIT $2`,
    values: [below, limit],
  });
  return rows;
}

/** One of them; null where there is none of this id. */
export async function findSignal(q: Queryable, id: string): Promise<ListedSignal | null> {
  const { rows } = await q.query<ListedSignal>({
    text: `SELECT ${COLUMNS} FROM bridge.signal WHERE signal_id = $1::uuid`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** How many signals wait for a decision. */
export async function countOpenSignals(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ count: number }>({
    text: 'SELECT count(*)::int AS count FROM bridge.signal WHERE decided_leaf IS NULL',
  });
  return rows[0]?.count ?? 0;
}

import type { Outcome } from './conclude.js';

/** A query whose end is durable: what an answer, its replay and `GET …/{id}` are made from. */
export interface RecordedQuery {
  readonly queryId: string;
  readonly state: 'answered' | 'refused' | 'unknown';
  readonly outcome: Outcome | null;
  /** The problem code that the caller got where there is no outcome. */
  readonly problem: 'KPS_REFUSED' | 'KPS_UNAVAILABLE' | 'KPS_OUTCOME_UNKNOWN' | null;
  readonly units: number;
  readonly checkedAt: Date;
  readonly leafIndex: bigint;
  readonly leafHash: Buffer;
}

/** Columns of `bridge.identity_query q` that make a RecordedQuery. */
export const QUERY_COLUMNS =
  'q.query_id, q.state, q.outcome, q.problem, q.units, q.checked_at, q.outcome_leaf, q.outcome_hash';

export interface QueryRow {
  query_id: string;
  state: 'open' | RecordedQuery['state'];
  outcome: Outcome | null;
  problem: RecordedQuery['problem'];
  units: number | null;
  checked_at: Date | null;
  outcome_leaf: bigint | null;
  outcome_hash: Buffer | null;
}

/** The recorded query, or null while it is still open. */
export function recordedQueryOf(row: QueryRow): RecordedQuery | null {
  const { state, units, checked_at, outcome_leaf, outcome_hash } = row;
  if (
    state === 'open' ||
    units === null ||
    checked_at === null ||
    outcome_leaf === null ||
    outcome_hash === null
  ) {
    return null;
  }
  return {
    queryId: row.query_id,
    state,
    outcome: row.outcome,
    problem: row.problem,
    units,
    checkedAt: checked_at,
    leafIndex: outcome_leaf,
    leafHash: outcome_hash,
  };
}

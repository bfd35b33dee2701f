import type { Effect, EffectApplier, Lane, Settled } from '../audit/lane.js';
import type { Transaction } from '../storage/database.js';
import { type Conclusion, isNonMatch } from './conclude.js';
import { bookingOf, bookingOfLine, type Ending, feeLineOf, outcomeEntry } from './outcome-entry.js';
import type { AdmittedQuery } from './record-intent.js';
import { QUERY_COLUMNS, type QueryRow, type RecordedQuery, recordedQueryOf } from './recorded-query.js';
import type { Rules } from './rules.js';
import { type GuessQuota, giveBack } from './spend-quota.js';

/** The end of a query that was asked here, or a query whose deadline has passed without one. */
export type OutcomeItem =
  | {
      readonly kind: 'concluded';
      readonly query: AdmittedQuery;
      readonly conclusion: Conclusion;
      readonly messageIds: readonly string[];
      readonly sentAt: Date;
    }
  | { readonly kind: 'expired'; readonly queryId: string };

/**
 * `late`: the query had been closed as unknown before; that stands. `recorded` null: it was closed in this very batch, so
 * its end is durable but was not read back.
 */
export interface OutcomeAnswer {
  readonly recorded: RecordedQuery | null;
  readonly late: boolean;
}

/** Closes the working row of a query. */
export interface CloseQuery extends Effect {
  readonly kind: 'query-closed';
  readonly queryId: string;
  readonly conclusion: Conclusion;
  readonly checkedAt: Date;
}

interface WorkingRow extends QueryRow {
  intent_leaf: bigint;
  sent_at: Date;
  deadline: Date;
  actor_tag: Buffer;
  guess_key: Buffer;
  guess_window: Date;
  idempotency_scope: Buffer | null;
  intent_line: string | null;
}

const EXPIRED = {
  state: 'unknown',
  code: 'KPS_OUTCOME_UNKNOWN',
  reason: 'no-outcome',
  units: 1,
  sent: true,
} as const;

// In order of ids: instances that end the same queries wait for each other, never in a circle.
const LOCK_ROWS = `SELECT ${QUERY_COLUMNS}, q.intent_leaf, q.sent_at, q.deadline, q.actor_tag, q.guess_key, q.guess_window,
    q.idempotency_scope,
    CASE WHEN q.query_id = ANY($2::uuid[]) THEN (SELECT e.line FROM bridge.entry e WHERE e.leaf_index = q.intent_leaf) END AS intent_line
  FROM bridge.identity_query q WHERE q.query_id = ANY($1::uuid[]) ORDER BY q.query_id FOR UPDATE OF q`;

/**
 * The lane of outcomes. An outcome waits long for its database: KPS has answered and counted already, so giving up
 * early would turn an answer that is here into an unknown one.
 */
export function createOutcomeLane(rules: Rules): Lane<OutcomeItem, OutcomeAnswer> {
  return {
    name: '1-outcome',
    patienceMs: rules.answerDeadlineMs,
    settle: async (tx, items, now) => {
      const rows = await lockRows(tx, items);
      const settled = items.map((item) => settleOne(item, rows, rules, now));
      const free = settled.flatMap((one) => (one.giveBack === null ? [] : [one.giveBack]));
      await giveBack(tx, free);
      await freeKeys(
        tx,
        settled.flatMap((one) => (one.freed === null ? [] : [one.freed])),
      );
      return settled;
    },
  };
}

const FREE_KEYS =
  'DELETE FROM bridge.idempotency_key WHERE scope = ANY($1::bytea[]) AND query_id = ANY($2::uuid[])';

/**
 * Under the counters' lock, which `giveBack` of the same queries has taken, and before the head's: keys are taken in that
 * order too, and the other way round two instances could wait for each other.
 */
async function freeKeys(tx: Transaction, keys: readonly FreedKey[]): Promise<void> {
  if (keys.length === 0) return;
  const values = [keys.map((key) => key.scope), keys.map((key) => key.queryId)];
  await tx.query({ name: 'idempotency-free', text: FREE_KEYS, values });
}

async function lockRows(tx: Transaction, items: readonly OutcomeItem[]): Promise<Map<string, WorkingRow>> {
  const ids = items.map(idOf);
  const expired = items.filter((item) => item.kind === 'expired').map(idOf);
  const { rows } = await tx.query<WorkingRow>({
    name: 'query-lock',
    text: LOCK_ROWS,
    values: [ids, expired],
  });
  return new Map(rows.map((row) => [row.query_id, row]));
}

function idOf(item: OutcomeItem): string {
  return item.kind === 'expired' ? item.queryId : item.query.attempt.queryId;
}

interface FreedKey {
  readonly scope: Buffer;
  readonly queryId: string;
}

type SettledOutcome = Settled<OutcomeAnswer> & {
  readonly giveBack: GuessQuota | null;
  /** The idempotency key of a query that KPS was never asked. */
  readonly freed: FreedKey | null;
};

function settleOne(
  item: OutcomeItem,
  rows: Map<string, WorkingRow>,
  rules: Rules,
  now: Date,
): SettledOutcome {
  const id = idOf(item);
  const row = rows.get(id);
  const open = row !== undefined && row.state === 'open';
  if (item.kind === 'expired') {
    if (!open || row.deadline > now) return nothingToDo(row);
    const ending = endingOfExpired(row);
    markClosed(rows, row);
    return closing('query.unknown', ending, row, rules, now);
  }
  const ending: Ending = {
    queryId: id,
    intentLeaf: item.query.intentLeaf,
    conclusion: item.conclusion,
    messageIds: item.messageIds,
    sentAt: item.sentAt,
    booking: bookingOf(item.query, rules.service),
  };
  if (open) {
    markClosed(rows, row);
    return closing('query.outcome', ending, row, rules, now);
  }
  const recorded = row === undefined ? null : recordedQueryOf(row);
  return {
    entries: [outcomeEntry('query.late-outcome', ending, now, rules.instance)],
    effects: [],
    giveBack: null,
    freed: null,
    answer: () => ({ recorded, late: true }),
  };
}

/** A second end of the same query within this batch must find it closed: two lines of the book would fail the batch. */
function markClosed(rows: Map<string, WorkingRow>, row: WorkingRow): void {
  rows.set(row.query_id, { ...row, state: 'unknown' });
}

function nothingToDo(row: WorkingRow | undefined): SettledOutcome {
  const recorded = row === undefined ? null : recordedQueryOf(row);
  return { entries: [], effects: [], giveBack: null, freed: null, answer: () => ({ recorded, late: false }) };
}

function endingOfExpired(row: WorkingRow): Ending {
  const { booking } = bookingOfLine(row.intent_line ?? '{}');
  return {
    queryId: row.query_id,
    intentLeaf: row.intent_leaf,
    conclusion: EXPIRED,
    messageIds: [],
    sentAt: row.sent_at,
    booking,
  };
}

function closing(
  kind: 'query.outcome' | 'query.unknown',
  ending: Ending,
  row: WorkingRow,
  rules: Rules,
  now: Date,
): SettledOutcome {
  const { conclusion } = ending;
  const closed: CloseQuery = {
    kind: 'query-closed',
    queryId: ending.queryId,
    conclusion,
    checkedAt: now,
  };
  return {
    entries: [outcomeEntry(kind, ending, now, rules.instance)],
    effects: [closed, feeLineOf(ending, row.actor_tag)],
    freed:
      conclusion.sent || row.idempotency_scope === null
        ? null
        : { scope: row.idempotency_scope, queryId: ending.queryId },
    giveBack: isNonMatch(conclusion) ? null : { key: row.guess_key, windowStart: row.guess_window },
    answer: ([receipt]) => ({
      late: false,
      recorded: {
        queryId: ending.queryId,
        state: conclusion.state,
        outcome: conclusion.state === 'answered' ? conclusion.outcome : null,
        problem: 'code' in conclusion ? conclusion.code : null,
        units: conclusion.units,
        checkedAt: now,
        leafIndex: receipt?.leafIndex ?? -1n,
        leafHash: receipt?.leafHash ?? Buffer.alloc(0),
      },
    }),
  };
}

const CLOSE = `UPDATE bridge.identity_query AS q SET state = n.state, outcome = n.outcome, problem = n.problem, units = n.units,
    checked_at = n.checked_at, outcome_leaf = n.leaf, outcome_hash = n.hash
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::timestamptz[], $7::bigint[], $8::bytea[])
    AS n(query_id, state, outcome, problem, units, checked_at, leaf, hash)
  WHERE q.query_id = n.query_id AND q.state = 'open'`;

/** Closes the working rows of a batch. */
export const closeQueryApplier: EffectApplier<CloseQuery> = {
  kind: 'query-closed',
  apply: async (tx, placed) => {
    const conclusions = placed.map((p) => p.effect.conclusion);
    await tx.query({
      name: 'query-close',
      text: CLOSE,
      values: [
        placed.map((p) => p.effect.queryId),
        conclusions.map((c) => c.state),
        conclusions.map((c) => (c.state === 'answered' ? c.outcome : null)),
        conclusions.map((c) => ('code' in c ? c.code : null)),
        conclusions.map((c) => c.units),
        placed.map((p) => p.effect.checkedAt),
        placed.map((p) => p.receipt.leafIndex),
        placed.map((p) => p.receipt.leafHash),
      ],
    });
  },
};

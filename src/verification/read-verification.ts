import type { Lane, Settled } from '../audit/lane.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import { Refusal } from '../errors/refusal.js';
import { authenticateUser } from '../sign-in/authenticate-user.js';
import { readShownTokens, type Shown } from '../sign-in/read-shown-tokens.js';
import type { Transaction } from '../storage/database.js';
import { readEntry, refusedEntry } from './entries.js';
import type { Attempt } from './question.js';
import type { IntentTools } from './record-intent.js';
import { QUERY_COLUMNS, type QueryRow, type RecordedQuery, recordedQueryOf } from './recorded-query.js';

/** A call that asks for the recorded result of an earlier one. `wanted` null: what was asked for cannot be an id. */
export interface ReadAttempt extends Omit<Attempt, 'question' | 'messageId' | 'queryId'> {
  readonly wanted: string | null;
}

export type ReadAnswer =
  | { readonly kind: 'found'; readonly recorded: RecordedQuery }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

type OwnedRow = QueryRow & { client_id: string; actor_tag: Buffer };

const SELECT = `SELECT ${QUERY_COLUMNS}, q.client_id, q.actor_tag FROM bridge.identity_query q WHERE q.query_id = ANY($1::uuid[])`;
const PATIENCE_MS = 300;
const NOBODY: Shown = { signedIn: null, tokenFault: null };

/**
 * The lane of readings. A result is shown to the person who asked, through the client that asked; for everybody else
 * it does not exist. While a query is still open there is nothing to show: its caller is waiting for the answer.
 */
export function createReadLane(tools: IntentTools): Lane<ReadAttempt, ReadAnswer> {
  return {
    name: '3-read',
    patienceMs: PATIENCE_MS,
    settle: async (tx, attempts, now) => {
      const shown = await readShownTokens(tx, attempts, tools, now);
      const rows = await readRows(tx, attempts);
      const today = istanbulDay(now);
      return attempts.map((attempt, i) => settleOne(attempt, shown[i] ?? NOBODY, { rows, today }, tools));
    },
  };
}

async function readRows(
  tx: Transaction,
  attempts: readonly ReadAttempt[],
): Promise<ReadonlyMap<string, OwnedRow>> {
  const ids = attempts.flatMap((attempt) => (attempt.wanted === null ? [] : [attempt.wanted]));
  const { rows } = await tx.query<OwnedRow>({ name: 'query-read', text: SELECT, values: [ids] });
  return new Map(rows.map((row) => [row.query_id, row]));
}

function settleOne(
  attempt: ReadAttempt,
  { signedIn, tokenFault }: Shown,
  { rows, today }: { readonly rows: ReadonlyMap<string, OwnedRow>; readonly today: string },
  tools: IntentTools,
): Settled<ReadAnswer> {
  try {
    const user = authenticateUser(signedIn, tools.rules.twoStepFrom, today);
    const row = attempt.wanted === null ? undefined : rows.get(attempt.wanted);
    const own = row !== undefined && row.client_id === attempt.client.id;
    const recorded =
      own && row.actor_tag.equals(tools.tagger.tag('query', user.person)) ? recordedQueryOf(row) : null;
    if (recorded === null) throw new Refusal('NOT_FOUND');
    const entries = [readEntry(attempt, user, recorded.queryId, tools.rules)];
    return { entries, effects: [], answer: () => ({ kind: 'found', recorded }) };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const entries = [refusedEntry({ attempt, user: signedIn, refusal, tokenFault }, tools.rules)];
    return { entries, effects: [], answer: () => ({ kind: 'refused', refusal }) };
  }
}

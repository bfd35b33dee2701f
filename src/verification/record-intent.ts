import type { Effect, EffectApplier, Lane, Settled } from '../audit/lane.js';
import type { MasterKeys } from '../audit/master-keys.js';
import type { PersonTagger } from '../audit/person-tags.js';
import type { AuthorityFacts } from '../authority/facts.js';
import type { AskedAuthority } from '../authority/read-authority.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import { Refusal } from '../errors/refusal.js';
import { readSwitches } from '../fees/tariff/read-switches.js';
import { type Maintenance, maintenanceRefusal } from '../maintenance/known-windows.js';
import { readShownTokens, type TokenReaders } from '../sign-in/read-shown-tokens.js';
import type { Transaction } from '../storage/database.js';
import { type AllowedQuery, decideQuery, type RefusedQuery } from './decide-query.js';
import { intentEntry, refusedEntry, replayedEntry } from './entries.js';
import { type ClaimState, claimOf, type IdempotencyClaim, readClaims, takeClaims } from './idempotency.js';
import type { Attempt } from './question.js';
import type { RecordedQuery } from './recorded-query.js';
import { requireBudgets } from './require-budget.js';
import type { Rules } from './rules.js';
import { type GuessQuota, guessQuotaOf, lockCounters, spendQuotas } from './spend-quota.js';

/** A query whose intent is durable: it may be asked, once, until `deadline`. */
export interface AdmittedQuery extends AllowedQuery {
  readonly deadline: Date;
  readonly intentLeaf: bigint;
  readonly guess: GuessQuota;
  readonly claim: IdempotencyClaim | null;
  readonly actorTag: Buffer;
}

export type IntentAnswer =
  | { readonly kind: 'admitted'; readonly query: AdmittedQuery }
  | { readonly kind: 'replayed'; readonly recorded: RecordedQuery }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Sets of facts that other rooms keep; `main.ts` joins them. Each reads set-wise inside the batch's transaction. */
interface FactReaders extends TokenReaders {
  readAuthority(
    tx: Transaction,
    asked: readonly AskedAuthority[],
    day: string,
  ): Promise<readonly AuthorityFacts[]>;
}

export interface IntentTools extends FactReaders {
  readonly rules: Rules;
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  /** An operator's word and no right: known from memory, a second old at the most. */
  readonly maintenance: Maintenance;
}

/** A row of the working state of queries, opened with the intent. */
export interface OpenQuery extends Effect {
  readonly kind: 'query-opened';
  readonly queryId: string;
  readonly clientId: string;
  readonly accountId: string;
  readonly actorTag: Buffer;
  readonly sentAt: Date;
  readonly deadline: Date;
  readonly guess: GuessQuota;
  readonly claim: IdempotencyClaim | null;
}

/** An intent waits only so long for a database that is just restarting: nothing is lost by a refusal, and the clerk waits. */
const PATIENCE_MS = 300;
const NO_AUTHORITY: AuthorityFacts = { cooperative: null, seatedAt: null, seats: [], roles: [] };

/** The lane of intents: reads, decides, spends and writes for a whole batch at once. */
export function createIntentLane(tools: IntentTools): Lane<Attempt, IntentAnswer> {
  return {
    name: '2-intent',
    patienceMs: PATIENCE_MS,
    settle: async (tx, attempts, now) => {
      const decided = await decideAll(tx, attempts, tools, now);
      const spent = await spendAll(tx, decided, tools, now);
      return spent.map((item) => settledOf(item, tools, now));
    },
  };
}

type Decided = AllowedQuery | RefusedQuery;
type Spent =
  | { readonly kind: 'ask'; readonly query: AllowedQuery; readonly claim: IdempotencyClaim | null }
  | { readonly kind: 'replay'; readonly query: AllowedQuery; readonly recorded: RecordedQuery }
  | { readonly kind: 'refuse'; readonly refused: RefusedQuery };

async function decideAll(tx: Transaction, attempts: readonly Attempt[], tools: IntentTools, now: Date) {
  const shown = await readShownTokens(tx, attempts, tools, now);
  const asked = attempts.flatMap((attempt, i) => {
    const user = shown[i]?.signedIn;
    return user && attempt.question.ok
      ? [{ i, tag: user.tag, mersisNo: attempt.question.value.cooperative }]
      : [];
  });
  const time = { now, today: istanbulDay(now) };
  const facts = await tools.readAuthority(tx, asked, time.today);
  const tariff = await readSwitches(tx);
  const authority = new Map(asked.map((one, k) => [one.i, facts[k] ?? NO_AUTHORITY]));
  return attempts.map((attempt, i): Decided => {
    const { signedIn = null, tokenFault = null } = shown[i] ?? {};
    const known = { signedIn, authority: authority.get(i) ?? NO_AUTHORITY, tariff };
    const decided = decideQuery(attempt, known, tools.rules, time);
    return 'refusal' in decided ? { ...decided, tokenFault } : decided;
  });
}

async function spendAll(
  tx: Transaction,
  decided: readonly Decided[],
  tools: IntentTools,
  now: Date,
): Promise<readonly Spent[]> {
  const allowed = decided.flatMap((one, place) =>
    'refusal' in one ? [] : [{ place, query: one, claim: claimOf(one, tools.tagger) }],
  );
  if (allowed.length > 0) await lockCounters(tx);
  const states = await readClaims(
    tx,
    allowed.map((one) => one.claim),
    now,
  );
  const maintained = maintenanceRefusal(tools.maintenance, 'kps', now);
  const fresh = allowed.filter((_, i) => isFree(states[i]));
  // What was answered is still repeated; nothing new is asked, and nothing spent on it.
  const unclaimed = maintained === null ? fresh : [];
  const stopped = await requireBudgets(
    tx,
    unclaimed.map((one) => one.query),
    now,
  );
  const free = unclaimed.filter((_, i) => !stopped.has(i));
  const refusals = await spendQuotas(
    tx,
    free.map((one) => one.query),
    tools.rules,
    tools.tagger,
    now,
  );
  const asking = free.filter((_, i) => !refusals.has(i));
  await takeClaims(
    tx,
    asking.flatMap(({ claim, query }) => (claim === null ? [] : [{ claim, queryId: query.attempt.queryId }])),
    new Date(now.getTime() + tools.rules.idempotencyHours * 3_600_000),
    now,
  );
  const spent: Spent[] = decided.map((one) => ({ kind: 'refuse', refused: one as RefusedQuery }));
  const refuse = (place: number, query: AllowedQuery, refusal: Refusal) => {
    spent[place] = { kind: 'refuse', refused: { attempt: query.attempt, user: query.user, refusal } };
  };
  allowed.forEach(({ place, query }, i) => {
    const state = states[i] as ClaimState | Refusal;
    if (state instanceof Refusal) refuse(place, query, state);
    else if (state.kind === 'bound') spent[place] = { kind: 'replay', query, recorded: state.query };
  });
  if (maintained !== null) for (const { place, query } of fresh) refuse(place, query, maintained);
  unclaimed.forEach(({ place, query }, i) => {
    const refusal = stopped.get(i);
    if (refusal !== undefined) refuse(place, query, refusal);
  });
  free.forEach(({ place, query, claim }, i) => {
    const refusal = refusals.get(i);
    if (refusal === undefined) spent[place] = { kind: 'ask', query, claim };
    else refuse(place, query, refusal);
  });
  return spent;
}

function isFree(state: ClaimState | Refusal | undefined): boolean {
  return state !== undefined && !(state instanceof Refusal) && state.kind === 'free';
}

function settledOf(spent: Spent, tools: IntentTools, now: Date): Settled<IntentAnswer> {
  if (spent.kind === 'refuse') {
    const { refusal } = spent.refused;
    return {
      entries: [refusedEntry(spent.refused, tools.rules)],
      effects: [],
      answer: () => ({ kind: 'refused', refusal }),
    };
  }
  if (spent.kind === 'replay') {
    const { query, recorded } = spent;
    return {
      entries: [replayedEntry(query, recorded, tools.rules)],
      effects: [],
      answer: () => ({ kind: 'replayed', recorded }),
    };
  }
  const { query, claim } = spent;
  const { attempt, user, account } = query;
  const deadline = new Date(now.getTime() + tools.rules.answerDeadlineMs);
  const guess = guessQuotaOf(query, tools.tagger, now);
  const actorTag = tools.tagger.tag('query', user.person);
  const opened: OpenQuery = {
    kind: 'query-opened',
    queryId: attempt.queryId,
    clientId: attempt.client.id,
    accountId: account.id,
    actorTag,
    sentAt: now,
    deadline,
    guess,
    claim,
  };
  return {
    entries: [intentEntry(query, tools.rules, deadline)],
    effects: [opened],
    answer: ([receipt]) => ({
      kind: 'admitted',
      query: { ...query, deadline, intentLeaf: receipt?.leafIndex ?? -1n, guess, claim, actorTag },
    }),
  };
}

const OPEN = `INSERT INTO bridge.identity_query (query_id, client_id, account_id, actor_tag, sent_at, deadline, intent_leaf,
    guess_key, guess_window, idempotency_scope)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[], $6::timestamptz[], $7::bigint[],
    $8::bytea[], $9::timestamptz[], $10::bytea[])`;

/** Opens the working rows of a batch's intents. */
export const openQueryApplier: EffectApplier<OpenQuery> = {
  kind: 'query-opened',
  apply: async (tx, placed) => {
    await tx.query({
      name: 'query-open',
      text: OPEN,
      values: [
        placed.map((p) => p.effect.queryId),
        placed.map((p) => p.effect.clientId),
        placed.map((p) => p.effect.accountId),
        placed.map((p) => p.effect.actorTag),
        placed.map((p) => p.effect.sentAt),
        placed.map((p) => p.effect.deadline),
        placed.map((p) => p.receipt.leafIndex),
        placed.map((p) => p.effect.guess.key),
        placed.map((p) => p.effect.guess.windowStart),
        placed.map((p) => p.effect.claim?.scope ?? null),
      ],
    });
  },
};

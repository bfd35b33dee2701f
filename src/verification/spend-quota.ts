import type { PersonTagger } from '../audit/person-tags.js';
import { Refusal } from '../errors/refusal.js';
import type { Transaction } from '../storage/database.js';
import type { AllowedQuery } from './decide-query.js';
import type { Rules } from './rules.js';

/** One thing that is counted: by whom or what, in the window that starts then, up to `limit`. */
interface Quota {
  readonly key: Buffer;
  readonly windowStart: Date;
  readonly limit: number;
  readonly reason: string;
  readonly retryAfterS: number;
}

/** The count of non-matches of one user about one person on one day: given back where nothing was learnt. */
export interface GuessQuota {
  readonly key: Buffer;
  readonly windowStart: Date;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const LOCK = 'SELECT pg_advisory_xact_lock(7202, 2)';
const SPEND = `INSERT INTO bridge.quota_use AS q (key, window_start, used)
  SELECT key, window_start, used FROM unnest($1::bytea[], $2::timestamptz[], $3::int[]) AS n(key, window_start, used)
  ON CONFLICT (key, window_start) DO UPDATE SET used = q.used + excluded.used
  RETURNING key, window_start, used`;
const GIVE_BACK = `UPDATE bridge.quota_use AS q SET used = greatest(0, q.used - n.used)
  FROM unnest($1::bytea[], $2::timestamptz[], $3::int[]) AS n(key, window_start, used)
  WHERE q.key = n.key AND q.window_start = n.window_start`;

/** The guessing counter that an allowed query is held against. */
export function guessQuotaOf(query: AllowedQuery, tagger: PersonTagger, now: Date): GuessQuota {
  const parts = [query.user.person.reveal(), query.subject.kimlikNo.reveal()];
  return { key: tagger.digest('quota.guess', parts), windowStart: istanbulMidnight(now) };
}

/**
 * Takes the lock of all counters, held to the end of the transaction: intents and outcomes touch the same rows in different
 * orders, and a deadlock would fail a batch. The head, locked next, is one for all as well. Idempotency keys are read and
 * taken under it too, so that no key is taken by another instance between the two.
 */
export async function lockCounters(tx: Transaction): Promise<void> {
  await tx.run(LOCK);
}

/**
 * Takes one unit of every quota for each query, in their order, under `lockCounters`; a query that would go over gets its
 * refusal instead and spends nothing. Returns the refusals by place.
 */
export async function spendQuotas(
  tx: Transaction,
  queries: readonly AllowedQuery[],
  rules: Rules,
  tagger: PersonTagger,
  now: Date,
): Promise<ReadonlyMap<number, Refusal>> {
  if (queries.length === 0) return new Map();
  const wanted = queries.map((query) => quotasOf(query, rules, tagger, now));
  const counts = await add(tx, wanted.flat(), 1);
  // What each counter stood at before this batch: the queries of the batch are then let in one by one.
  const used = new Map<string, number>();
  for (const [name, total] of counts) used.set(name, total.after - total.added);
  const refusals = new Map<number, Refusal>();
  const unspent: Quota[] = [];
  wanted.forEach((quotas, place) => {
    const over = quotas.find((quota) => (used.get(nameOf(quota)) ?? 0) >= quota.limit);
    if (over === undefined) {
      for (const quota of quotas) used.set(nameOf(quota), (used.get(nameOf(quota)) ?? 0) + 1);
    } else {
      refusals.set(
        place,
        new Refusal('RATE_LIMITED', { reason: over.reason, retryAfterS: over.retryAfterS }),
      );
      unspent.push(...quotas);
    }
  });
  await giveBack(tx, unspent);
  return refusals;
}

/** Gives one unit back to each of `quotas` (taken before in this or an earlier transaction). */
export async function giveBack(tx: Transaction, quotas: readonly GuessQuota[]): Promise<void> {
  if (quotas.length === 0) return;
  await lockCounters(tx);
  const rows = grouped(quotas, 1);
  const values = [rows.map((r) => r.key), rows.map((r) => r.windowStart), rows.map((r) => r.count)];
  await tx.query({ name: 'quota-give-back', text: GIVE_BACK, values });
}

async function add(tx: Transaction, quotas: readonly Quota[], each: number) {
  const rows = grouped(quotas, each);
  const values = [rows.map((r) => r.key), rows.map((r) => r.windowStart), rows.map((r) => r.count)];
  const result = await tx.query<{ key: Buffer; window_start: Date; used: number }>({
    name: 'quota-spend',
    text: SPEND,
    values,
  });
  const added = new Map(rows.map((row) => [nameOf(row), row.count]));
  return new Map(
    result.rows.map((row) => {
      const name = nameOf({ key: row.key, windowStart: row.window_start });
      return [name, { after: row.used, added: added.get(name) ?? 0 }] as const;
    }),
  );
}

function quotasOf(query: AllowedQuery, rules: Rules, tagger: PersonTagger, now: Date): readonly Quota[] {
  const { client } = query.attempt;
  const number = query.user.person.reveal();
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  const midnight = istanbulMidnight(now);
  const toMinute = Math.max(1, Math.ceil((minute.getTime() + MINUTE_MS - now.getTime()) / 1000));
  const toMidnight = Math.max(1, Math.ceil((midnight.getTime() + DAY_MS - now.getTime()) / 1000));
  const quota = (
    key: Buffer,
    windowStart: Date,
    limit: number,
    reason: string,
    retryAfterS: number,
  ): Quota => ({
    key,
    windowStart,
    limit,
    reason,
    retryAfterS,
  });
  const guess = guessQuotaOf(query, tagger, now);
  return [
    quota(
      tagger.digest('quota.client', [client.id]),
      minute,
      client.requestsPerMinute,
      'client-minute',
      toMinute,
    ),
    quota(
      tagger.digest('quota.user-minute', [number]),
      minute,
      rules.queriesPerUserPerMinute,
      'user-minute',
      toMinute,
    ),
    quota(
      tagger.digest('quota.user-day', [number]),
      midnight,
      rules.queriesPerUserPerDay,
      'user-day',
      toMidnight,
    ),
    quota(guess.key, guess.windowStart, rules.nonMatchesPerPersonPerDay, 'non-matches', toMidnight),
  ];
}

/** 00:00 of the day in Europe/Istanbul, which has kept UTC+3 since 2016 without summer time. */
function istanbulMidnight(now: Date): Date {
  const offset = 3 * 3_600_000;
  return new Date(Math.floor((now.getTime() + offset) / DAY_MS) * DAY_MS - offset);
}

function grouped(quotas: readonly GuessQuota[], each: number) {
  const rows = new Map<string, { key: Buffer; windowStart: Date; count: number }>();
  for (const quota of quotas) {
    const row = rows.get(nameOf(quota));
    if (row === undefined)
      rows.set(nameOf(quota), { key: quota.key, windowStart: quota.windowStart, count: each });
    else row.count += each;
  }
  return [...rows.values()].sort((a, b) => Buffer.compare(a.key, b.key));
}

function nameOf(quota: GuessQuota): string {
  return `${quota.key.toString('hex')}@${quota.windowStart.getTime()}`;
}

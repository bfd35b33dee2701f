import type { PersonTagger } from '../audit/person-tags.js';
import { Refusal } from '../errors/refusal.js';
import type { Transaction } from '../storage/database.js';
import type { AllowedQuery } from './decide-query.js';
import { QUERY_COLUMNS, type QueryRow, type RecordedQuery, recordedQueryOf } from './recorded-query.js';

/** Key and request of a call that carries `Idempotency-Key`, as keyed hashes: neither can be read back from the table. */
export interface IdempotencyClaim {
  readonly scope: Buffer;
  readonly request: Buffer;
}

/** What the table says about a claim: nothing yet, or the ended query that the key is bound to. */
export type ClaimState =
  | { readonly kind: 'free' }
  | { readonly kind: 'bound'; readonly query: RecordedQuery };

const SELECT = `SELECT k.scope, k.request, ${QUERY_COLUMNS}
  FROM bridge.idempotency_key k JOIN bridge.identity_query q USING (query_id)
  WHERE k.scope = ANY($1::bytea[]) AND k.expires_at > $2`;
const CLAIM = `INSERT INTO bridge.idempotency_key AS k (scope, request, query_id, expires_at)
  SELECT scope, request, query_id, $4 FROM unnest($1::bytea[], $2::bytea[], $3::uuid[]) AS n(scope, request, query_id)
  ON CONFLICT (scope) DO UPDATE SET request = excluded.request, query_id = excluded.query_id, expires_at = excluded.expires_at
    WHERE k.expires_at <= $5`;

/** The claim of a call, or null where it carries no key. Scope: client + person + key (CONTRACT §4). */
export function claimOf(query: AllowedQuery, tagger: PersonTagger): IdempotencyClaim | null {
  const { attempt, question, user } = query;
  const key = attempt.headers.idempotencyKey;
  if (key === null) return null;
  const { subject } = question;
  return {
    scope: tagger.digest('idempotency.scope', [attempt.client.id, user.person.reveal(), key]),
    request: tagger.digest('idempotency.request', [
      question.purpose,
      question.cooperative,
      question.reference ?? '-',
      question.retryOf ?? '-',
      subject.kimlikNo,
      subject.ad,
      subject.soyad,
      subject.dogumTarihi,
    ]),
  };
}

/**
 * Looks up all claims of a batch. Per place: its state, or the refusal: `IDEMPOTENCY_KEY_REUSED` for another body,
 * `IDEMPOTENCY_IN_PROGRESS` while the first call still runs, also where the first call is in this very batch.
 */
export async function readClaims(
  tx: Transaction,
  claims: readonly (IdempotencyClaim | null)[],
  now: Date,
): Promise<readonly (ClaimState | Refusal)[]> {
  const scopes = claims.flatMap((claim) => (claim === null ? [] : [claim.scope]));
  if (scopes.length === 0) return claims.map(() => ({ kind: 'free' }));
  const { rows } = await tx.query<QueryRow & { scope: Buffer; request: Buffer }>({
    name: 'idempotency-read',
    text: SELECT,
    values: [scopes, now],
  });
  const known = new Map(rows.map((row) => [row.scope.toString('hex'), row]));
  const firsts = new Map<string, Buffer>();
  return claims.map((claim) => {
    if (claim === null) return { kind: 'free' };
    const name = claim.scope.toString('hex');
    const row = known.get(name);
    const request = row?.request ?? firsts.get(name);
    if (request !== undefined && !request.equals(claim.request)) return new Refusal('IDEMPOTENCY_KEY_REUSED');
    if (row === undefined) {
      if (request !== undefined) return new Refusal('IDEMPOTENCY_IN_PROGRESS');
      firsts.set(name, claim.request);
      return { kind: 'free' };
    }
    const query = recordedQueryOf(row);
    return query === null ? new Refusal('IDEMPOTENCY_IN_PROGRESS') : { kind: 'bound', query };
  });
}

/** Takes the keys of queries about to be asked; they were found free under the same `lockCounters`. */
export async function takeClaims(
  tx: Transaction,
  claims: readonly { readonly claim: IdempotencyClaim; readonly queryId: string }[],
  expiresAt: Date,
  now: Date,
): Promise<void> {
  if (claims.length === 0) return;
  const sorted = [...claims].sort((a, b) => Buffer.compare(a.claim.scope, b.claim.scope));
  const { count } = await tx.query({
    name: 'idempotency-take',
    text: CLAIM,
    values: [
      sorted.map((c) => c.claim.scope),
      sorted.map((c) => c.claim.request),
      sorted.map((c) => c.queryId),
      expiresAt,
      now,
    ],
  });
  // Whatever took one in spite of the lock: nothing of this batch is asked, and its queries are decided again one by one.
  if (count !== sorted.length) throw new Refusal('IDEMPOTENCY_IN_PROGRESS');
}

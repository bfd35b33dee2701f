import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../audit/canonical-json.js';
import type { EntryDraft, EntryKind, PersonalValue } from '../audit/entry.js';
import type { SignedIn } from '../sign-in/access-tokens.js';
import type { AllowedQuery, RefusedQuery } from './decide-query.js';
import type { Attempt } from './question.js';
import type { RecordedQuery } from './recorded-query.js';
import type { Rules } from './rules.js';

/** What every entry says about the call it came with. */
type Call = Pick<Attempt, 'client' | 'headers' | 'receivedAt'>;

/** Before a query leaves: who, by what right, for what, through which service, about whom. */
export function intentEntry(query: AllowedQuery, rules: Rules, deadline: Date): EntryDraft {
  const { attempt, user, question, grant, cooperative, account, purpose, price, subject } = query;
  return entry(
    'query.intent',
    attempt.receivedAt,
    {
      ...callOf(attempt, rules),
      account: account.id,
      actor: actorOf(user),
      authority: { basis: grant.basis, role: grant.role, version: cooperative.version },
      cooperative: cooperative.mersisNo,
      criteria: 1,
      deadline: deadline.toISOString(),
      feeClass: account.feeClass,
      il: cooperative.il,
      legalGround: purpose.legalGround,
      messageId: attempt.messageId,
      ministry: cooperative.ilgiliBakanlik,
      price: { basis: price.basis, gazette: price.gazette, unitPriceKurus: price.unitPriceKurus },
      purpose: purpose.code,
      query: attempt.queryId,
      reference: question.reference,
      retryOf: question.retryOf,
      service: rules.service.name,
      serviceVersion: rules.service.version,
    },
    [
      ...personalOf(user, attempt),
      personal('subject.number', 'subject', subject.kimlikNo, subject.kimlikNo.reveal()),
    ],
  );
}

/** A refused call; without a question where it asked for no person. */
type RefusedCall = Omit<RefusedQuery, 'attempt'> & {
  readonly attempt: Call & Partial<Pick<Attempt, 'question'>>;
};

/** A call that a rule refused, under the person's name where one had signed in. */
export function refusedEntry(refused: RefusedCall, rules: Rules): EntryDraft {
  const { attempt, user, refusal, tokenFault = null } = refused;
  return entry(
    'query.refused',
    attempt.receivedAt,
    {
      ...callOf(attempt, rules),
      ...aboutOf(attempt),
      actor: user === null ? null : actorOf(user),
      code: refusal.code,
      reason: refusal.detail.reason ?? tokenFault,
    },
    personalOf(user, attempt),
  );
}

/** A repeated call that got the recorded answer again: its own entry, and no fee. */
export function replayedEntry(query: AllowedQuery, recorded: RecordedQuery, rules: Rules): EntryDraft {
  const { attempt, user } = query;
  return entry(
    'query.replayed',
    attempt.receivedAt,
    {
      ...callOf(attempt, rules),
      ...aboutOf(attempt),
      actor: actorOf(user),
      of: recorded.queryId,
    },
    personalOf(user, attempt),
  );
}

/** Somebody read the recorded result of a query again. */
export function readEntry(call: Call, user: SignedIn, queryId: string, rules: Rules): EntryDraft {
  const data = { ...callOf(call, rules), actor: actorOf(user), of: queryId };
  return entry('query.read', call.receivedAt, data, personalOf(user, call));
}

/** An entry of `kind` with a fresh id. */
export function entry(
  kind: EntryKind,
  eventAt: Date,
  data: JsonObject,
  personalValues: readonly PersonalValue[] = [],
): EntryDraft {
  return { id: randomUUID(), kind, eventAt, data, personal: personalValues };
}

function callOf(call: Call, rules: Rules): JsonObject {
  return {
    client: call.client.id,
    instance: rules.instance,
    institution: call.client.institution,
    requestId: call.headers.requestId,
    screen: call.headers.screen,
  };
}

/** What a refused or repeated call was about, as far as its form was sound; never the person asked about. */
function aboutOf(attempt: Partial<Pick<Attempt, 'question'>>): JsonObject {
  if (!attempt.question?.ok) return { cooperative: null, purpose: null };
  return { cooperative: attempt.question.value.cooperative, purpose: attempt.question.value.purpose };
}

function actorOf(user: SignedIn): JsonObject {
  return { acr: user.acr, authTime: user.authTime.toISOString(), session: user.sessionId };
}

function personalOf(user: SignedIn | null, call: Call): readonly PersonalValue[] {
  if (user === null) return [];
  const number = personal('actor.number', 'actor', user.person, user.person.reveal());
  const { userAddress } = call.headers;
  return userAddress === null
    ? [number]
    : [number, { ...personal('actor.address', 'actor', user.person, userAddress), indexed: false }];
}

function personal(
  field: string,
  side: PersonalValue['side'],
  person: PersonalValue['person'],
  text: string,
): PersonalValue {
  return { field, side, person, text, indexed: true };
}

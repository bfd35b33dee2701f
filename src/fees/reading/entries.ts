import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../audit/entry.js';
import { quarterDays } from '../../calendar/istanbul-day.js';
import type { Refusal } from '../../errors/refusal.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { SignedIn, TokenFault } from '../../sign-in/access-tokens.js';
import type { PeriodWish, QuarterWish, Reading, ReadingCall } from './call.js';

/** What of `fees.read` the wish says. */
export type ReadWhat = Pick<DataOf<'fees.read'>, 'account' | 'detail' | 'format' | 'from' | 'to'>;

export function quarterRead({ format, quarter }: QuarterWish): ReadWhat {
  return { account: null, detail: 'totals', format, ...quarterDays(quarter) };
}

export function periodRead({ account, from, to }: PeriodWish): ReadWhat {
  return { account, detail: 'usage', format: 'json', from, to };
}

/** What is read, for whom; written before it is. */
export function readEntry(call: ReadingCall, user: SignedIn, what: ReadWhat, instance: string): EntryDraft {
  const data: DataOf<'fees.read'> = {
    ...what,
    actor: actorData(user),
    client: call.client.id,
    instance,
    osUser: null,
    reason: null,
    requestId: call.requestId,
    revealed: false,
  };
  return draftOf('fees.read', call.receivedAt, data, [actorNumber(user.person)]);
}

/** A refused call; `user` where somebody had signed in, so that it is written under a name. */
export interface RefusedReading {
  readonly call: ReadingCall;
  readonly operation: Reading['operation'];
  readonly user: SignedIn | null;
  readonly tokenFault: TokenFault | null;
  readonly refusal: Refusal;
}

export function refusedEntry(refused: RefusedReading, instance: string): EntryDraft {
  const { call, operation, refusal, tokenFault, user } = refused;
  const data: DataOf<'call.refused'> = {
    actor: user === null ? null : actorData(user),
    client: call.client.id,
    code: refusal.code,
    cooperative: null,
    instance,
    operation,
    reason: refusal.detail.reason ?? null,
    requestId: call.requestId,
    tokenFault,
  };
  return draftOf('call.refused', call.receivedAt, data, user === null ? [] : [actorNumber(user.person)]);
}

function actorData({ acr, authTime, sessionId }: SignedIn): DataOf<'fees.read'>['actor'] {
  return { acr, authTime: authTime.toISOString(), session: sessionId };
}

function actorNumber(person: KimlikNo): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

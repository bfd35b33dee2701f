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

/** Who reads, and from where: `client` and `requestId` of a call, `osUser` of the command line; null where it came the other way. */
export interface Reader extends Pick<DataOf<'fees.read'>, 'client' | 'instance' | 'osUser' | 'requestId'> {
  readonly user: SignedIn;
  readonly at: Date;
}

/** Numbers of users in clear, and why; what every other look shows is neither. */
export type Revealing = Pick<DataOf<'fees.read'>, 'reason' | 'revealed'>;

const NOTHING_REVEALED: Revealing = { reason: null, revealed: false };

/** What is read, for whom; written before it is. */
export function readEntry(reader: Reader, what: ReadWhat, revealing = NOTHING_REVEALED): EntryDraft {
  const { at, client, instance, osUser, requestId, user } = reader;
  const data: DataOf<'fees.read'> = {
    ...what,
    ...revealing,
    ...{ actor: actorData(user), client, instance, osUser, requestId },
  };
  return draftOf('fees.read', at, data, [actorNumber(user.person)]);
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

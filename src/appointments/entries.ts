import type { DataOf } from '../audit/catalogue/catalogue.js';
import { draftOf } from '../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../audit/entry.js';
import type { Refusal } from '../errors/refusal.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import type { SignedIn, TokenFault } from '../sign-in/access-tokens.js';
import type { Call } from './call.js';

/** A refused call about an appointment; `user` where somebody had signed in, so that it is written under a name. */
export interface RefusedCall {
  readonly call: Call;
  readonly operation: 'appointment-apply' | 'appointment-decide';
  readonly cooperative: string | null;
  readonly user: SignedIn | null;
  readonly tokenFault: TokenFault | null;
  readonly refusal: Refusal;
}

export function refusedEntry(refused: RefusedCall, instance: string): EntryDraft {
  const { call, operation, cooperative, user, tokenFault, refusal } = refused;
  const data: DataOf<'call.refused'> = {
    actor: user === null ? null : actorData(user),
    client: call.client.id,
    code: refusal.code,
    cooperative,
    instance,
    operation,
    reason: refusal.detail.reason ?? null,
    requestId: call.headers.requestId,
    tokenFault,
  };
  return draftOf('call.refused', call.receivedAt, data, user === null ? [] : [actorNumber(user.person)]);
}

/** `actor` of an entry: how the person was signed in. */
export function actorData({ acr, authTime, sessionId }: SignedIn): DataOf<'call.refused'>['actor'] & object {
  return { acr, authTime: authTime.toISOString(), session: sessionId };
}

/** `actor.number`, the person who acts. */
export function actorNumber(person: KimlikNo): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

/** `subject.number`, the person whom it is about. */
export function subjectNumber(person: KimlikNo): PersonalValue {
  return { field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true };
}

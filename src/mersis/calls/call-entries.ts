import { randomUUID } from 'node:crypto';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../audit/entry.js';
import type { Refusal } from '../../errors/refusal.js';
import type { CallingPerson, RegistryAttempt, ShownPerson } from './attempt.js';

/** Before MERSİS is asked for a person; `ask` binds question and answer. */
export function askedEntry(
  { call, operation, question }: RegistryAttempt,
  person: CallingPerson,
  instance: string,
  ask: string,
): EntryDraft {
  const asked = question.ok ? question.value : null;
  const data = {
    actor: actorOf(person),
    ask,
    client: call.client,
    cooperative: asked !== null && 'mersisNo' in asked ? asked.mersisNo : null,
    instance,
    operation,
    requestId: call.requestId,
    vkn: asked !== null && 'vkn' in asked ? asked.vkn : null,
  };
  return draftOf('mersis.asked', call.receivedAt, data, [numberOf(person)]);
}

/** A call that was refused: under the person's name where one had signed in. A number that has not the form stands nowhere. */
export function refusedEntry(
  { call, operation, question }: RegistryAttempt,
  { person, tokenFault }: ShownPerson,
  { code, detail }: Refusal,
  instance: string,
): EntryDraft {
  const data = {
    actor: person === null ? null : actorOf(person),
    client: call.client,
    code,
    cooperative: question.ok && 'mersisNo' in question.value ? question.value.mersisNo : null,
    instance,
    operation,
    reason: detail.reason ?? null,
    requestId: call.requestId,
    tokenFault,
  };
  return draftOf('call.refused', call.receivedAt, data, person === null ? [] : [numberOf(person)]);
}

/** A fresh id for a question. */
export const newAsk = (): string => randomUUID();

function actorOf({ acr, authTime, sessionId }: CallingPerson) {
  return { acr, authTime: authTime.toISOString(), session: sessionId };
}

function numberOf({ person }: CallingPerson): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

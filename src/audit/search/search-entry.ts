import { randomUUID } from 'node:crypto';
import type { Refusal } from '../../errors/refusal.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { JsonObject } from '../canonical-json.js';
import type { EntryDraft, PersonalValue } from '../entry.js';
import type { SearchAttempt, Searcher } from './attempt.js';
import { clearCriteria } from './criteria.js';
import type { AllowedSearch } from './decide-search.js';
import type { Page } from './read-page.js';

/** What a search found, as far as it is written down. */
export type Found = Pick<Page, 'lookedTo'> & { readonly results: number };

/** A page that is about to be shown to `searcher`. */
export function searchedEntry(
  attempt: SearchAttempt,
  { request, criteria, before }: AllowedSearch,
  searcher: Searcher,
  found: Found,
  instance: string,
): EntryDraft {
  const personal: PersonalValue[] = [officerOf(searcher)];
  // Indexed: looking for a citizen's entries is a look-up about that citizen too, and must be found by them.
  if (criteria.person !== null) personal.push(sought('sought.person', 'subject', criteria.person, true));
  // Not indexed: the search table cannot tell acting from being sought.
  if (criteria.actor !== null) personal.push(sought('sought.actor', 'actor', criteria.actor, false));
  const data: JsonObject = {
    actor: actorOf(searcher),
    basis: { ...request.basis },
    client: attempt.client,
    criteria: clearCriteria(request.criteria, criteria),
    instance,
    lookedTo: Number(found.lookedTo),
    page: before === null ? null : Number(before),
    results: found.results,
    revealed: request.reveal,
  };
  return { id: randomUUID(), kind: 'log.searched', eventAt: attempt.receivedAt, data, personal };
}

/** Why a search was refused. `tokenFault` stands in the entry alone: the caller gets to see the detail of `refusal`. */
export interface RefusedBy {
  readonly refusal: Refusal;
  readonly tokenFault: string | null;
}

/** A search that a rule refused, under the person's name where one had signed in. Nobody was looked for, so nobody is sealed. */
export function refusedSearchEntry(
  attempt: SearchAttempt,
  searcher: Searcher | null,
  period: { readonly from: Date | null; readonly to: Date | null } | null,
  { refusal, tokenFault }: RefusedBy,
  instance: string,
): EntryDraft {
  const request = attempt.request.ok ? attempt.request.value : null;
  const data: JsonObject = {
    actor: searcher === null ? null : actorOf(searcher),
    basis: request === null ? null : { ...request.basis },
    client: attempt.client,
    code: refusal.code,
    criteria: request === null || period === null ? null : clearCriteria(request.criteria, period),
    instance,
    reason: refusal.detail.reason ?? tokenFault,
    revealed: request?.reveal ?? false,
  };
  const personal = searcher === null ? [] : [officerOf(searcher)];
  return { id: randomUUID(), kind: 'log.search-refused', eventAt: attempt.receivedAt, data, personal };
}

function actorOf(searcher: Searcher): JsonObject {
  return { acr: searcher.acr, authTime: searcher.authTime.toISOString(), session: searcher.sessionId };
}

function officerOf({ person }: Searcher): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

function sought(
  field: string,
  side: PersonalValue['side'],
  person: KimlikNo,
  indexed: boolean,
): PersonalValue {
  return { field, side, person, text: person.reveal(), indexed };
}

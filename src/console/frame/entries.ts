import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../audit/entry.js';
import { containsKimlikNo } from '../../person/contains-kimlik-no.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import { actedBy } from '../../proposals/verdict.js';
import type { AccessId } from '../access.js';
import { ACCESS } from '../access.js';
import type { AccessRow } from '../access-row.js';
import type { ConsolePerson } from './call.js';

/** What the entries of one request share. */
export interface Told {
  readonly id: AccessId;
  readonly person: ConsolePerson;
  readonly params: Readonly<Record<string, string>>;
  readonly instance: string;
  readonly requestId: string;
  readonly at: Date;
  /** Who is looked at, where it is one person. */
  readonly subject?: KimlikNo;
}

/** `console.opened` of a page, `console.acted` of an action. */
export function openingEntry(told: Told): EntryDraft {
  const { at, id, instance, person, requestId, subject } = told;
  const { method, operation }: AccessRow = ACCESS[id];
  const { actor, personal } = actedBy(person.officer);
  const about = aboutOf(told);
  if (method === 'GET') {
    const looked = subject === undefined ? personal : [...personal, subjectNumber(subject)];
    return draftOf('console.opened', at, { about, actor, instance, page: id, requestId }, looked);
  }
  const data = { about, action: id, actor, instance, operation: operation ?? null, requestId };
  return draftOf('console.acted', at, data, personal);
}

function subjectNumber(person: KimlikNo): PersonalValue {
  return { field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true };
}

/** `console.refused`. `code` and `reason`: closed words. */
export function refusalEntry(told: Told, code: string, reason: string | null): EntryDraft {
  const { at, id, instance, person, requestId } = told;
  const { actor, personal } = actedBy(person.officer);
  const data = { about: aboutOf(told), action: id, actor, code, instance, reason, requestId };
  return draftOf('console.refused', at, data, personal);
}

/** What we ourselves put into addresses: quarters, ids, leaves, MERSİS numbers. */
const OURS = /^[A-Za-z0-9._:-]{1,64}$/;

/** Parameters of the path; anything else that stood there might be a person's number. */
function aboutOf({ params }: Told): string | null {
  const values = Object.values(params).filter((value) => OURS.test(value) && !containsKimlikNo(value));
  return values.length === 0 ? null : values.join(' ').slice(0, 200);
}

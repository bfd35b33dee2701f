import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { PersonalValue } from '../entry.js';

/** An officer who acts: `tag` in the domain `authority`, `session` as it stands in entries. */
export interface ActingOfficer {
  readonly person: KimlikNo;
  readonly tag: Buffer;
  readonly session: { readonly acr: string; readonly authTime: string; readonly session: string };
}

/**
 * Whether the officer's session and role still stand, asked inside the batch's transaction: what is destroyed cannot be
 * brought back, so a right that was taken away a moment ago must not suffice.
 */
export type StillActs = (tx: Transaction, officer: ActingOfficer, now: Date) => Promise<boolean>;

/** Who confirms or acts alone. */
export function actorNumber(person: KimlikNo): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

/** Who had proposed it. */
export function proposerNumber(person: KimlikNo): PersonalValue {
  return { field: 'proposer.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

/** Whom it concerns. */
export function subjectNumber(person: KimlikNo): PersonalValue {
  return { field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true };
}

import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../audit/entry.js';
import type { ActingOfficer, StillActs } from '../../audit/retention/officer.js';
import type { Transaction } from '../../storage/database.js';
import type { HeldOfRun } from './lock-stopped.js';

/** Who reviews or decides, and whether that officer still may, asked inside the batch. */
export interface HeldOfficer {
  readonly officer: ActingOfficer;
  readonly stillActs: StillActs;
}

/** What these lanes need from outside. */
export interface HeldTools {
  /** Whether a person (tag in the domain `authority`) holds a role by which this may be reviewed. */
  isOfficer(tx: Transaction, tag: Buffer): Promise<boolean>;
}

/** What became of it; a refusal says why, in one of the codes that people meet. */
export type HeldVerdict<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: HeldRefusal; readonly message: string };

export type HeldRefusal = 'TOKEN_INVALID' | 'STATE_CONFLICT' | 'SECOND_PERSON_REQUIRED';

/** A refusal: nothing is written. */
export function refused(code: HeldRefusal, message: string) {
  return { entries: [], effects: [], answer: () => ({ kind: 'refused', code, message }) as const };
}

export const NOT_STOPPED = refused(
  'STATE_CONFLICT',
  'no such run stands stopped: it has been decided on, or never was',
);
export const NOT_ACTING = refused('TOKEN_INVALID', 'the session or the role of the officer has ended');

/** Whom the entry names as acting. */
export function actorNumber({ person }: ActingOfficer): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

/** That an officer has looked at what the run holds. */
export function reviewEntry(
  officer: ActingOfficer,
  { runId: run, held }: { readonly runId: string; readonly held: readonly HeldOfRun[] },
  osUser: string,
  now: Date,
): EntryDraft {
  const lost = held.reduce((sum, one) => sum + one.lost, 0);
  const data = { actor: officer.session, cooperatives: held.length, lost, osUser, run };
  return draftOf('mersis.reviewed', now, data, [actorNumber(officer)]);
}

import type { Appender } from '../audit/appender.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { draftOf } from '../audit/draft.js';
import type { EntryDraft } from '../audit/entry.js';
import type { Lane } from '../audit/lane.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import { numberOf, type SignInMethod } from './open-session.js';

/** A sign-in that gives no session, though e-Devlet has named the person. */
export interface RefusedSession {
  readonly person: KimlikNo;
  /** Null where it is not registered. */
  readonly client: string | null;
  readonly method: SignInMethod;
  readonly reason: string;
  readonly judged: DataOf<'two-step.judged'>;
}

/** Somebody waits for the page that says so. */
const PATIENCE_MS = 5_000;

const refuseLane: Lane<readonly EntryDraft[], undefined> = {
  name: '4-session-refuse',
  patienceMs: PATIENCE_MS,
  settle: async (_tx, items) => items.map((entries) => ({ entries, effects: [], answer: () => undefined })),
};

/**
 * Writes down that a person whom e-Devlet has named got no session, why, and what e-Devlet had said. Not for somebody who only
 * typed a number: that would be an entry about whoever an attacker likes. Errors: those of `Appender`.
 */
export async function refuseSession(log: Appender, refused: RefusedSession, now: Date): Promise<void> {
  const { client, method, reason, person, judged } = refused;
  await log.submit(refuseLane, [
    draftOf('two-step.judged', now, judged, [numberOf(person)]),
    draftOf('session.refused', now, { client, method, reason }, [numberOf(person)]),
  ]);
}

import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import { plainLane } from '../audit/plain-lane.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import { numberOf, type SignInMethod } from './open-session.js';

/**
 * Writes down that a person whom e-Devlet has named got no session, and why. Not for somebody who only typed a number: that
 * would be an entry about whoever an attacker likes. Errors: those of `Appender`.
 */
export async function refuseSession(
  log: Appender,
  refused: {
    readonly person: KimlikNo;
    /** Null where it is not registered. */
    readonly client: string | null;
    readonly method: SignInMethod;
    readonly reason: string;
  },
  now: Date,
): Promise<void> {
  const { client, method, reason, person } = refused;
  await log.submit(
    plainLane,
    draftOf('session.refused', now, { client, method, reason }, [numberOf(person)]),
  );
}

import type { Appender } from '../audit/appender.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { draftOf } from '../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../audit/entry.js';
import { type EndReason, endLane } from './end-lane.js';
import { isSessionId } from './session-id.js';

/** Session in which a person acts, as entries name it. */
type ActorOfEntry = DataOf<'session.end-ordered'>['actor'];

/** An end that somebody orders from another session. */
export interface OrderedEnd {
  readonly sessionId: string;
  readonly actor: ActorOfEntry;
  /** `actor.number`. */
  readonly number: PersonalValue;
  /** In the administrator's words; null where a person ends an own session. */
  readonly reason: string | null;
  readonly by: 'person' | 'administrator';
  /** Only a session of this person (tag in the domain `authority`) ends: an id that a form brings may be anybody's. */
  readonly onlyOf?: Buffer;
}

/**
 * Ends a session; from its COMMIT on no intent is written on any of its tokens, nothing that the OpenID provider kept of it is left,
 * and the applications that it was used for stand in the queue to be told. False where there is none that has not ended. `log`
 * needs `endSessionApplier`. Errors: those of `Appender`.
 */
export async function endSession(
  log: Appender,
  sessionId: string,
  reason: EndReason,
  now: Date,
): Promise<boolean> {
  if (!isSessionId(sessionId)) return false;
  return (await log.submit(endLane, { ids: [sessionId], reasonOf: () => reason, now })) === 1;
}

/**
 * The same, ordered by somebody: `session.end-ordered` stands before `session.ended`, in the same transaction. False where there is
 * none that has not ended, or it is not of the person in `onlyOf`. `log` needs `endSessionApplier`. Errors: those of `Appender`.
 */
export async function endSessionBy(log: Appender, order: OrderedEnd, now: Date): Promise<boolean> {
  const { sessionId, actor, number, reason, by, onlyOf } = order;
  if (!isSessionId(sessionId)) return false;
  const before = (session: string): EntryDraft =>
    draftOf('session.end-ordered', now, { actor, reason, session }, [number]);
  const word: EndReason = by === 'person' ? 'ended-by-person' : 'ended-by-administrator';
  const reasonOf = ({ tag }: { readonly tag: Buffer }): EndReason | null =>
    onlyOf === undefined || onlyOf.equals(tag) ? word : null;
  return (await log.submit(endLane, { ids: [sessionId], reasonOf, before, now })) === 1;
}

export { type EndReason, endSessionApplier } from './end-lane.js';

import type { KpsNotSentReason, KpsReply } from '../kps/port.js';
import { exactMatch } from '../person/exact-match.js';
import type { Subject } from './check-numbers.js';

/** The five answers to "is this person who they say?" (CONTRACT §4). */
export type Outcome = 'match' | 'deceased' | 'inactive' | 'mismatch' | 'not-found';

/**
 * How a query ended. `units`: what the institution's default reading counts as charged. `sent`: KPS was asked, so the
 * idempotency key stays bound. `told`: the person learnt whether the data match, so it counts against guessing.
 */
export type Conclusion =
  | { readonly state: 'answered'; readonly outcome: Outcome; readonly units: 1; readonly sent: true }
  | {
      readonly state: 'refused';
      readonly code: 'KPS_REFUSED';
      readonly reason: string;
      readonly hataKod: number | null;
      readonly units: 0 | 1;
      readonly sent: true;
    }
  | {
      readonly state: 'refused';
      readonly code: 'KPS_UNAVAILABLE';
      readonly reason: KpsNotSentReason;
      readonly retryAfterS: number;
      readonly units: 0;
      readonly sent: false;
    }
  | {
      readonly state: 'unknown';
      readonly code: 'KPS_OUTCOME_UNKNOWN';
      readonly reason: string;
      readonly units: 1;
      readonly sent: true;
    };

/** Where KPS names no time itself: long enough for a restart there, short enough for the clerk to stay. */
const RETRY_AFTER_S = 30;

const STATUS_OUTCOMES = { open: 'match', dead: 'deceased', closed: 'inactive' } as const;

/** Compares exactly (m.9(3)) and charges as CONTRACT §4 says. Pure. */
export function conclude(subject: Subject, reply: KpsReply): Conclusion {
  switch (reply.kind) {
    case 'record': {
      const equal = exactMatch(subject, reply.record).equal;
      return answered(equal ? STATUS_OUTCOMES[reply.record.status] : 'mismatch');
    }
    case 'confirmed':
      return answered(STATUS_OUTCOMES[reply.status]);
    case 'not-confirmed':
      return answered('mismatch');
    case 'no-record':
      return answered('not-found');
    case 'refused':
      return {
        state: 'refused',
        code: 'KPS_REFUSED',
        reason: reply.reason,
        hataKod: reply.hataKod ?? null,
        units: reply.answered ? 1 : 0,
        sent: true,
      };
    case 'not-sent':
      return {
        state: 'refused',
        code: 'KPS_UNAVAILABLE',
        reason: reply.reason,
        retryAfterS: reply.retryAfterS ?? RETRY_AFTER_S,
        units: 0,
        sent: false,
      };
    case 'unknown':
      return { state: 'unknown', code: 'KPS_OUTCOME_UNKNOWN', reason: reply.reason, units: 1, sent: true };
  }
}

/** True where the person who asked has learnt that the data are wrong: what the guessing limit counts. */
export function isNonMatch(conclusion: Conclusion): boolean {
  return (
    conclusion.state === 'answered' &&
    (conclusion.outcome === 'mismatch' || conclusion.outcome === 'not-found')
  );
}

function answered(outcome: Outcome): Conclusion {
  return { state: 'answered', outcome, units: 1, sent: true };
}

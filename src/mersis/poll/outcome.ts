import type { Taken, TakenReading } from './take-in-port.js';

/** How asking about one cooperative ended, as it is booked and counted. `problem`: a closed word for the operator. */
export type Outcome =
  | { readonly kind: 'read'; readonly changed: boolean }
  /** `until`: when a second reading may confirm it; null: as soon as anything is asked. */
  | { readonly kind: 'waiting'; readonly problem: 'held' | 'run-stopped'; readonly until: Date | null }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string }
  /** Not asked after all. */
  | { readonly kind: 'unasked' };

/** One cooperative with its end. `readAt`: when the answer came; the time of booking where none did. */
export interface Booking {
  readonly mersisNo: string;
  readonly readAt: Date;
  readonly outcome: Outcome;
}

/** What is to be recorded as not believed without taking anything in; null where the answer is a record, or none at all. Pure. */
export function problemOf({ reply }: Pick<TakenReading, 'reply'>): string | null {
  if (reply.kind === 'not-found') return 'not-found';
  return reply.kind === 'fault' && reply.fault.kind === 'invalid' ? reply.fault.problem : null;
}

/** The end of an answer that was taken in. Pure. */
export function outcomeOf({ problem, result, secondAfter }: Omit<Taken, 'mersisNo'>): Outcome {
  if (result === 'changed' || result === 'unchanged') return { kind: 'read', changed: result === 'changed' };
  if (result === 'refused') return { kind: 'refused', problem: problem ?? 'not-believed' };
  return { kind: 'waiting', problem: result, until: secondAfter ?? null };
}

/** The end of an answer without a record. Pure. */
export function faultOutcome(reading: Pick<TakenReading, 'reply'>): Outcome {
  const problem = problemOf(reading);
  if (problem !== null) return { kind: 'refused', problem };
  const { reply } = reading;
  const fault = reply.kind === 'fault' ? reply.fault : null;
  return { kind: 'failed', problem: fault?.kind === 'unavailable' ? fault.cause : 'refused' };
}

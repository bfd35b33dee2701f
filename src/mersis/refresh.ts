import { Refusal } from '../errors/refusal.js';
import { askForPerson, type CallTools } from './calls/ask-for-person.js';
import type { RegistryAttempt } from './calls/attempt.js';
import { type BookTools, bookChunk, takeUp } from './poll/book.js';
import { outcomeOf } from './poll/outcome.js';
import type { TakeIn, Taken } from './poll/take-in-port.js';

export interface RefreshTools extends CallTools {
  readonly takeIn: TakeIn;
  readonly book: BookTools;
  /** Told where a reading could not be booked: it is asked again sooner than it need be. */
  readonly onUnbooked: (error: unknown) => void;
}

/** What one immediate reading came to. `held`: it would take much away, and waits for a second reading or for persons. */
export interface Refreshed {
  readonly mersisNo: string;
  readonly result: 'changed' | 'unchanged' | 'held' | 'refused';
  readonly readAt: Date;
}

/**
 * One immediate reading of one cooperative for a signed-in person: a registered member who is not yet visible need not wait for the poll
 * (facts/mersis-koopbis.md §2). Its answer is durable before it is given. Errors: refusals that have an entry (`TOKEN_INVALID`,
 * `TWO_STEP_REQUIRED`, `REQUEST_INVALID`, `RATE_LIMITED`, `NOT_FOUND`, `MERSIS_UNAVAILABLE`), and those of `Appender`.
 */
export async function refreshCooperative(attempt: RegistryAttempt, tools: RefreshTools): Promise<Refreshed> {
  const { reply, askedAt, readAt, record } = await askForPerson(attempt, tools);
  if (reply.kind === 'not-found') {
    await record('not-found');
    throw new Refusal('NOT_FOUND');
  }
  const { mersisNo } = reply.record;
  const [taken] = await tools.takeIn([{ mersisNo, reply, readAt, runId: null }]);
  if (taken === undefined) throw new RangeError('one reading has one result');
  const told = taken.result === 'run-stopped' ? 'held' : taken.result;
  await record(told);
  await book(taken, { askedAt, readAt }, tools).catch(tools.onUnbooked);
  return { mersisNo, result: told, readAt };
}

/** From now on it is polled, where it was not; what was not believed takes nothing up. */
async function book(
  taken: Taken,
  { askedAt, readAt }: { readonly askedAt: Date; readonly readAt: Date },
  { book: tools, db }: RefreshTools,
): Promise<void> {
  const { mersisNo, result } = taken;
  if (result !== 'refused') await takeUp(db, [mersisNo], readAt);
  const bookings = [{ mersisNo, readAt, outcome: outcomeOf(taken) }];
  await bookChunk({ runId: null, claimedAt: askedAt, bookings }, tools);
}

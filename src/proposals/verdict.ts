import type { EntryDraft, PersonalValue, Receipt } from '../audit/entry.js';
import type { Effect, Lane, Settled } from '../audit/lane.js';
import { BridgeError, type ErrorCode } from '../errors/bridge-error.js';
import type { Transaction } from '../storage/database.js';
import type { ActingOfficer } from './officer.js';

/** What became of a deed of an officer: done, or refused by a rule, with nothing changed. */
export type Verdict<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      /** Closed word beside the code, where the rule has one. */
      readonly reason?: string;
    };

/** Long enough for a database that restarts; nobody's request waits for these. */
const PATIENCE_MS = 30_000;

/** A lane whose items each stand alone in a batch under the exclusive lock: what they read cannot change beside them. */
export function deedLane<I, T>(
  name: string,
  settleOne: (tx: Transaction, item: I, now: Date) => Promise<Settled<Verdict<T>>>,
): Lane<I, Verdict<T>> {
  return {
    name,
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<Verdict<T>>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, now));
      return settled;
    },
  };
}

/** A deed with its entries; `value` is made from their receipts, in their order. */
export function done<T>(
  entries: readonly EntryDraft[],
  effects: readonly Effect[],
  value: (receipts: readonly Receipt[]) => T,
): Settled<Verdict<T>> {
  return { entries, effects, answer: (receipts) => ({ kind: 'done', value: value(receipts) }) };
}

/** A refusal: no entry, no effect. `message`: English, nothing personal. `reason`: closed word of the rule; null where it has none. */
export function refused<T>(
  code: ErrorCode,
  message: string,
  reason: string | null = null,
): Settled<Verdict<T>> {
  const word = reason === null ? {} : { reason };
  return { entries: [], effects: [], answer: () => ({ kind: 'refused', code, message, ...word }) };
}

/** The officer's session or role has ended meanwhile. */
export function notActing<T>(): Settled<Verdict<T>> {
  return refused('TOKEN_INVALID', 'the session or the role of who acts has ended');
}

/** The value, or the refusal as an error. */
export function doneValue<T>(verdict: Verdict<T>): T {
  if (verdict.kind === 'refused') {
    const { code, message, reason } = verdict;
    throw new BridgeError(code, message, { fields: reason === undefined ? {} : { reason } });
  }
  return verdict.value;
}

/** `actor` of an entry, and `actor.number` beside it. */
export function actedBy(officer: ActingOfficer): {
  readonly actor: { readonly acr: string; readonly authTime: string; readonly session: string };
  readonly personal: readonly PersonalValue[];
} {
  const { acr, authTime, person, sessionId } = officer;
  return {
    actor: { acr, authTime: authTime.toISOString(), session: sessionId },
    personal: [{ field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true }],
  };
}

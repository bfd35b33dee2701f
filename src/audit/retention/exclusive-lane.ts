import type { ErrorCode } from '../../errors/bridge-error.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import type { RETENTION_KINDS } from '../catalogue/retention.js';
import { draftOf } from '../draft.js';
import type { EntryDraft, PersonalValue, Receipt } from '../entry.js';
import type { Effect, Lane, Settled } from '../lane.js';

/** Long enough for a database that restarts; nobody's request waits for these. */
const PATIENCE_MS = 30_000;

/** What became of a deed of an officer: done, or refused by a rule (what had to be written down about it is written). */
export type Verdict<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

/** A lane whose items each stand alone in a batch under `TAKE_BATCH_LOCK`: nothing is sealed or decided beside them. */
export function exclusiveLane<I, R>(
  name: string,
  settleOne: (tx: Transaction, item: I, now: Date) => Promise<Settled<R>>,
): Lane<I, R> {
  return {
    name,
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<R>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, now));
      return settled;
    },
  };
}

/** A deed with its entries; `value` is made from the receipt of the last one. */
export function done<T>(
  entries: readonly EntryDraft[],
  effects: readonly Effect[],
  value: (receipt: Receipt) => T,
): Settled<Verdict<T>> {
  return {
    entries,
    effects,
    answer: (receipts) => ({ kind: 'done', value: value(receipts.at(-1) as Receipt) }),
  };
}

/** A refusal, with what must be written down about it. */
export function refused<T>(
  code: ErrorCode,
  message: string,
  entries: readonly EntryDraft[] = [],
  effects: readonly Effect[] = [],
): Settled<Verdict<T>> {
  return { entries, effects, answer: () => ({ kind: 'refused', code, message }) };
}

/** The value, or the refusal as an error. */
export function valueFrom<T>(verdict: Verdict<T>): T {
  if (verdict.kind === 'refused') throw new BridgeError(verdict.code, verdict.message);
  return verdict.value;
}

/** An entry of this part of the log, as its schema has it. */
export function retentionEntry<K extends keyof typeof RETENTION_KINDS>(
  kind: K,
  data: DataOf<K>,
  personal: readonly PersonalValue[],
  now: Date,
): EntryDraft {
  return draftOf(kind, now, data, personal);
}

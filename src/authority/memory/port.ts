import type { Database } from '../../storage/database.js';
import type { AuthorityFacts } from '../facts.js';
import type { HeldRecord } from '../recording/port.js';

/** A cooperative as it is kept in memory: what stands in the tables, but for what the feed has told. */
export type KeptRecord = Omit<HeldRecord, 'told'>;

/** What is said of the house's log: fixed events, and the error without its message. */
export interface MemoryLog {
  info(event: string, fields?: { readonly ms?: number; readonly count?: number }): void;
  warn(event: string, fields?: { readonly error?: unknown }): void;
}

export interface MemoryTools {
  readonly db: Database;
  readonly log: MemoryLog;
  now(): Date;
  /** Milliseconds that never run backwards; `performance.now` where none is given. */
  monotonicMs?(): number;
}

/**
 * Who may act, from memory. Every answer is of one version as a whole; all of it throws DATABASE_UNAVAILABLE where the last confirmation
 * is a second old, so that whoever keeps a view does not keep an old right. Ask `confirmed()` anew after each wait.
 */
export interface AuthorityView {
  /** `authority_head.version` of what it answers now. */
  readonly version: bigint;
  /** Monotonic time before which the question was sent that confirmed it. */
  readonly confirmedAt: number;
  /** The same as `readAuthority` gives. `tag`: the person's in the domain `authority`; `day`: Europe/Istanbul. */
  factsOf(tag: Buffer, mersisNo: string, day: string): AuthorityFacts;
  /** Everything kept of one cooperative; null where it is not known. */
  recordOf(mersisNo: string): KeptRecord | null;
}

/** All cooperatives, seats and roles in memory, good only while the database confirms their version. Errors: those of `Database`. */
export interface AuthorityMemory {
  /** Reads everything; where it was read already, the same as `follow`. */
  load(): Promise<void>;
  /** One step: asks for the version and takes in what has changed. Callers at the same time share one. */
  follow(): Promise<void>;
  /** What is right now: follows first where the last confirmation is a second old. Never an old answer: where it fails it throws. */
  confirmed(): Promise<AuthorityView>;
  /**
   * Times of reading rise without a new version and are taken in every ten minutes. Reads those of `mersisNos` (and of what they merged
   * into) at once that are older than `staleAfterHours`: nobody is refused as stale by what only memory has not seen yet. Call it before
   * `confirmed()`; where nothing looks stale it costs nothing.
   */
  freshen(mersisNos: readonly string[], staleAfterHours: number): Promise<void>;
  /** Lets everything go; from then on it confirms nothing. */
  stop(): void;
}

import type { JsonObject } from '../../../audit/canonical-json.js';
import type { EntryDraft } from '../../../audit/entry.js';
import type { Story } from '../../../audit/export/find-story.js';
import type { SealedValue } from '../../../audit/seal.js';
import type { Revealed } from '../../../audit/search/attempt.js';
import type { ConsoleCall } from '../../frame/call.js';

/** An entry as it stands in the log. `sealed`: closed. */
export interface LoggedEntry {
  readonly leaf: bigint;
  readonly leafHash: Buffer;
  readonly at: Date;
  readonly kind: string;
  readonly line: string;
  readonly id: string;
  readonly data: JsonObject;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

/** The story of a query; `judged`: what the two-step rule said of its sign-in, where that stands in front of it. */
export interface QueryStory extends Story {
  readonly judged: { readonly leaf: bigint; readonly line: string } | null;
}

/** What a query cost, as the book has it. Money in kuruş. `correction`: what a settlement took back. */
export interface FeeOfQuery {
  readonly account: string;
  readonly feeClass: string;
  readonly quarter: string;
  readonly basis: string;
  readonly units: number;
  readonly unitPriceKurus: bigint;
  readonly amountKurus: bigint;
  readonly correction: {
    readonly quarter: string;
    readonly amountKurus: bigint;
    readonly counted: boolean;
  } | null;
}

/** How far an entry is proved. */
export interface EntryProof {
  /** Whether the hash that is kept is that of the line. */
  readonly hashHolds: boolean;
  /** The smallest signed checkpoint that covers the entry; `included`: its root was reached from the entry, and its signature holds. */
  readonly checkpoint: {
    readonly size: bigint;
    readonly signedAt: Date;
    readonly included: boolean;
  } | null;
  /** The first time stamp over it. */
  readonly stamp: { readonly size: bigint; readonly authority: string; readonly genTime: Date } | null;
}

/** What pages of one entry ask of the house. */
export interface StoryPorts {
  readonly instance: string;
  /** The entry of a leaf; `detached`: its range is not in the database. */
  entry(leaf: bigint): Promise<LoggedEntry | 'detached' | null>;
  /** Null where the log at hand does not hold the query. */
  story(query: string): Promise<QueryStory | null>;
  /** Null where the query has no line yet. */
  fee(query: string): Promise<FeeOfQuery | null>;
  proof(entry: LoggedEntry): Promise<EntryProof>;
  /** Durable before it returns. */
  record(draft: EntryDraft): Promise<void>;
  /**
   * Opens one sealed value, after that it is opened is durable in the log (`leaf`). Errors: `TOKEN_INVALID` where session or role have ended
   * meanwhile, those of the appender.
   */
  reveal(
    call: ConsoleCall,
    entry: LoggedEntry,
    asked: { readonly field: string; readonly reason: string },
  ): Promise<{ readonly value: Revealed; readonly leaf: bigint }>;
}

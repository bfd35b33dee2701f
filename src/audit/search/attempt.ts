import type { ProblemCode } from '../../errors/problem-code.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { JsonObject } from '../canonical-json.js';
import type { Receipt } from '../entry.js';

/** By what authority somebody searches: whose decision or letter, its number and its day (`YYYY-MM-DD`). */
interface Basis {
  readonly authority: string;
  readonly documentNo: string;
  readonly date: string;
}

/** What is looked for, as it was asked; `null` where it does not matter. Numbers and instants are still texts. */
export interface AskedCriteria {
  /** The person asked about. */
  readonly person: string | null;
  /** The user who acted. */
  readonly actor: string | null;
  readonly cooperative: string | null;
  /** Half-open: an instant with zone, or a bare date for 00:00 in Europe/Istanbul. */
  readonly from: string | null;
  readonly to: string | null;
  readonly purpose: string | null;
  /** An outcome, or the state `refused` or `unknown` of a query without one. */
  readonly outcome: string | null;
  readonly screen: string | null;
  readonly service: string | null;
  readonly reference: string | null;
  readonly query: string | null;
  readonly session: string | null;
  /** Any of these; empty: all. */
  readonly kinds: readonly string[];
  readonly code: string | null;
}

/** The body of a search once its form is sound. */
export interface SearchRequest {
  readonly basis: Basis;
  readonly criteria: AskedCriteria;
  readonly cursor: string | null;
  /** Entries on a page: 1 to 100. */
  readonly pageSize: number;
  /** True: sealed values whose keys still exist are opened. */
  readonly reveal: boolean;
}

/** Who searches: how the person signed in, as the room that knows about sign-in found it. */
export interface Searcher {
  readonly sessionId: string;
  readonly person: KimlikNo;
  readonly acr: string;
  readonly authTime: Date;
  readonly twoStep: boolean;
  readonly stepUp: boolean;
  readonly roles: readonly string[];
}

/** One search as it arrived. A malformed body is part of it: the token is looked at before the body is complained about. */
export interface SearchAttempt {
  /** The calling service; null on the command line. */
  readonly client: string | null;
  readonly receivedAt: Date;
  /** Who stands behind the token, and with which roles, read afresh at each call; null where nobody does. */
  identify(tx: Transaction, now: Date): Promise<Searcher | null>;
  /** Why nobody stands behind the token: a closed word for the entry, never for the caller; null where none was shown. */
  explain?(tx: Transaction, now: Date): Promise<string | null>;
  /** The first page begins below this leaf, so that what comes in later does not move its entries; absent: at the newest. */
  readonly below?: bigint;
  readonly request:
    | { readonly ok: true; readonly value: SearchRequest }
    | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string };
}

/** What became of a query: the last that is known of it. `outcome` null: KPS gave none. */
export interface FoundOutcome {
  readonly outcome: string | null;
  readonly state: string;
  readonly leafIndex: bigint;
}

/** The text of a sealed value, or the word that says why there is none. */
export type Revealed = string | 'destroyed' | 'unreadable';

export interface FoundEntry {
  readonly leafIndex: bigint;
  readonly leafHash: Buffer;
  readonly at: Date;
  /** The parsed line; of `sealed` the names of the fields alone. */
  readonly entry: JsonObject;
  readonly outcome: FoundOutcome | null;
  /** By field; null where nothing was to be opened. */
  readonly revealed: Readonly<Record<string, Revealed>> | null;
}

/** A run of leaves that a period touches and that is not at hand. */
export interface DetachedRange {
  readonly first: bigint;
  readonly count: bigint;
}

export interface SearchResult {
  /** Id of the entry that tells of this search. */
  readonly search: string;
  readonly receipt: Receipt;
  /** Newest first. */
  readonly entries: readonly FoundEntry[];
  /** Of the next page; null where everything has been looked at. */
  readonly next: string | null;
  /** Leaves from this one on have been looked at. */
  readonly lookedTo: bigint;
  /** Leaves before this one can be found; at least all that were acknowledged before the search began. */
  readonly indexedTo: bigint;
  readonly detached: readonly DetachedRange[];
}

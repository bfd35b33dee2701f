import { Refusal } from '../../errors/refusal.js';
import type { Transaction } from '../../storage/database.js';
import type { Receipt } from '../entry.js';
import type { Lane, Settled } from '../lane.js';
import type { SearchAttempt, Searcher } from './attempt.js';
import { periodOf } from './criteria.js';
import { type AllowedSearch, requireStill } from './decide-search.js';
import { type Found, type RefusedBy, refusedSearchEntry, searchedEntry } from './search-entry.js';

/** A search before it is written down: what it found, or who was refused and why. */
export type SearchItem =
  | {
      readonly kind: 'found';
      readonly attempt: SearchAttempt;
      readonly allowed: AllowedSearch;
      readonly found: Found;
    }
  | (RefusedBy & {
      readonly kind: 'refused';
      readonly attempt: SearchAttempt;
      readonly searcher: Searcher | null;
    });

export type SearchAnswer =
  | { readonly kind: 'written'; readonly search: string; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** An officer waits; nothing is lost by a refusal. */
const PATIENCE_MS = 1000;

/**
 * The lane of searches. The page was read before, outside the batch: what takes tens of milliseconds must not be done under
 * the lock that every query's entry needs, and what was read has been shown to nobody yet. Here the right is looked at
 * again, in the transaction of the entry, so that a revoked role or an ended session shows nothing more.
 */
export function createSearchLane(instance: string): Lane<SearchItem, SearchAnswer> {
  return {
    name: '4-search',
    patienceMs: PATIENCE_MS,
    settle: async (tx, items, now) => {
      const settled: Settled<SearchAnswer>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, instance, now));
      return settled;
    },
  };
}

async function settleOne(
  tx: Transaction,
  item: SearchItem,
  instance: string,
  now: Date,
): Promise<Settled<SearchAnswer>> {
  const { attempt } = item;
  if (item.kind === 'refused') return refused(attempt, item.searcher, item, instance);
  const searcher = await attempt.identify(tx, now);
  try {
    const still = requireStill(item.allowed, searcher);
    const entry = searchedEntry(attempt, item.allowed, still, item.found, instance);
    return {
      entries: [entry],
      effects: [],
      answer: ([receipt]) => ({ kind: 'written', search: entry.id, receipt: receipt as Receipt }),
    };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const tokenFault = searcher === null ? ((await attempt.explain?.(tx, now)) ?? null) : null;
    return refused(attempt, searcher, { refusal, tokenFault }, instance);
  }
}

function refused(
  attempt: SearchAttempt,
  searcher: Searcher | null,
  by: RefusedBy,
  instance: string,
): Settled<SearchAnswer> {
  const { refusal } = by;
  const entry = refusedSearchEntry(attempt, searcher, soundPeriod(attempt), by, instance);
  return { entries: [entry], effects: [], answer: () => ({ kind: 'refused', refusal }) };
}

/** The period of a refused search; null where it is none, which may be why it was refused. */
function soundPeriod({ request }: SearchAttempt) {
  try {
    return request.ok ? periodOf(request.value.criteria) : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

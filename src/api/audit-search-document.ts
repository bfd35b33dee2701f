import type { FoundEntry, SearchResult } from '../audit/search/attempt.js';

/** The answer to a search (CONTRACT §4), as JSON: for the API and for `bridge audit search --json`. */
export function searchDocument(result: SearchResult): Record<string, unknown> {
  const { search, receipt, entries, next, lookedTo, indexedTo, detached } = result;
  return {
    search,
    receipt: { leafIndex: Number(receipt.leafIndex), leafHash: receipt.leafHash.toString('hex') },
    entries: entries.map(entryDocument),
    next,
    lookedTo: Number(lookedTo),
    indexedTo: Number(indexedTo),
    detached: detached.map(({ first, count }) => ({ first: Number(first), count: Number(count) })),
  };
}

function entryDocument({ leafIndex, leafHash, at, entry, outcome, revealed }: FoundEntry) {
  return {
    leafIndex: Number(leafIndex),
    leafHash: leafHash.toString('hex'),
    at: at.toISOString(),
    entry,
    ...(outcome === null ? {} : { outcome: { ...outcome, leafIndex: Number(outcome.leafIndex) } }),
    ...(revealed === null ? {} : { revealed }),
  };
}

import { canonicalJson, type JsonObject } from '../canonical-json.js';

/** Members that may name a person without being sealed: the feed goes to systems that need not know them. */
const LEFT_OUT: ReadonlySet<string> = new Set(['osUser', 'source']);

/** One entry for a collector. */
export interface FeedEntry {
  readonly leafIndex: bigint;
  readonly leafHash: Buffer;
  readonly line: string;
}

/**
 * One line of NDJSON, without newline: `leafIndex` (a gap shows), `leafHash` (hex), and the entry without its sealed values
 * and without what may name a person (`null` there). It is no leaf: evidence is an export.
 */
export function feedLine({ leafIndex, leafHash, line }: FeedEntry): string {
  const { at, data, eventAt, id, kind, v } = JSON.parse(line) as {
    readonly [name: string]: string | number;
  } & { readonly data: JsonObject };
  const shown = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, LEFT_OUT.has(name) ? null : value]),
  );
  return canonicalJson({
    at: at as string,
    data: shown,
    eventAt: eventAt as string,
    id: id as string,
    kind: kind as string,
    leafHash: leafHash.toString('hex'),
    leafIndex: Number(leafIndex),
    v: v as number,
  });
}

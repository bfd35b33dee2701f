import { FoundDifference } from '../audit/check/difference.js';
import { type DetachedParts, entriesAt, isDetached, readDetachedParts } from '../audit/check/entries-at.js';
import { scanRows } from '../audit/check/leaf-cursor.js';
import type { LineCheck, ReadEntry } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import type { QueryRow } from './recorded-query.js';

type Row = Omit<QueryRow, 'checked_at'> & { readonly intent_leaf: bigint };

interface Place {
  readonly leaf: bigint;
  readonly query_id: string;
}

const NAME = 'queries';
const ENDS: ReadonlySet<string> = new Set(['query.outcome', 'query.unknown']);
const PLACES = "SELECT outcome_leaf AS leaf, query_id FROM bridge.identity_query WHERE state <> 'open'";

/**
 * The working rows of queries against the log: what a repeated call and `GET …/{id}` answer from is what the ending says,
 * and no row is ended without one. A late outcome changes no row. Not compared: rows still open, who asked, and when it was
 * checked. Where the ending went away with a detached range, what it said is not at hand.
 */
export async function checkQueries(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  let ended = 0;
  return {
    name: NAME,
    take: async ({ entries }) => {
      const ends = entries.filter(({ kind }) => ENDS.has(kind));
      if (ends.length === 0) return;
      const rows = await rowsOf(tx, ends);
      for (const entry of ends) {
        const row = rows.get(String(entry.data.query));
        if (row === undefined) throw new FoundDifference(NAME, 'an ended query has no row', entry.leaf);
        const wrong = differing(entry, row);
        if (wrong !== null)
          throw new FoundDifference(NAME, `the row of a query and the log differ in ${wrong}`, entry.leaf);
      }
      ended += ends.length;
    },
    finish: async () => {
      await requireNoOthers(tx, ended, detached);
      return `${ended} ended queries: their rows are what the log says`;
    },
  };
}

async function rowsOf(tx: Transaction, ends: readonly ReadEntry[]): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await tx.query<Row>({
    text: `SELECT query_id, state, outcome, problem, units, intent_leaf, outcome_leaf, outcome_hash
      FROM bridge.identity_query WHERE query_id = ANY($1::uuid[])`,
    values: [ends.map(({ data }) => data.query)],
  });
  return new Map(rows.map((row) => [row.query_id, row]));
}

/** Name of the first column that is not what the entry says; null where all are. */
function differing({ leaf, hash, data }: ReadEntry, row: Row): string | null {
  const { units } = data.fee as { readonly units: number };
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ['state', data.state, row.state],
    ['outcome', data.outcome, row.outcome],
    ['problem', data.code, row.problem],
    ['units', units, row.units],
    ['intent_leaf', BigInt(data.intent as number), row.intent_leaf],
    ['outcome_leaf', leaf, row.outcome_leaf],
    ['outcome_hash', hash.toString('hex'), row.outcome_hash?.toString('hex')],
  ];
  return wanted.find(([, said, held]) => said !== held)?.[0] ?? null;
}

/** As many ended rows as ends: one that stands there beyond is named by the leaf that it claims. */
async function requireNoOthers(tx: Transaction, known: number, detached: DetachedParts): Promise<void> {
  let count = 0;
  for await (const rows of scanRows<Place>(tx, 'check_queries', PLACES))
    count += rows.filter(({ leaf }) => !isDetached(detached, leaf)).length;
  if (count === known) return;
  for await (const rows of scanRows<Place>(tx, 'check_queries_again', PLACES)) {
    const entries = await entriesAt(
      tx,
      rows.map(({ leaf }) => leaf),
    );
    const odd = rows.find(({ leaf, query_id }) => {
      const entry = entries.get(leaf);
      const told = entry !== undefined && ENDS.has(entry.kind) && entry.data.query === query_id;
      return !told && !isDetached(detached, leaf);
    });
    if (odd !== undefined)
      throw new FoundDifference(NAME, 'the row of an ended query has no ending in the log', odd.leaf);
  }
  throw new FoundDifference(NAME, 'there are more ended queries in the table than in the log');
}

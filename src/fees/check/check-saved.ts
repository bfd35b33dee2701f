import { FoundDifference } from '../../audit/check/difference.js';
import { readDetachedParts } from '../../audit/check/entries-at.js';
import { scanRows } from '../../audit/check/leaf-cursor.js';
import type { LineCheck } from '../../audit/check/line-check.js';
import type { Transaction } from '../../storage/database.js';

/** Calls of a client on a day that ended with one code. `leaf`: of the first of them. */
interface Calls {
  readonly day: string;
  readonly client: string;
  readonly code: string;
  readonly calls: bigint;
}

interface Told extends Calls {
  readonly leaf: bigint;
}

const NAME = 'fee-saved';
/** Leaves in one statement, so that none sees more than a small part of the log. */
const WINDOW = 1n << 18n;

// `at` of an entry is when it was written down: a refusal has no other time.
const TOLD = `SELECT (e.at AT TIME ZONE 'Europe/Istanbul')::date::text AS day, s.client,
    CASE WHEN s.kind = 'query.replayed' THEN 'REPLAYED' WHEN s.code IS NULL THEN 'UNKNOWN' ELSE s.code END AS code,
    count(*) AS calls, min(s.leaf_index) AS leaf
  FROM bridge.log_search s JOIN bridge.entry e ON e.leaf_index = s.leaf_index
  WHERE s.kind = ANY (ARRAY['query.refused', 'query.replayed']) AND s.client IS NOT NULL
    AND s.leaf_index >= $1 AND s.leaf_index < $2 AND e.leaf_index >= $1 AND e.leaf_index < $2
  GROUP BY 1, 2, 3`;
const HELD = 'SELECT day::text AS day, client_id AS client, code, calls FROM bridge.fee_saved';

/**
 * The counts of calls that a check before sending, or a repeated answer, kept from costing anything, against the entries that tell of such calls,
 * as far as they were counted. By the search rows, which are held against the entries before this. Where ranges are detached, what they told
 * is not at hand: then there are at least as many calls as the log still tells of.
 */
export async function checkSaved(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  return {
    name: NAME,
    take: async () => undefined,
    finish: async () => {
      const size = await readCounted(tx);
      const told = await readTold(tx, size);
      const groups = told.size;
      await holdRows(tx, told, detached.size === 0);
      return `counts of queries that never left, for ${groups} codes of a client on a day, are what the log says up to leaf ${size}`;
    },
  };
}

async function readCounted(tx: Transaction): Promise<bigint> {
  const { rows } = await tx.query<{ saved: bigint; indexed: bigint }>({
    text: 'SELECT f.saved_size AS saved, i.size AS indexed FROM bridge.fee_fold f CROSS JOIN bridge.log_indexed i',
  });
  const [row] = rows;
  if (row === undefined) throw new FoundDifference(NAME, 'how far the counts reach is not known');
  if (row.saved > row.indexed)
    throw new FoundDifference(NAME, 'the counts claim to reach beyond the search rows');
  return row.saved;
}

/** As many as `fee_saved` has rows: days times the codes of some clients. */
async function readTold(tx: Transaction, size: bigint): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for (let from = 0n; from < size; from += WINDOW) {
    const to = from + WINDOW < size ? from + WINDOW : size;
    const { rows } = await tx.query<Told>({ text: TOLD, values: [from, to] });
    for (const row of rows) {
      const before = told.get(keyOf(row));
      const sum = { ...row, leaf: before?.leaf ?? row.leaf, calls: row.calls + (before?.calls ?? 0n) };
      told.set(keyOf(row), sum);
    }
  }
  return told;
}

/** Takes what it finds out of `told`: what is left there is gone from the table. */
async function holdRows(tx: Transaction, told: Map<string, Told>, isWhole: boolean): Promise<void> {
  for await (const rows of scanRows<Calls>(tx, 'check_saved', HELD)) {
    for (const row of rows) {
      const one = told.get(keyOf(row));
      told.delete(keyOf(row));
      const said = one?.calls ?? 0n;
      if ((one !== undefined && row.calls === said) || (!isWhole && row.calls > said)) continue;
      const text = `calls of ${row.client} on ${row.day} that never left are not as many as the log says (${row.code})`;
      throw new FoundDifference(NAME, text, one?.leaf ?? null);
    }
  }
  for (const { client, code, day, leaf } of told.values())
    throw new FoundDifference(NAME, `calls of ${client} on ${day} that never left are gone (${code})`, leaf);
}

function keyOf({ client, code, day }: Calls): string {
  return JSON.stringify([day, client, code]);
}

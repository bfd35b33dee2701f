import type { Transaction } from '../../storage/database.js';
import type { Json, JsonObject } from '../canonical-json.js';
import { FoundDifference } from './difference.js';
import { openLeafCursor } from './leaf-cursor.js';
import type { LineCheck, ReadEntry } from './line-check.js';

interface SearchRow extends Readonly<Record<string, unknown>> {
  readonly leaf: bigint;
}

interface OutcomeRow {
  leaf: bigint;
  intent: bigint;
  outcome: string | null;
  state: string;
}

const NAME = 'search-table';
const COLUMNS = [
  'kind',
  'client',
  'cooperative',
  'purpose',
  'screen',
  'service',
  'reference',
  'code',
  'query',
  'session',
  'ref',
] as const;
/** Members that an entry may name something by (`ref`), the first that is there. */
const REFS = [
  'ref',
  'roleId',
  'seatId',
  'seat',
  'holdId',
  'hold',
  'signalId',
  'signal',
  'proposalId',
  'proposal',
];
const MAX_TEXT = 256;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ENDS: ReadonlySet<string> = new Set(['query.outcome', 'query.unknown', 'query.late-outcome']);

/**
 * The search rows against what the entries themselves say, told here a second time and not by the statement that made them:
 * one row for each entry below `indexed`, each column as the entry has it, and the outcomes at their intents.
 */
export async function checkSearch(tx: Transaction, size: bigint): Promise<LineCheck> {
  const { rows } = await tx.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_indexed' });
  const indexed = rows[0]?.size ?? 0n;
  if (indexed > size) throw new FoundDifference(NAME, 'the search table claims more entries than there are');
  const search = await openLeafCursor<SearchRow>(
    tx,
    'check_search',
    `SELECT leaf_index AS leaf, ${COLUMNS.join(', ')} FROM bridge.log_search ORDER BY leaf_index`,
  );
  const outcomes = await openLeafCursor<OutcomeRow>(
    tx,
    'check_outcomes',
    'SELECT outcome_leaf AS leaf, leaf_index AS intent, outcome, state FROM bridge.log_search_outcome ORDER BY outcome_leaf, leaf_index',
  );
  return {
    name: NAME,
    take: async ({ end, entries }) => {
      const known = entries.filter(({ leaf }) => leaf < indexed);
      compare(
        known.map((entry) => [entry.leaf, searchRow(entry)]),
        (await search.below(end)).map((row) => [row.leaf, COLUMNS.map((name) => row[name] ?? null)]),
      );
      compare(
        known.filter(({ kind }) => ENDS.has(kind)).map((entry) => [entry.leaf, outcomeRow(entry.data)]),
        (await outcomes.below(end)).map((row) => [row.leaf, [Number(row.intent), row.outcome, row.state]]),
      );
    },
    finish: async () => {
      const [left] = [...(await search.below(1n << 62n)), ...(await outcomes.below(1n << 62n))];
      if (left !== undefined) throw new FoundDifference(NAME, 'a search row belongs to no entry', left.leaf);
      return `search rows of ${indexed} entries say what the entries say`;
    },
  };
}

type Told = readonly [leaf: bigint, row: readonly unknown[]];

function compare(wanted: readonly Told[], found: readonly Told[]): void {
  for (let i = 0; i < Math.max(wanted.length, found.length); i += 1) {
    const [leaf, row] = wanted[i] ?? [];
    const [heldLeaf, held] = found[i] ?? [];
    if (leaf === undefined || (heldLeaf !== undefined && heldLeaf < leaf))
      throw new FoundDifference(NAME, 'a search row belongs to no entry', heldLeaf ?? null);
    if (heldLeaf === undefined || heldLeaf > leaf)
      throw new FoundDifference(NAME, 'an entry has no search row', leaf);
    if (JSON.stringify(row) !== JSON.stringify(held))
      throw new FoundDifference(NAME, 'a search row says something else than its entry', leaf);
  }
}

function searchRow({ kind, data }: ReadEntry): (string | null)[] {
  const actor = data.actor;
  const session = typeof actor === 'object' && actor !== null ? idOf((actor as JsonObject).session) : null;
  return [
    kind,
    ...(['client', 'cooperative', 'purpose', 'screen', 'service', 'reference', 'code'] as const).map((name) =>
      textOf(data[name]),
    ),
    idOf(data.query) ?? idOf(data.of),
    session ?? idOf(data.session),
    REFS.map((name) => textOf(data[name])).find((text) => text !== null) ?? null,
  ];
}

function outcomeRow(data: JsonObject): unknown[] {
  return [data.intent, textOf(data.outcome), textOf(data.state)];
}

function textOf(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  // PostgreSQL's jsonb holds no NUL and counts code points.
  return Array.from(value.replaceAll('\0', '\ufffd')).slice(0, MAX_TEXT).join('');
}

function idOf(value: Json | undefined): string | null {
  return typeof value === 'string' && UUID.test(value) ? value : null;
}

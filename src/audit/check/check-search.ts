import type { Transaction } from '../../storage/database.js';
import type { Json, JsonObject } from '../canonical-json.js';
import { FoundDifference } from './difference.js';
import { type DetachedParts, entriesAt, isDetached } from './entries-at.js';
import { openLeafCursor, scanRows } from './leaf-cursor.js';
import type { LineCheck, ReadEntry } from './line-check.js';

interface SearchRow extends Readonly<Record<string, unknown>> {
  readonly leaf: bigint;
}

/** `leaf`: of the intent, at which the row hangs. */
interface OutcomeRow {
  readonly leaf: bigint;
  readonly told_by: bigint;
  readonly outcome: string | null;
  readonly state: string;
}

const NAME = 'search-table';
const NO_ENTRY = 'a search row belongs to no entry';
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
const REFS = ['roleId', 'seat', 'hold', 'signal', 'proposal'];
const MAX_TEXT = 256;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ENDS: ReadonlySet<string> = new Set(['query.outcome', 'query.unknown', 'query.late-outcome']);
const OUTCOMES =
  'SELECT leaf_index AS leaf, outcome_leaf AS told_by, outcome, state FROM bridge.log_search_outcome';

/**
 * The search rows against what the entries themselves say, told here a second time and not by the statement that made them:
 * one row for each entry below `indexed`, each column as the entry has it, and the outcomes at their intents.
 */
export async function checkSearch(
  tx: Transaction,
  size: bigint,
  detached: DetachedParts,
): Promise<LineCheck> {
  const { rows } = await tx.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_indexed' });
  const indexed = rows[0]?.size ?? 0n;
  if (indexed > size) throw new FoundDifference(NAME, 'the search table claims more entries than there are');
  const search = openLeafCursor<SearchRow>(tx, {
    name: 'check_search',
    select: (from, to) =>
      `SELECT leaf_index AS leaf, ${COLUMNS.join(', ')} FROM bridge.log_search
        WHERE leaf_index >= ${from} AND leaf_index < ${to} ORDER BY leaf_index`,
  });
  let outcomes = 0;
  return {
    name: NAME,
    take: async ({ end, entries }) => {
      const known = entries.filter(({ leaf }) => leaf < indexed);
      compare(
        known.map((entry) => [entry.leaf, searchRow(entry)]),
        (await search.below(end)).map((row) => [row.leaf, COLUMNS.map((name) => row[name] ?? null)]),
      );
      outcomes += await holdOutcomes(tx, known, detached);
    },
    finish: async () => {
      const { rows: left } = await tx.query<{ leaf: bigint }>({
        text: 'SELECT leaf_index AS leaf FROM bridge.log_search WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT 1',
        values: [size],
      });
      if (left[0] !== undefined) throw new FoundDifference(NAME, NO_ENTRY, left[0].leaf);
      await requireNoOthers(tx, outcomes, detached);
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
      throw new FoundDifference(NAME, NO_ENTRY, heldLeaf ?? null);
    if (heldLeaf === undefined || heldLeaf > leaf)
      throw new FoundDifference(NAME, 'an entry has no search row', leaf);
    if (row?.some((value, column) => value !== held?.[column]) !== false)
      throw new FoundDifference(NAME, 'a search row says something else than its entry', leaf);
  }
}

function searchRow(entry: ReadEntry): (string | null)[] {
  const { kind } = entry;
  const data = searchedData(entry);
  const { actor } = data;
  const session = typeof actor === 'object' && actor !== null ? idOf((actor as JsonObject).session) : null;
  const refs = kind.startsWith('retention.') ? ['proposal'] : REFS;
  return [
    kind,
    ...(['client', 'cooperative', 'purpose', 'screen', 'service', 'reference', 'code'] as const).map((name) =>
      textOf(data[name]),
    ),
    idOf(data.query) ?? idOf(data.of),
    session ?? idOf(data.session),
    refs.map((name) => textOf(data[name])).find((text) => text !== null) ?? null,
  ];
}

/** The data as the search table sees them: jsonb holds no NUL, so its escape is taken for that of U+FFFD, wherever it stands. */
function searchedData({ line, data }: ReadEntry): JsonObject {
  if (!line.includes('\\u0000')) return data;
  return (JSON.parse(line.replaceAll('\\u0000', '\\ufffd')) as { data: JsonObject }).data;
}

/** Every end of a query has its row at the intent, where that is at hand. Returns how many. */
async function holdOutcomes(
  tx: Transaction,
  entries: readonly ReadEntry[],
  detached: DetachedParts,
): Promise<number> {
  const ends = entries.filter(({ kind, data }) => ENDS.has(kind) && !isDetached(detached, intentOf(data)));
  if (ends.length === 0) return 0;
  const intents = ends.map(({ data }) => intentOf(data));
  const { rows } = await tx.query<OutcomeRow>({
    text: `${OUTCOMES} WHERE leaf_index = ANY($1::bigint[])`,
    values: [[...new Set(intents)]],
  });
  const held = new Map(rows.map((row) => [`${row.leaf} ${row.told_by}`, row]));
  for (const { leaf, data } of ends) {
    const row = held.get(`${intentOf(data)} ${leaf}`);
    if (row === undefined)
      throw new FoundDifference(NAME, 'an outcome has no search row at its intent', leaf);
    if (row.outcome !== textOf(data.outcome) || row.state !== textOf(data.state))
      throw new FoundDifference(NAME, 'a search row says another outcome than its entry', leaf);
  }
  return ends.length;
}

/** As many rows of outcomes as there are ends of queries: whatever stands there beyond is named. */
async function requireNoOthers(tx: Transaction, known: number, detached: DetachedParts): Promise<void> {
  let count = 0;
  for await (const rows of scanRows<OutcomeRow>(tx, 'check_outcomes', OUTCOMES))
    count += rows.filter((row) => !isDetached(detached, row.told_by)).length;
  if (count === known) return;
  for await (const rows of scanRows<OutcomeRow>(tx, 'check_outcomes_again', OUTCOMES)) {
    const entries = await entriesAt(
      tx,
      rows.map((row) => row.told_by),
    );
    const odd = rows.find((row) => {
      const entry = entries.get(row.told_by);
      const told = entry !== undefined && ENDS.has(entry.kind) && intentOf(entry.data) === row.leaf;
      return !told && !isDetached(detached, row.told_by);
    });
    if (odd !== undefined)
      throw new FoundDifference(NAME, 'a search row tells of an outcome that no entry gives', odd.leaf);
  }
  throw new FoundDifference(NAME, 'there are more search rows of outcomes than outcomes');
}

function intentOf(data: JsonObject): bigint {
  return BigInt(data.intent as number);
}

function textOf(value: Json | undefined): string | null {
  // PostgreSQL counts code points.
  return typeof value === 'string' ? Array.from(value).slice(0, MAX_TEXT).join('') : null;
}

function idOf(value: Json | undefined): string | null {
  return typeof value === 'string' && UUID.test(value) ? value : null;
}

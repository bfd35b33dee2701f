import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../storage/database.js';
import type { JsonObject } from '../canonical-json.js';
import { FoundDifference } from './difference.js';
import { type DetachedParts, isDetached } from './entries-at.js';
import { scanRows } from './leaf-cursor.js';
import type { ReadEntry } from './line-check.js';

/** What one entry says of a row: which, and what stands in it. */
export interface Told {
  readonly key: string;
  readonly facts: JsonObject;
}

/**
 * A table of which every row stands in the log. `made`, `ended`: the kinds that bring a row and that add to it later; null: the table has no
 * such entry. `rows` gives `key` text, `leaf` of the one and `ended` of the other (bigint, null), and `facts` jsonb, named as the entries' are.
 */
export interface ToldTable {
  /** For people, with its article: `a notice`. Also the name of a cursor, without it. */
  readonly what: string;
  readonly made: Readonly<Record<string, (entry: ReadEntry) => Told>>;
  readonly ended: Readonly<Record<string, (entry: ReadEntry) => Told>>;
  readonly rows: string;
  /** Rows fetched at once, where they are large. */
  readonly fetch?: number;
  /** What of a row is compared, where SQL cannot say it. */
  readonly compared?: (facts: JsonObject) => JsonObject;
}

interface Row {
  readonly key: string;
  readonly leaf: bigint | null;
  readonly ended: bigint | null;
  readonly facts: JsonObject;
}

interface Record_ {
  leaf: bigint | null;
  ended: bigint | null;
  facts: JsonObject;
}

/** Remembers what entries say of one table and holds its rows against it. Officers write these entries: thousands, never millions. */
export interface ToldRows {
  remember(entry: ReadEntry): void;
  /** Returns how many rows there are. Throws `FoundDifference`. */
  hold(tx: Transaction): Promise<number>;
}

/** What was told in detached ranges is not at hand: rows that name leaves there are only counted. */
export function toldRows(check: string, table: ToldTable, detached: DetachedParts): ToldRows {
  const told = new Map<string, Record_>();
  const of = (key: string): Record_ => {
    const record = told.get(key) ?? { leaf: null, ended: null, facts: {} };
    told.set(key, record);
    return record;
  };
  return {
    remember: (entry) => {
      const made = table.made[entry.kind]?.(entry);
      const ended = table.ended[entry.kind]?.(entry);
      const one = made ?? ended;
      if (one === undefined) return;
      const record = of(one.key);
      if ((made === undefined ? record.ended : record.leaf) !== null)
        throw new FoundDifference(check, `${table.what} was told of twice`, entry.leaf);
      record[made === undefined ? 'ended' : 'leaf'] = entry.leaf;
      record.facts = { ...record.facts, ...one.facts };
    },
    hold: async (tx) => {
      let count = 0;
      const cursor = `check_${table.what.replaceAll(/[^a-z]+/g, '_')}`;
      for await (const rows of scanRows<Row>(tx, cursor, table.rows, table.fetch)) {
        for (const row of rows) {
          holdRow(check, table, row, told.get(row.key), detached);
          told.delete(row.key);
          count += 1;
        }
      }
      for (const { ended, leaf } of told.values())
        throw new FoundDifference(check, `${table.what} that the log tells of is gone`, leaf ?? ended);
      return count;
    },
  };
}

function holdRow(
  check: string,
  { compared = (facts) => facts, what }: ToldTable,
  row: Row,
  told: Record_ | undefined,
  detached: DetachedParts,
): void {
  const isAway = (leaf: bigint | null) => leaf !== null && isDetached(detached, leaf);
  const places = [
    [row.leaf, told?.leaf ?? null],
    [row.ended, told?.ended ?? null],
  ] as const;
  for (const [held, said] of places) {
    if (held === said || (said === null && isAway(held))) continue;
    const text = said === null ? 'stands there that no entry tells of' : 'names another entry than its own';
    throw new FoundDifference(check, `${what} ${text}`, said ?? held);
  }
  const leaf = told?.ended ?? told?.leaf ?? null;
  if (told === undefined) {
    if (!isAway(row.leaf) && !isAway(row.ended))
      throw new FoundDifference(check, `${what} stands there that no entry tells of`);
    return;
  }
  const held = compared(row.facts);
  const wrong = Object.entries(told.facts).find(([name, said]) => !isDeepStrictEqual(said, held[name]));
  if (wrong !== undefined)
    throw new FoundDifference(check, `${what} is not what the log says: ${wrong[0]}`, leaf);
}

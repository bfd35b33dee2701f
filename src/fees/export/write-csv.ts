import { BOM, csvText } from '../../documents/csv-text.js';
import {
  type Cell,
  type Column,
  createAdder,
  defusedText,
  type Row,
  type Table,
  TOTAL,
} from '../../documents/table.js';
import { formatTl } from '../kurus.js';
import { statementFacts } from './facts.js';
import type { StatementSource } from './port.js';
import { statementTables } from './tables.js';

/** Rows made into text at once: long enough that a call for each is no cost. */
const AT_ONCE = 500;

/** `bölüm` says which table, `kayıt` whether a row is one of it (`satır`), its total (`toplam`) or a fact (`bilgi`). */
const FIXED = ['bölüm', 'kayıt', 'bilgi'];

type Fields = readonly string[];

/**
 * All tables in one, UTF-8 with BOM, `;` between fields: a person filters by `bölüm` and `kayıt` and reads `…_adı`, a program reads
 * `…_kurus` and codes. Columns that a table does not have stay empty.
 */
export async function* writeCsv(source: StatementSource): AsyncGenerator<Buffer> {
  const tables = statementTables(source);
  const places = placesOf(tables);
  yield Buffer.from(BOM + csvText([[...FIXED, ...places.keys()]]), 'utf8');
  const empty: Fields = Array.from(places, () => '');
  const facts = statementFacts(source).map(([name, value]) => [
    'bilgi',
    'bilgi',
    defusedText(`${name}: ${value}`),
    ...empty,
  ]);
  yield Buffer.from(csvText(facts), 'utf8');
  for (const table of tables) yield* csvTable(table, places);
}

/** Where each field stands: money has two, the integer and the form for people; so has a code, itself and its word. */
function placesOf(tables: readonly Table[]): ReadonlyMap<string, number> {
  const names = new Set(tables.flatMap(({ columns }) => columns.flatMap(fieldsOf)));
  return new Map([...names].map((name, i) => [name, FIXED.length + i]));
}

function fieldsOf({ isCode, key, kind }: Column): readonly string[] {
  if (isCode === true) return [key, `${key}_adı`];
  return kind === 'money' || kind === 'price' ? [`${key}_kurus`, key] : [key];
}

async function* csvTable(
  { columns, key, rows }: Table,
  places: ReadonlyMap<string, number>,
): AsyncGenerator<Buffer> {
  const adder = createAdder(columns);
  const at = columns.map((column) => fieldsOf(column).map((name) => places.get(name) ?? 0));
  const width = FIXED.length + places.size;
  const recordOf = (kind: string, row: Row): Fields => {
    const record: string[] = new Array(width).fill('');
    record[0] = key;
    record[1] = kind;
    for (const [i, column] of columns.entries()) {
      const texts = cellTexts(row[i] ?? null, column);
      for (const [j, place] of (at[i] ?? []).entries()) record[place] = texts[j] ?? '';
    }
    return record;
  };
  let held: Fields[] = [];
  for await (const row of rows) {
    adder.add(row);
    held.push(recordOf('satır', row));
    if (held.length < AT_ONCE) continue;
    yield Buffer.from(csvText(held), 'utf8');
    held = [];
  }
  held.push(recordOf('toplam', adder.total(TOTAL)));
  yield Buffer.from(csvText(held), 'utf8');
}

/** Numbers are ours and stand as they are: a minus before one is no formula. */
function cellTexts(cell: Cell, { isCode, kind, word }: Column): Fields {
  if (cell === null) return [];
  if (typeof cell === 'string')
    return isCode === true && word !== undefined
      ? [defusedText(cell), defusedText(word(cell))]
      : [defusedText(cell)];
  return kind === 'money' || kind === 'price' ? [String(cell), formatTl(BigInt(cell))] : [String(cell)];
}

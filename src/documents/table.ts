import { plainText } from './plain-text.js';

/**
 * What a column holds: `count` and `money` are added up, `number` and `price` are the same and are not; `text` is anybody's. Money is bigint
 * of kuruş, a count a number, whatever is not there null.
 */
export type ColumnKind = 'text' | 'count' | 'number' | 'money' | 'price';
export type Cell = string | number | bigint | null;
export type Row = readonly Cell[];

export interface Column {
  /** For programs; one meaning in all tables. */
  readonly key: string;
  /** For people. */
  readonly title: string;
  readonly kind: ColumnKind;
  /** A code in words, where people read. */
  readonly word?: (code: string) => string;
  /** A code's word says what the code does not, other than a day in another form: files that programs read have both. */
  readonly isCode?: boolean;
}

/** A table on its way to a file. Its rows can be read once. */
export interface Table {
  readonly key: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
}

/** A fact about the whole of a file, which stands above its tables. */
export type Fact = readonly [name: string, value: string];

/** The word of a total row. */
export const TOTAL = 'TOPLAM';

/** Adds up the rows of a table. */
export interface Adder {
  /** False where no column is added up: such a table has no total. */
  readonly hasSums: boolean;
  add(row: Row): void;
  /** The total row: `word` in the first column, sums below what is added up, nothing elsewhere. */
  total(word: string): Row;
}

/** Sums of counts and money, as bigint. */
export function createAdder(columns: readonly Column[]): Adder {
  const sums = columns.map(({ kind }): bigint | null => (kind === 'count' || kind === 'money' ? 0n : null));
  return {
    hasSums: sums.some((sum) => sum !== null),
    add: (row) => {
      for (const [i, cell] of row.entries()) {
        const sum = sums[i] ?? null;
        if (sum !== null && cell !== null && typeof cell !== 'string') sums[i] = sum + BigInt(cell);
      }
    },
    total: (word) => sums.map((sum, i) => (i === 0 ? word : sum)),
  };
}

// The full-width signs are read as the plain ones by spreadsheets of some languages.
const FORMULA = /^[\s'"]*[=+\-@＝＋－＠]|^[\t\r]/u;

/** Anybody's text for a file whose cells a spreadsheet may take for formulas: an apostrophe stands before what would be one. */
export function defusedText(text: string): string {
  const plain = plainText(text);
  return FORMULA.test(text) ? `'${plain}` : plain;
}

/** `-1234.56`: whole liras and two digits, put together from integers; for cells that hold a number. */
export function liraDecimal(amount: bigint): string {
  const absolute = amount < 0n ? -amount : amount;
  return `${amount < 0n ? '-' : ''}${absolute / 100n}.${String(absolute % 100n).padStart(2, '0')}`;
}

import { plainText } from '../../documents/plain-text.js';
import type { Cell, Column, Table } from '../../documents/table.js';
import { formatCount, formatTl, type Kurus } from '../kurus.js';

/** One table of a statement. */
export interface StatementTable extends Table {
  /** True where there are as many rows as users, cooperatives or queries. */
  readonly isDetail: boolean;
}

/** A cell as people read it: `1.234,56 TL`, `1.234`, a code in words. */
export function shownCell(cell: Cell, { kind, word }: Column): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return plainText(word?.(cell) ?? cell);
  return kind === 'money' || kind === 'price' ? formatTl(BigInt(cell) as Kurus) : formatCount(cell);
}

import { Readable } from 'node:stream';
import { BOM, csvText } from './csv-text.js';
import { type Cell, type Column, defusedText, type Fact, type Table } from './table.js';
import { writeWorkbook } from './xlsx/write-workbook.js';

/** In what form a table leaves. */
export const TABLE_FORMATS = ['xlsx', 'csv'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Rows made into text at once: long enough that a call for each is no cost, short enough that something comes soon. */
const AT_ONCE = 100;
/** Pieces that may wait for a slow reader: rows are pulled only as they go. */
const WAITING = 2;

/**
 * One table as a file: XLSX with the facts above it, CSV with nothing but its titles and rows. Rows are read as the stream is; an error of
 * theirs destroys it, a stream that is given up closes them.
 */
export function tableFile(table: Table, facts: readonly Fact[], format: TableFormat): Readable {
  const pieces = format === 'csv' ? writeCsvTable(table) : writeWorkbook({ facts, tables: [table] });
  return Readable.from(pieces, { objectMode: true, highWaterMark: WAITING });
}

async function* writeCsvTable({ columns, rows }: Table): AsyncGenerator<Buffer> {
  yield Buffer.from(BOM + csvText([columns.map(({ title }) => title)]), 'utf8');
  let held: (readonly string[])[] = [];
  for await (const row of rows) {
    held.push(columns.map((column, i) => cellText(row[i] ?? null, column)));
    if (held.length < AT_ONCE) continue;
    yield Buffer.from(csvText(held), 'utf8');
    held = [];
  }
  yield Buffer.from(csvText(held), 'utf8');
}

/** Numbers are ours and stand as they are: a minus before one is no formula. */
function cellText(cell: Cell, { word }: Column): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? defusedText(word?.(cell) ?? cell) : String(cell);
}

import { createAdder, type Fact, type Row, type Table, TOTAL } from '../table.js';
import { type ZipPart, zipped } from '../zip-stream.js';
import { type RowLook, rowXml, SHEET_END, sheetHead } from './sheet-xml.js';
import { workbookParts } from './workbook-parts.js';

/** What a sheet can hold. */
const SHEET_ROWS = 1_048_576;
/** Texts are gathered to pieces of about this many characters before they are packed. */
const PIECE = 128_000;
/** The total of a part and the total of all of them. */
const TOTAL_ROWS = 2;
const PART_TOTAL = 'BU SAYFA';

/** What a workbook is made of. */
export interface WorkbookSource {
  readonly facts: readonly Fact[];
  readonly tables: readonly Table[];
}

/** Limits of a workbook; a test asks for small ones. */
export interface WorkbookLimits {
  readonly sheetRows: number;
}

/**
 * A workbook, one sheet for each table; a table that does not fit goes on in the next sheet (`Satırlar 2`), each with its own total, the last
 * one with the total of all, where there is something to add up. The facts stand above the first table. Memory does not grow with the rows.
 *
 * The sheets are written here, since libraries that stream write one sheet or take money as a JS number; the archive around them is yazl’s.
 */
export function writeWorkbook(
  source: WorkbookSource,
  { sheetRows }: WorkbookLimits = { sheetRows: SHEET_ROWS },
): AsyncGenerator<Buffer> {
  return zipped(workbook(source, sheetRows));
}

async function* workbook({ facts, tables }: WorkbookSource, sheetRows: number): AsyncGenerator<ZipPart> {
  const names: string[] = [];
  for (const [i, table] of tables.entries()) {
    const rows = createSheetRows(table, i === 0 ? facts : [], sheetRows);
    try {
      for (let part = 1; part === 1 || !rows.isOver(); part += 1) {
        names.push(part === 1 ? table.title : `${table.title} ${part}`);
        yield { path: `xl/worksheets/sheet${names.length}.xml`, data: rows.sheet() };
      }
    } finally {
      await rows.close();
    }
  }
  for (const [path, xml] of workbookParts(names)) yield { path, data: once(xml) };
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text, 'utf8');
}

/** A table that goes from sheet to sheet. */
function createSheetRows(table: Table, facts: readonly Fact[], sheetRows: number) {
  const { columns } = table;
  const iterator = iteratorOf(table);
  const whole = createAdder(columns);
  let next: IteratorResult<Row> | undefined;
  let parts = 0;
  return {
    isOver: () => next?.done === true,
    close: async () => {
      await iterator.return?.();
    },
    sheet: async function* (): AsyncGenerator<Buffer> {
      const above = parts === 0 ? facts : [];
      const part = createAdder(columns);
      let place = 0;
      let held = sheetHead(columns, above.length + 1);
      const put = (row: Row, look: RowLook) => {
        place += 1;
        held += rowXml(place, row, columns, look);
      };
      for (const [name, value] of above) put([name, value], 'row');
      put(
        columns.map(({ title }) => title),
        'bold',
      );
      next ??= await iterator.next();
      while (next.done !== true && place < sheetRows - TOTAL_ROWS) {
        part.add(next.value);
        whole.add(next.value);
        put(next.value, 'row');
        if (held.length >= PIECE) {
          yield Buffer.from(held, 'utf8');
          held = '';
        }
        next = await iterator.next();
      }
      parts += 1;
      if (whole.hasSums && (parts > 1 || next.done !== true)) put(part.total(PART_TOTAL), 'bold');
      if (whole.hasSums && next.done === true) put(whole.total(TOTAL), 'bold');
      yield Buffer.from(held + SHEET_END, 'utf8');
    },
  };
}

function iteratorOf({ rows }: Table): AsyncIterator<Row> | Iterator<Row> {
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
}

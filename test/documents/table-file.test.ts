import { describe, expect, it } from '@jest/globals';
import type { Row, Table } from '../../src/documents/table.js';
import { TABLE_FORMATS, tableFile } from '../../src/documents/table-file.js';
import { writeWorkbook } from '../../src/documents/xlsx/write-workbook.js';
import { bytesOf, readCsv, readSheets } from '../fees/export/support/read-back.js';

const COLUMNS = [
  { key: 'ünvan', title: 'Ünvan', kind: 'text' },
  { key: 'adet', title: 'Adet', kind: 'count' },
] as const;
const HOSTILE = ['=HYPERLINK("x")', '+1', '@SUM(A1)', '\u202eFİTAREPOOK', 'a;b\r\nc', '<script>'];

const table = (rows: Table['rows'], columns: Table['columns'] = COLUMNS): Table => ({
  ...{ key: 'kooperatifler', title: 'Kooperatifler', columns, rows },
});

describe('a table as a file', () => {
  it('is a CSV that a Turkish spreadsheet opens: a byte order mark, semicolons, the titles first and then nothing but its rows', async () => {
    const bytes = await bytesOf(tableFile(table([['Çınar', 3]]), [['Hazırlandı', 'bugün']], 'csv'));
    expect(bytes.toString('utf8')).toBe('\ufeffÜnvan;Adet\r\nÇınar;3\r\n');
  });

  it('is a workbook with the facts above it, and a total only where something is added up', async () => {
    const rows: readonly Row[] = [
      ['Çınar', 3],
      ['Ilgaz', null],
    ];
    const facts = [['Hazırlandı', 'bugün']] as const;
    const counted = await readSheets(tableFile(table(rows), facts, 'xlsx'));
    expect(counted.get('Kooperatifler')?.map((row) => row.slice(0, 2))).toEqual([
      ['Hazırlandı', 'bugün'],
      ['Ünvan', 'Adet'],
      ['Çınar', 3],
      ['Ilgaz', null],
      ['TOPLAM', 3],
    ]);
    const plain = await readSheets(tableFile(table([['Çınar']], COLUMNS.slice(0, 1)), [], 'xlsx'));
    expect(plain.get('Kooperatifler')).toEqual([['Ünvan'], ['Çınar']]);
  });

  it('goes on in a further sheet where one is full, and without sums no row is added', async () => {
    const rows = [['a'], ['b'], ['c']];
    const source = { facts: [], tables: [table(rows, COLUMNS.slice(0, 1))] };
    const sheets = await readSheets(writeWorkbook(source, { sheetRows: 4 }));
    expect([...sheets]).toEqual([
      ['Kooperatifler', [['Ünvan'], ['a']]],
      ['Kooperatifler 2', [['Ünvan'], ['b']]],
      ['Kooperatifler 3', [['Ünvan'], ['c']]],
    ]);
  });

  it('has no cell that a spreadsheet takes for a formula, and each name stays in its own', async () => {
    const rows = HOSTILE.map((name) => [name, 1]);
    const records = await readCsv(tableFile(table(rows), [], 'csv'));
    expect(records.map((one) => one.Ünvan)).toEqual([
      '\'=HYPERLINK("x")',
      "'+1",
      "'@SUM(A1)",
      '\ufffdFİTAREPOOK',
      'a;b c',
      '<script>',
    ]);
    const sheet = (await readSheets(tableFile(table(rows), [], 'xlsx'))).get('Kooperatifler');
    expect(sheet?.slice(1, 4).map(([name]) => name)).toEqual(HOSTILE.slice(0, 3));
  });

  it('reads its rows only as they are taken, and ends them when nobody reads on', async () => {
    for (const format of TABLE_FORMATS) {
      let read = 0;
      let end = () => {};
      const ended = new Promise<void>((done) => {
        end = done;
      });
      async function* rows() {
        try {
          for (; read < 100_000; read += 1) yield ['x'.repeat(100), 1];
        } finally {
          end();
        }
      }
      for await (const _piece of tableFile(table(rows()), [], format)) break;
      // Never, where the rows are read on behind a reader who has gone.
      await ended;
      expect([format, read < 50_000]).toEqual([format, true]);
    }
  });

  it('is broken off, and no whole file, where its rows cannot be read', async () => {
    async function* rows() {
      yield ['a', 1];
      throw new Error('the database is gone');
    }
    for (const format of TABLE_FORMATS)
      await expect(bytesOf(tableFile(table(rows()), [], format))).rejects.toThrow('the database is gone');
  });
});

import { describe, expect, it } from '@jest/globals';
import { writeXlsx } from 'hucre/xlsx';
import { MAX_BYTES } from '../../../src/fees/reconciliation/cell.js';
import {
  type ReadFigures,
  type ReadingWish,
  readFigures,
} from '../../../src/fees/reconciliation/read-figures.js';

const REGISTER = 'BilesikKutukSorgulaKimlikNoServis';
const VERIFY = 'TumKutukDogrulaServis';

function read(file: string | Buffer, wish: Partial<ReadingWish> = {}): Promise<ReadFigures> {
  return readFigures(typeof file === 'string' ? Buffer.from(file) : file, {
    days: { from: '2026-07-01', to: '2026-10-01' },
    columns: {},
    separator: null,
    sheet: null,
    services: new Map([REGISTER, VERIFY].map((name) => [name, name])),
    ...wish,
  });
}

const rowsOf = (result: ReadFigures) =>
  result.ok
    ? result.figures.figures.map(({ amountKurus, day, line, queries, service }) => [
        line,
        day,
        service,
        queries,
        amountKurus,
      ])
    : result;

/** A fault of one line, said in both languages, and nothing else. */
const only = (line: number | null, message: RegExp) => ({
  ok: false,
  faults: [{ line, message: expect.stringMatching(message), tr: expect.stringMatching(/./) }],
  more: 0,
});

type Rows = Parameters<typeof writeXlsx>[0]['sheets'][number]['rows'];
type Cells = Parameters<typeof writeXlsx>[0]['sheets'][number]['cells'];

async function workbook(rows: NonNullable<Rows>, cells?: NonNullable<Cells>, more: readonly string[] = []) {
  const sheet = { name: 'Sorgular', rows, ...(cells === undefined ? {} : { cells }) };
  const others = more.map((name) => ({ name, rows: [['x']] }));
  return Buffer.from(await writeXlsx({ sheets: [sheet, ...others] }));
}

describe('a file of figures', () => {
  it('is read as NVİ’s screen would give it: semicolons, CR LF, dotted days, a line TOPLAM that is checked', async () => {
    const file = `\uFEFFTarih;Hizmet;Adet;Tutar\r\n01.07.2026;${REGISTER};1.234;24,68\r\n2.7.2026;${VERIFY};5;0,10\r\nTOPLAM;;1.239;24,78\r\n`;
    const result = await read(file);
    expect(result).toMatchObject({ ok: true, figures: { detail: 'day-service' } });
    expect(rowsOf(result)).toEqual([
      [2, '2026-07-01', REGISTER, 1234, 2468n],
      [3, '2026-07-02', VERIFY, 5, 10n],
    ]);
  });

  it.each([
    ['commas, amounts in quotation marks', 'Date,Queries,Amount\n2026-07-01,12,"1.234,56 TL"\n'],
    ['tabs', 'Gün\tSorgu Sayısı\tTutar (TL)\n2026-07-01\t12\t1234,56\n'],
    ['capitals and blanks', 'TARİH ; SORGU  SAYISI;TUTAR\n\n2026-07-01;12;1.234,56 ₺\n'],
    ['English capitals with a dotless i', 'TARIH;QUERIES;AMOUNT\n2026-07-01;12;1234,56\n'],
    ['a column of kuruş', 'Tarih;Adet;Kuruş\n2026-07-01;12;123456\n'],
    ['another order and columns that nobody asked for', 'Açıklama;Tutar;Adet;Tarih\nx;1234,56;12;1.7.2026\n'],
  ])('is read with %s', async (_name, file) => {
    const line = file.includes('\n\n') ? 3 : 2;
    expect(rowsOf(await read(file))).toEqual([[line, '2026-07-01', null, 12, 123456n]]);
  });

  it.each([
    ['Adet;Tutar\n7;0,14\n', 'total', [[2, null, null, 7, 14n]]],
    ['Adet\n7\n', 'total', [[2, null, null, 7, null]]],
    [`Servis;Adet\n${VERIFY};7\n`, 'service', [[2, null, VERIFY, 7, null]]],
    ['Tarih;Adet\n2026-09-30;0\n', 'day', [[2, '2026-09-30', null, 0, null]]],
  ])('tells from its columns what a line is about: %j', async (file, detail, rows) => {
    const result = await read(file);
    expect(result).toMatchObject({ ok: true, figures: { detail } });
    expect(rowsOf(result)).toEqual(rows);
  });

  it('is read by names of columns and services that are given', async () => {
    const file = 'g;s;n;Tutar\n2026-07-01;Kimlik Doğrulama;3;0,06\n';
    const services = new Map([['KİMLİK DOĞRULAMA', VERIFY]]);
    const columns = { day: 'G', service: 'S', queries: 'N' };
    expect(rowsOf(await read(file, { columns, services }))).toEqual([[2, '2026-07-01', VERIFY, 3, 6n]]);
  });
});

describe('a bad file is refused as a whole, by line, with nothing of it repeated', () => {
  const DAY = 'Tarih;Adet;Tutar\n';
  const good = '2026-07-01;1;0,02\n';
  it.each([
    ['an empty file', '', null, /^there is nothing in it$/],
    ['blank lines alone', '\n \n;;\n', null, /nothing in it|no figure|no column/],
    ['a header alone', DAY, null, /header and no figure/],
    ['no column for queries', 'Tarih;Tutar\n2026-07-01;1\n', 1, /no column for queries/],
    ['a day of another period', `${DAY}${good}2026-10-01;1;0,02\n`, 3, /outside the period/],
    ['a day before it', `${DAY}30.06.2026;1;0,02\n`, 2, /outside the period/],
    ['a day that is none', `${DAY}31.09.2026;1;0,02\n`, 2, /no day of the calendar/],
    ['a day in another form', `${DAY}07/01/2026;1;0,02\n`, 2, /day is not a day/],
    ['a negative count', `${DAY}${good}2026-07-02;-5;0,02\n`, 3, /queries is negative/],
    ['a fraction of a count', `${DAY}2026-07-02;5,5;0,02\n`, 2, /fraction/],
    ['a fraction with a dot', `${DAY}2026-07-02;5.5;0,02\n`, 2, /fraction/],
    ['a word for a count', `${DAY}2026-07-02;beş;0,02\n`, 2, /queries is not a count/],
    ['no count', `${DAY}2026-07-02;;0,02\n`, 2, /queries is missing/],
    ['too large a count', `${DAY}2026-07-02;99999999999;0,02\n`, 2, /too large/],
    ['three decimals', `${DAY}2026-07-02;5;0,123\n`, 2, /more than two decimals/],
    ['a dot for the decimals', `${DAY}2026-07-02;5;1234.56\n`, 2, /not an amount/],
    ['a negative amount', `${DAY}2026-07-02;5;-0,10\n`, 2, /amount is negative/],
    ['no amount in a column of amounts', `${DAY}2026-07-02;5;\n`, 2, /amount is missing/],
    ['a day twice', `${DAY}${good}01.07.2026;9;0,18\n`, 3, /same as line 2/],
    ['a period’s total twice', 'Adet\n5\n6\n', 3, /same as line 2/],
    ['a sum that is not one', `${DAY}${good}TOPLAM;2;0,02\n`, 3, /queries of this line are not the sum/],
    [
      'a sum of money that is not one',
      `${DAY}${good}Toplam;1;0,03\n`,
      3,
      /amount of this line is not the sum/,
    ],
    [
      'a line behind the sum',
      `${DAY}${good}TOPLAM;1;0,02\n2026-07-02;1;0,02\n`,
      4,
      /behind the line of the sum/,
    ],
    ['an amount whose comma separates', 'Tarih,Adet,Tutar\n2026-07-01,1,1234,56\n', 2, /has 4 cells/],
    [
      'bars between cells',
      'Tarih|Adet|Tutar\n2026-07-01|1|0,02\n',
      1,
      /^the separator: .* separated by “\|”/,
    ],
    [
      'commas below a header with semicolons',
      `${DAY}2026-07-01,1,"0,02"\n${good}`.replace('"0,02"', '2'),
      2,
      /^has 1 cell, the header has 3: it looks as if another separator/,
    ],
    ['a quotation mark inside a cell', `${DAY}2026-07-01;1;0"02\n`, 2, /quotation mark/],
    ['a line break in a cell', `${DAY}"2026-\n07-01";1;0,02\n`, 3, /line break/],
    ['a cell that is too long', `${DAY}2026-07-01;1;${'9'.repeat(201)}\n`, 2, /longer than 200/],
    [
      'two columns of one name',
      'Adet;Tarih;Sorgu Sayısı\n1;2026-07-01;1\n',
      1,
      /more than one column for queries/,
    ],
    ['lira and kuruş', 'Adet;Tutar;Kuruş\n1;0,02;2\n', 1, /name one with --columns/],
    ['a NUL byte', `${DAY}${good}2026-07-02;\0;0,02\n`, 3, /NUL/],
  ])('%s', async (_name, file, line, message) => {
    expect(await read(file)).toEqual(only(line, message));
  });

  it('an unknown service', async () => {
    const file = `Hizmet;Adet\n${VERIFY};1\nGizliServis;2\n`;
    expect(await read(file)).toEqual(only(3, /^service is not known: map its name/));
  });

  it('Windows-1254, with the line where it shows', async () => {
    const file = Buffer.from(`Tarih;Adet\n2026-07-01;1\n2026-07-02;${'\xfe\xf0\xfd'}\n`, 'latin1');
    expect(await read(file)).toEqual(only(3, /not UTF-8 \(it looks like Windows-1254\)/));
    const other = Buffer.concat([Buffer.from('Adet\n'), Buffer.from([0x81, 0x0a])]);
    expect(await read(other)).toEqual(only(2, /^the file is not UTF-8: /));
  });

  it('UTF-16', async () => {
    const file = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Adet\n1\n', 'utf16le')]);
    expect(await read(file)).toEqual(only(1, /UTF-16/));
  });

  it('a separator that the header has not, with the one that it has', async () => {
    const file = 'Tarih;Adet\n2026-07-01;1\n';
    expect(await read(file, { separator: ',' })).toEqual(only(1, /is not “,”: it looks like “;”/));
    expect(await read(file, { separator: '\t' })).toEqual(only(1, /is not a tab/));
  });

  it('a column that is named and not there', async () => {
    const result = await read('Tarih;Adet\n2026-07-01;1\n', { columns: { queries: 'Yok' } });
    expect(result).toEqual(only(1, /no column has the name that --columns gives for queries/));
  });

  it('too many bytes, and too many lines', async () => {
    expect(await read(Buffer.alloc(MAX_BYTES + 1, 0x20))).toEqual(only(null, /longer than/));
    const lines = `Tarih;Adet\n${'2026-07-01;1\n'.repeat(200_001)}`;
    expect(await read(lines)).toMatchObject({
      ok: false,
      faults: [{ line: 200_002, message: 'more than 200000 lines' }],
    });
  });

  it('each line that is wrong is named, the first twenty, and how many more there are', async () => {
    const file = `Adet;Tarih\n${Array.from({ length: 25 }, () => 'x;y\n').join('')}`;
    const result = await read(file);
    expect(result).toMatchObject({ ok: false, more: 30 });
    if (result.ok) throw new Error('read');
    expect(result.faults).toHaveLength(20);
    expect(result.faults.slice(0, 3).map(({ line }) => line)).toEqual([2, 2, 3]);
  });

  it('and no fault repeats a cell', async () => {
    const secret = '10000000146';
    const files = [
      `Tarih;Hizmet;Adet;Tutar\n${secret};${secret};-${secret};${secret},123\n`,
      `${secret};x\n1;2\n`,
      `Adet\n"${secret}\n`,
      `Adet;x\n1;"${secret}"${secret}\n`,
    ];
    for (const file of files) {
      const result = await read(file);
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toContain(secret);
    }
  });
});

describe('a workbook', () => {
  it('is read to the kuruş: texts in Turkish form, numbers by their shortest decimal text, days by their form', async () => {
    const file = await workbook([
      [null, null, null],
      ['Tarih', 'Adet', 'Tutar'],
      [new Date('2026-07-01T00:00:00Z'), 12, 1234.56],
      ['02.07.2026', '1.234', '1.234,56 TL'],
      ['2026-07-03', 3, 0.07],
      ['2026-07-04', 4, 33],
      ['TOPLAM', 1253, 2502.19],
    ]);
    expect(rowsOf(await read(file))).toEqual([
      [3, '2026-07-01', null, 12, 123_456n],
      [4, '2026-07-02', null, 1234, 123_456n],
      [5, '2026-07-03', null, 3, 7n],
      [6, '2026-07-04', null, 4, 3_300n],
    ]);
  });

  it.each([
    [
      'a formula',
      [['Adet'], [1]],
      new Map([['1,0', { type: 'formula' as const, value: 5, formula: 'SUM(2,3)' }]]),
      2,
      /queries is a formula/,
    ],
    [
      'a number of three decimals',
      [
        ['Adet', 'Tutar'],
        [1, 0.1 + 0.2],
      ],
      undefined,
      2,
      /more than two decimals/,
    ],
    ['a fraction', [['Adet'], [1.5]], undefined, 2, /fraction/],
    ['a negative number', [['Adet'], [-1]], undefined, 2, /negative/],
    [
      'a number beyond exactness',
      [
        ['Adet', 'Tutar'],
        [1, 1e21],
      ],
      undefined,
      2,
      /amount is not an amount/,
    ],
    ['a date in the count', [['Adet'], [new Date('2026-07-01T00:00:00Z')]], undefined, 2, /queries is a day/],
    [
      'an error of a formula',
      [['Adet'], [1]],
      new Map([['1,0', { type: 'error' as const, value: '#REF!' }]]),
      2,
      /queries is an error of the workbook/,
    ],
    ['a truth value', [['Adet'], [true]], undefined, 2, /queries is a boolean/],
    [
      'a number for a day',
      [
        ['Tarih', 'Adet'],
        [46_204, 1],
      ],
      undefined,
      2,
      /day is a number/,
    ],
  ])('with %s is refused', async (_name, rows, cells, line, message) => {
    expect(await read(await workbook(rows, cells))).toEqual(only(line, message));
  });

  it('of several sheets is refused until one is named', async () => {
    const file = await workbook([['Adet'], [7]], undefined, ['Notlar']);
    expect(await read(file)).toEqual(only(null, /has 2 sheets: name one with --sheet/));
    expect(rowsOf(await read(file, { sheet: 'Sorgular' }))).toEqual([[2, null, null, 7, null]]);
    expect(await read(file, { sheet: 'Yok' })).toEqual(only(null, /no sheet of the name/));
  });

  it('that is cut off, has a password, or is none is refused', async () => {
    const file = await workbook([['Adet'], [7]]);
    expect(await read(file.subarray(0, 300))).toEqual(only(null, /not a whole workbook/));
    expect(await read(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]))).toEqual(only(null, /password-protected/));
    const broken = Buffer.from(file);
    broken.fill(0x41, 60, 200);
    expect(await read(broken)).toEqual(only(null, /cannot be read|no sheet/));
  });

  it('that would unpack to more than there may be is refused before it is unpacked', async () => {
    const file = await workbook([['Adet'], [7]]);
    const directory = file.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    const bomb = Buffer.from(file);
    bomb.writeUInt32LE(200_000_000, directory + 24);
    expect(await read(bomb)).toEqual(only(null, /too large when it is unpacked/));
    const silent = Buffer.from(file);
    silent.writeUInt32LE(0, directory + 24);
    expect(await read(silent)).toEqual(only(null, /does not tell its size/));
    const liar = Buffer.from(file);
    liar.writeUInt32LE(10, directory + 24);
    expect(await read(liar)).toEqual(only(null, /cannot be read/));
  });
});

import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { StatementSource } from '../../../src/fees/export/port.js';
import { statementFile } from '../../../src/fees/export/statement-file.js';
import { writeCsv } from '../../../src/fees/export/write-csv.js';
import { writeJson } from '../../../src/fees/export/write-json.js';
import { writeXlsx } from '../../../src/fees/export/write-xlsx.js';
import { kurus } from '../../../src/fees/kurus.js';
import { bytesOf, csvRows, csvTotal, readCsv, readSheets, sumBy } from './support/read-back.js';
import { documentOf, each, HEAD, lineOf, sourceOf } from './support/statements.js';

const CUT_SHEETS = [
  'Hizmet',
  'Sonuç',
  'Birim',
  'İl',
  'Bakanlık',
  'Amaç',
  'Uygulama',
  'Ay',
  'Gün',
  'Birim fiyat',
];
const LINES = Array.from({ length: 50 }, (_, i) =>
  lineOf(i, {
    account: i % 3 === 0 ? 'tarim' : 'ticaret',
    il: i % 2 === 0 ? 'Şırnak' : 'İstanbul',
    result: i % 5 === 0 ? 'unknown' : 'match',
    units: i % 7 === 0 ? 0 : 1,
    unitPriceKurus: kurus(i % 4 === 0 ? 3 : 2),
  }),
);
const WHOLE = LINES.reduce((sum, { amountKurus }) => sum + amountKurus, 0n);

/** Names that somebody who wants to do harm, or only an odd one, could have. */
const HOSTILE = [
  '=HYPERLINK("http://kotu.example","tıkla")',
  '+90',
  '-2+3',
  '@SUM(A1)',
  '\tsekme',
  '\rsatır başı',
  ' =1+1',
  '＝1+1',
  '<script>alert(1)</script>',
  'a;b;"c"\r\nözet;toplam;1',
  'baş\u202eters\u202c',
  `${'çok uzun ad '.repeat(25)}`,
  '_x0041_',
  'ğıİşöçü ĞIİŞÖÇÜ',
  '&amp; <b> "tırnak"',
];

describe('the JSON of a statement', () => {
  it('has money as integers, and its lines add up to its total', async () => {
    const json = JSON.parse((await bytesOf(writeJson(sourceOf(LINES)))).toString('utf8'));
    const sum = json.lines.reduce(
      (before: number, one: { amountKurus: number }) => before + one.amountKurus,
      0,
    );
    expect(sum).toBe(Number(WHOLE));
    expect(json.total.amountKurus).toBe(sum);
    expect(json).toMatchObject({ quarter: '2026-Q3', state: 'sealed', due: '2026-10-31', corrections: [] });
    expect(json.users.length).toBeGreaterThan(0);
  });

  it('has no list of details that were not asked for', async () => {
    const source = { document: documentOf(LINES), head: HEAD };
    const json = JSON.parse((await bytesOf(writeJson(source))).toString('utf8'));
    expect(Object.keys(json)).not.toContain('lines');
    expect(Object.keys(json)).not.toContain('users');
  });
});

describe('the CSV of a statement', () => {
  it('begins with a BOM, separates by semicolons and ends lines with CRLF', async () => {
    const bytes = await bytesOf(writeCsv(sourceOf(LINES)));
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    const text = bytes.toString('utf8');
    expect(text.split('\r\n').length - 1).toBe(text.split('\n').length - 1);
    expect(text).toContain('bölüm;kayıt;bilgi;');
  });

  it('ends each table with a total that is the sum of its rows', async () => {
    const records = await readCsv(writeCsv(sourceOf(LINES)));
    const tables = [
      ...new Set(records.filter((one) => one.kayıt === 'toplam').map((one) => one.bölüm ?? '')),
    ];
    expect(tables).toHaveLength(15);
    for (const table of tables)
      for (const field of fieldsOf(table))
        expect([table, field, sumBy(csvRows(records, table), field)]).toEqual([
          table,
          field,
          BigInt(csvTotal(records, table)[field] ?? ''),
        ]);
    expect(csvTotal(records, 'özet').tutar_kurus).toBe(String(WHOLE));
    for (const table of ['özet', 'hizmet', 'gün', 'kullanıcılar', 'kooperatifler', 'satırlar'])
      expect([table, csvTotal(records, table).kayıtlı_tutar_kurus]).toEqual([table, String(WHOLE)]);
  });

  it('has each amount as kuruş and in Turkish form', async () => {
    const lines = [lineOf(1, { unitPriceKurus: kurus(123456) })];
    const [row] = csvRows(await readCsv(writeCsv(sourceOf(lines))), 'satırlar');
    expect(row).toMatchObject({ kayıtlı_tutar_kurus: '123456', kayıtlı_tutar: '1.234,56 TL' });
    expect(row?.gönderim).toBe(lines[0]?.sentAt);
  });

  it('has each code as it is, and in Turkish beside it', async () => {
    const records = await readCsv(writeCsv(sourceOf([lineOf(1, { result: 'unknown' })])));
    const words = { ücret_sınıfı: 'paying', ücret_sınıfı_adı: 'ücretli' };
    expect(csvRows(records, 'özet')[0]).toMatchObject(words);
    const [line] = csvRows(records, 'satırlar');
    expect(line).toMatchObject({ ...words, sonuç: 'unknown', sonuç_adı: 'sonuç bilinmiyor' });
    const cutOf = (table: string) => csvRows(records, table).map((one) => [one.anahtar, one.anahtar_adı]);
    expect(cutOf('sonuç')).toEqual([['unknown', 'sonuç bilinmiyor']]);
    expect(cutOf('birim_fiyat')).toEqual([['2 per-query', '0,02 TL sorgu başına']]);
    expect(cutOf('il')).toEqual([['Iğdır', '']]);
  });

  it('has no cell that a spreadsheet would take for a formula', async () => {
    const lines = HOSTILE.map((il, i) => lineOf(i, { il }));
    const records = await readCsv(writeCsv(sourceOf(lines, { institution: HOSTILE[0] ?? '' })));
    const cells = records.flatMap((record) => Object.values(record));
    expect(cells.filter((cell) => /^\s*[=+@＝＋－＠\t\r]/.test(cell))).toEqual([]);
    expect(cells.filter((cell) => cell.startsWith('-') && !/^-[\d.,]+( TL)?$/.test(cell))).toEqual([]);
    expect(records.some((one) => one.il === `'${HOSTILE[0]}`)).toBe(true);
  });

  it('is not led into other rows or columns by quotes, separators and line breaks', async () => {
    const lines = HOSTILE.map((il, i) => lineOf(i, { il }));
    const records = await readCsv(writeCsv(sourceOf(lines)));
    expect(csvRows(records, 'satırlar')).toHaveLength(lines.length);
    expect(records.filter((one) => one.bölüm === 'özet' && one.kayıt === 'toplam')).toHaveLength(1);
    expect(csvRows(records, 'satırlar').map((one) => one.il)).toContain('a;b;"c" özet;toplam;1');
  });

  it('shows marks of direction instead of obeying them', async () => {
    const records = await readCsv(writeCsv(sourceOf([lineOf(1, { il: 'baş\u202eters\u202c' })])));
    expect(csvRows(records, 'satırlar')[0]?.il).toBe('baş\ufffdters\ufffd');
  });
});

describe('the XLSX of a statement', () => {
  it('has a sheet for the summary, for each cut and for each detail', async () => {
    const sheets = await readSheets(writeXlsx(sourceOf(LINES)));
    const details = ['Düzeltmeler', 'Kullanıcılar', 'Kooperatifler', 'Satırlar'];
    expect([...sheets.keys()]).toEqual(['Özet', ...CUT_SHEETS, ...details]);
  });

  it('has amounts as numbers that add up to the total row of each sheet', async () => {
    const sheets = await readSheets(writeXlsx(sourceOf(LINES)));
    for (const name of [...CUT_SHEETS, 'Kullanıcılar', 'Kooperatifler', 'Satırlar']) {
      const rows = sheets.get(name) ?? [];
      const at = rows[0]?.indexOf('Kayıtlı tutar') ?? -1;
      const amounts = rows.slice(1).map((row) => centsOf(row[at]));
      expect([name, amounts.slice(0, -1).reduce((sum, one) => sum + one, 0n)]).toEqual([
        name,
        amounts.at(-1),
      ]);
      expect([name, amounts.at(-1)]).toEqual([name, WHOLE]);
      expect(rows.at(-1)?.[0]).toBe('TOPLAM');
    }
  });

  it('holds amounts to the last kuruş, however large, for they never pass through a float', async () => {
    const amounts = [1, 10, 29, 101, 4503599627370497, 9007199254740991, 900719925474099];
    const lines = amounts.map((amount, i) => lineOf(i, { il: `il-${i}`, unitPriceKurus: kurus(amount) }));
    const xml = await partsOf(writeXlsx({ ...sourceOf([]), lines: each(lines) }));
    for (const amount of amounts)
      expect(xml).toContain(
        `<v>${String(amount).slice(0, -2) || '0'}.${String(amount).padStart(2, '0').slice(-2)}</v>`,
      );
  });

  it('has names as strings, so that none can be a formula', async () => {
    const lines = HOSTILE.map((il, i) => lineOf(i, { il }));
    const xml = await partsOf(writeXlsx(sourceOf(lines, { institution: HOSTILE[0] ?? '' })));
    expect(xml).not.toMatch(/<f[ >]/);
    expect(xml).not.toContain('<script');
    const sheets = await readSheets(writeXlsx(sourceOf(lines)));
    const [header = [], ...rows] = sheets.get('Satırlar') ?? [];
    const ils = rows.map((row) => row[header.indexOf('İl')]);
    expect(ils).toContain('=HYPERLINK("http://kotu.example","tıkla")');
    expect(ils).toContain('<script>alert(1)</script>');
    expect(ils).toContain('ğıİşöçü ĞIİŞÖÇÜ');
  });

  it('goes on in another sheet where one is full, each with its own total and the last one with the total of all', async () => {
    const sheets = await readSheets(writeXlsx(sourceOf(LINES), { sheetRows: 23 }));
    expect([...sheets.keys()].filter((name) => name.startsWith('Satırlar'))).toEqual([
      'Satırlar',
      'Satırlar 2',
      'Satırlar 3',
    ]);
    let whole = 0n;
    let count = 0;
    for (const name of ['Satırlar', 'Satırlar 2', 'Satırlar 3']) {
      const rows = sheets.get(name) ?? [];
      expect(rows.length).toBeLessThanOrEqual(23);
      const at = rows[0]?.indexOf('Kayıtlı tutar') ?? -1;
      const own = rows.filter((row) => String(row[0]).includes(' 09:30'));
      const sum = own.reduce((before, row) => before + centsOf(row[at]), 0n);
      expect(centsOf(rows.find((row) => row[0] === 'BU SAYFA')?.[at])).toBe(sum);
      whole += sum;
      count += own.length;
    }
    const last = sheets.get('Satırlar 3') ?? [];
    const total = last.at(-1) ?? [];
    expect([total[0], centsOf(total[last[0]?.indexOf('Kayıtlı tutar') ?? -1]), count]).toEqual([
      'TOPLAM',
      whole,
      50,
    ]);
    expect(whole).toBe(WHOLE);
  });

  it('does not begin another sheet for rows that just fit', async () => {
    const sheets = await readSheets(writeXlsx({ ...sourceOf([]), lines: each(LINES) }, { sheetRows: 53 }));
    expect([...sheets.keys()].filter((name) => name.startsWith('Satırlar'))).toEqual(['Satırlar']);
  });
});

describe('a file on its way', () => {
  it.each(['json', 'csv', 'xlsx', 'pdf'] as const)('ends with the error of its rows (%s)', async (format) => {
    const source: StatementSource = {
      ...sourceOf(LINES),
      lines: (async function* () {
        yield lineOf(1);
        throw new Error('the database went away');
      })(),
    };
    const { stream } = statementFile(source, format);
    await expect(bytesOf(stream as AsyncIterable<Buffer>)).rejects.toThrow('the database went away');
  });

  it.each(['json', 'csv', 'xlsx', 'pdf'] as const)(
    'closes its rows where the reader gives up (%s)',
    async (format) => {
      let [begun, closed] = [false, false];
      const lines = (async function* () {
        try {
          for (let i = 0; ; i += 1) {
            begun = true;
            yield lineOf(i % 1000);
          }
        } finally {
          closed = true;
        }
      })();
      const { stream } = statementFile({ document: documentOf([]), head: HEAD, lines }, format);
      for await (const piece of stream) if (begun && (piece as Buffer).length > 0) break;
      stream.destroy();
      for (let i = 0; i < 1000 && !closed; i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(closed).toBe(true);
    },
  );

  it('pulls rows only as they are read', async () => {
    let pulled = 0;
    const lines = (async function* () {
      for (; pulled < 100_000; pulled += 1) yield lineOf(pulled % 1000);
    })();
    const { stream } = statementFile({ document: documentOf([]), head: HEAD, lines }, 'csv');
    stream.read();
    for (let i = 0; i < 5_000; i += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pulled).toBeLessThan(10_000);
    stream.destroy();
  });
});

/** What a table adds up, by its name. */
function fieldsOf(table: string): readonly string[] {
  if (table === 'düzeltmeler') return ['düzeltme_birimi', 'düzeltme_tutarı_kurus'];
  return [
    'kayıtlı_birim',
    'kayıtlı_tutar_kurus',
    ...(table === 'özet' ? ['birim_adedi', 'tutar_kurus'] : []),
  ];
}

/** A spreadsheet's number in kuruş: by its digits, not by arithmetic. */
function centsOf(value: unknown): bigint {
  const [lira = '', cents = ''] = String(value).split('.');
  return BigInt(lira + cents.padEnd(2, '0'));
}

/** All parts of a workbook, unpacked, one behind the other. */
async function partsOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const bytes = await bytesOf(pieces);
  let text = '';
  // The directory at the end says where each part lies.
  const tail = bytes.length - 22;
  let entry = bytes.readUInt32LE(tail + 16);
  for (let n = bytes.readUInt16LE(tail + 10); n > 0; n -= 1) {
    const nameLength = bytes.readUInt16LE(entry + 28);
    const offset = bytes.readUInt32LE(entry + 42);
    const start = offset + 30 + bytes.readUInt16LE(offset + 26);
    text += inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(entry + 20))).toString('utf8');
    entry += 46 + nameLength;
  }
  return text;
}

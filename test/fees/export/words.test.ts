import { describe, expect, it } from '@jest/globals';
import { MINISTRIES } from '../../../src/authority/roles/role-list.js';
import { purposesSchema } from '../../../src/config/schema/purposes.js';
import { unitOf } from '../../../src/fees/book/unit.js';
import { writeCsv } from '../../../src/fees/export/write-csv.js';
import { writeXlsx } from '../../../src/fees/export/write-xlsx.js';
import { codeWords, unitWords } from '../../../src/fees/words.js';
import { csvRows, readCsv, readSheets } from './support/read-back.js';
import { lineOf, sourceOf } from './support/statements.js';

const PURPOSES = purposesSchema.parse(undefined).map(({ code }) => code);
const UNITS = MINISTRIES.flatMap((ministry) => [
  unitOf('board', ministry, 'Ankara'),
  unitOf('directorate', ministry, 'Ankara'),
  unitOf('ministry-central', ministry, 'Ankara'),
]);
const LINES = [
  lineOf(0, { ministry: 'cevre', purpose: 'ortak-kayit', unit: 'kooperatif' }),
  lineOf(1, { ministry: 'cevre', purpose: 'ortak-kayit', unit: 'cevre/Iğdır' }),
  lineOf(2, { ministry: '=x', purpose: 'constructor', unit: 'gone/Iğdır' }),
];

describe('codes of a statement', () => {
  it('have a name in both languages, every one that there is', () => {
    const names = [
      ...PURPOSES.map((code) => codeWords('purpose', code)),
      ...MINISTRIES.map((code) => codeWords('ministry', code)),
      ...UNITS.map(unitWords),
    ];
    expect(names).toHaveLength(PURPOSES.length + MINISTRIES.length + UNITS.length);
    for (const name of names) expect([name?.tr, name?.en]).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(UNITS.map((unit) => unitWords(unit)?.tr)).size).toBe(new Set(UNITS).size);
  });

  it('stand in a CSV as they are and in Turkish, in cuts and in lines; one that nobody knows as it is', async () => {
    const records = await readCsv(writeCsv(sourceOf(LINES)));
    const names = (table: string) =>
      csvRows(records, table).map(({ anahtar, anahtar_adı: name }) => [anahtar, name]);
    const ministry = 'Çevre, Şehircilik ve İklim Değişikliği Bakanlığı';
    expect(names('bakanlık')).toEqual([
      ["'=x", "'=x"],
      ['cevre', ministry],
    ]);
    expect(names('amaç')).toEqual([
      ['constructor', 'constructor'],
      ['ortak-kayit', 'Ortak kaydı'],
    ]);
    const units = [
      ['cevre/Iğdır', `Iğdır il müdürlüğü (${ministry})`],
      ['gone/Iğdır', 'gone/Iğdır'],
      ['kooperatif', 'kooperatif kullanıcıları'],
    ];
    expect(names('birim')).toEqual(units);
    const [line] = csvRows(records, 'satırlar');
    expect(line).toMatchObject({
      ...{ amaç: 'ortak-kayit', amaç_adı: 'Ortak kaydı', bakanlık: 'cevre', bakanlık_adı: ministry },
      ...{ birim: 'kooperatif', birim_adı: 'kooperatif kullanıcıları' },
    });
  });

  it('stand in a workbook in Turkish', async () => {
    const sheets = await readSheets(writeXlsx(sourceOf(LINES)));
    expect(sheets.get('Birim')?.flat()).toContain('kooperatif kullanıcıları');
    expect(sheets.get('Amaç')?.flat()).toContain('Ortak kaydı');
  });
});

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeCsv } from '../../../src/fees/export/write-csv.js';
import { writeJson } from '../../../src/fees/export/write-json.js';
import { writeXlsx } from '../../../src/fees/export/write-xlsx.js';
import { kurus } from '../../../src/fees/kurus.js';
import { bytesOf, csvRows, csvTotal, readCsv, readSheets, sumBy } from './support/read-back.js';
import { lineOf, sourceOf } from './support/statements.js';

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
const line = fc
  .record({
    n: fc.nat(999_999),
    account: fc.constantFrom('ticaret', 'tarim', 'cevre'),
    feeClass: fc.constantFrom('outside' as const, 'paying' as const),
    il: name,
    unit: name,
    purpose: name,
    result: fc.constantFrom('match', 'mismatch', 'unknown', 'not-sent', 'constructor'),
    queries: fc.constantFrom(0, 1),
    units: fc.nat(1),
    price: fc.constantFrom(0, 1, 2, 3, 12, 99_999_999),
    day: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ day, n, price, ...parts }) =>
    lineOf(n, {
      ...parts,
      sentAt: `2026-09-${String(day).padStart(2, '0')} 23:59:59.999`,
      unitPriceKurus: kurus(price),
    }),
  );

const CUTS = ['hizmet', 'sonuç', 'birim', 'il', 'bakanlık', 'amaç', 'uygulama', 'ay', 'gün', 'birim_fiyat'];

it('sums of every cut and detail agree with the lines, whatever is written and read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 25 }), async (lines) => {
      const amount = lines.reduce((sum, { amountKurus }) => sum + amountKurus, 0n);
      const units = lines.reduce((sum, one) => sum + BigInt(one.units), 0n);
      const records = await readCsv(writeCsv(sourceOf(lines)));
      for (const table of ['özet', ...CUTS, 'kullanıcılar', 'kooperatifler', 'satırlar']) {
        const rows = csvRows(records, table);
        const total = csvTotal(records, table);
        const seen = [sumBy(rows, 'kayıtlı_tutar_kurus'), sumBy(rows, 'kayıtlı_birim')];
        expect([table, ...seen]).toEqual([table, amount, units]);
        expect([table, total.kayıtlı_tutar_kurus, total.kayıtlı_birim]).toEqual([
          table,
          String(amount),
          String(units),
        ]);
      }
      const json = JSON.parse((await bytesOf(writeJson(sourceOf(lines)))).toString('utf8'));
      expect([BigInt(json.total.amountKurus), json.lines.length]).toEqual([amount, lines.length]);
      for (const [sheet, [header = [], ...rows]] of await readSheets(writeXlsx(sourceOf(lines)))) {
        const last = rows.at(-1) ?? [];
        if (sheet === 'Özet' || sheet === 'Düzeltmeler') continue;
        expect([sheet, last[0], String(last[header.indexOf('Kayıtlı birim')])]).toEqual([
          sheet,
          'TOPLAM',
          String(units),
        ]);
      }
    }),
    { numRuns: 40 },
  );
});

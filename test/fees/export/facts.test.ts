import { describe, expect, it } from '@jest/globals';
import { statementText } from '../../../src/commands/fees/statement-text.js';
import { statementFacts } from '../../../src/fees/export/facts.js';
import type { StatementSource } from '../../../src/fees/export/port.js';
import { writeCsv } from '../../../src/fees/export/write-csv.js';
import { kurus } from '../../../src/fees/kurus.js';
import type { StatementDocument } from '../../../src/fees/statement/statement-document.js';
import type { TariffBasis } from '../../../src/fees/tariff/tariff.js';
import { csvRows, csvTotal, readCsv, sumBy } from './support/read-back.js';
import { documentOf, each, HEAD, lineOf, sourceOf } from './support/statements.js';

const LINES = Array.from({ length: 12 }, (_, i) => lineOf(i, { result: i % 3 === 0 ? 'unknown' : 'match' }));
const CUTS = ['hizmet', 'sonuç', 'birim', 'il', 'bakanlık', 'amaç', 'uygulama', 'ay', 'gün', 'birim_fiyat'];

function correctedSource(): StatementSource {
  const whose = { account: 'ticaret', feeClass: 'paying' as const };
  const [first, second] = LINES.slice(0, 2).map(({ queryId }) => ({
    ...whose,
    queryId,
    quarter: '2026-Q3',
    ofQuarter: '2026-Q3',
    ofDay: '2026-07-01',
    counted: false,
    units: -1,
    unitPriceKurus: kurus(2),
    amountKurus: kurus(-2),
    differenceId: '00000000-0000-4000-8000-00000000000d',
  }));
  if (first === undefined || second === undefined) throw new Error('no lines');
  const corrections = [{ ...whose, lines: 2n, units: -2n, amountKurus: kurus(-4) }];
  return { ...sourceOf(LINES, { corrections }), corrections: each([first, second]) };
}

const factOf = (source: StatementSource, name: string) =>
  statementFacts(source)
    .filter(([one]) => one === name)
    .map(([, value]) => value);

describe('a statement with corrections', () => {
  it('has in each cut and detail what was booked: with the corrections it is the summary', async () => {
    const records = await readCsv(writeCsv(correctedSource()));
    const [whole, corrected] = [csvTotal(records, 'özet'), csvTotal(records, 'düzeltmeler')];
    expect([whole.birim_adedi, whole.tutar_kurus]).toEqual(['10', '20']);
    for (const table of [...CUTS, 'kullanıcılar', 'kooperatifler', 'satırlar']) {
      const total = csvTotal(records, table);
      const units = Number(total.kayıtlı_birim) + Number(corrected.düzeltme_birimi);
      const amount = BigInt(total.kayıtlı_tutar_kurus ?? '') + BigInt(corrected.düzeltme_tutarı_kurus ?? '');
      expect([table, String(units), String(amount)]).toEqual([table, whole.birim_adedi, whole.tutar_kurus]);
      expect([table, total.birim_adedi, total.tutar_kurus]).toEqual([table, '', '']);
    }
    const booked = csvRows(records, 'özet');
    expect([sumBy(booked, 'kayıtlı_birim'), sumBy(booked, 'düzeltme_birimi')]).toEqual([12n, -2n]);
  });

  it('says in one line how they stand to each other, and where they are listed if they are', () => {
    const source = correctedSource();
    expect(factOf(source, 'Kırılımlar')).toEqual([
      'düzeltmelerden öncesini, kaydedileni gösterir; Özet = kayıtlı + düzeltme; düzeltmeler Düzeltmeler tablosundadır',
    ]);
    const { document, head } = source;
    expect(factOf({ document, head }, 'Kırılımlar')).toEqual([
      'düzeltmelerden öncesini, kaydedileni gösterir; Özet = kayıtlı + düzeltme',
    ]);
    expect(factOf(sourceOf(LINES), 'Kırılımlar')).toEqual([]);
  });
});

describe('the text of a statement with corrections', () => {
  it('says that its tables show what was booked, and only then', async () => {
    const textOf = async (source: StatementSource) => {
      let text = '';
      for await (const piece of statementText(source)) text += `${piece}\n`;
      return text;
    };
    const corrected = await textOf(correctedSource());
    expect(corrected).toContain('amount = booked + corrections, listed under "corrections"');
    const { corrections: _, ...unnamed } = correctedSource();
    expect(await textOf(unnamed)).toContain('which are listed in files, and with --token-file');
    expect(corrected).toMatch(/by service\n.*units booked +amount booked\n/);
    expect(await textOf(sourceOf(LINES))).not.toContain('booked + corrections');
  });
});

describe('what stands above the tables', () => {
  it.each([
    ['2026-10-02T06:05:00Z', '02.10.2026 09:05'],
    ['2026-12-31T21:00:00Z', '01.01.2027 00:00'],
  ])('has days and months of two digits, in Istanbul (%s)', (at, shown) => {
    const source = { document: documentOf([]), head: { ...HEAD, madeAt: new Date(at) } };
    expect(factOf(source, 'Hazırlandı')).toEqual([shown]);
  });

  it('names input data where the price goes by them: the row’s own, and the settings’ for what no row fixed', () => {
    const source = { document: withInputs('per-input-datum'), head: HEAD };
    expect(factOf(source, 'Girdi verisi')).toEqual(['KisiServis 2024/04/01 = 3', 'AdresServis 1 = 2']);
    expect(factOf(source, 'Girdi verisi (ayar)')).toEqual(['KisiServis 2025/08/01 = 4']);
  });

  it.each(['per-query', 'per-returned-record'] as const)('names none on another basis (%s)', (basis) => {
    const facts = statementFacts({ document: withInputs(basis), head: HEAD });
    expect(facts.filter(([name]) => name.startsWith('Girdi'))).toEqual([]);
  });
});

function withInputs(basis: TariffBasis): StatementDocument {
  const document = documentOf(LINES);
  const known = { service: 'KisiServis', version: '2024/04/01', inputs: 3 };
  const inputs = [known, { service: 'AdresServis', version: '1', inputs: 2 }];
  const tariff = document.rules.tariff.map((row) => ({ ...row, basis, inputs }));
  const settings = [
    { ...known, inputs: 9 },
    { ...known, version: '2025/08/01', inputs: 4 },
  ];
  return { ...document, rules: { ...document.rules, tariff, inputs: settings } };
}

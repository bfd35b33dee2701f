import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import PDFDocument from 'pdfkit';
import { chartBars } from '../../../src/fees/export/pdf/chart-bars.js';
import { writePdf } from '../../../src/fees/export/pdf/write-pdf.js';
import { statementTables } from '../../../src/fees/export/tables.js';
import { kurus } from '../../../src/fees/kurus.js';
import { pdfLines, pdfTexts } from './support/pdf-text.js';
import { bytesOf } from './support/read-back.js';
import { documentOf, each, HEAD, lineOf, sourceOf } from './support/statements.js';

const fontOf = (name: string) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const FONTS = { plain: fontOf('DejaVuSansCondensed'), bold: fontOf('DejaVuSansCondensed-Bold') };
const CORRECTION = {
  account: 'ticaret',
  feeClass: 'paying',
  lines: 2n,
  units: -2n,
  amountKurus: kurus(-4),
} as const;
const LINES = Array.from({ length: 120 }, (_, i) =>
  lineOf(i, {
    il: ['Iğdır', 'İstanbul', 'Şırnak', 'Çankırı', 'Muğla'][i % 5] ?? '',
    result: i % 4 === 0 ? 'unknown' : 'match',
  }),
);
const read = async (source = sourceOf(LINES), details = 10_000) => bytesOf(writePdf(source, { details }));
const centsOf = (text: string) => BigInt(text.replace(/[.,]| TL/g, ''));

describe('the PDF of a statement', () => {
  it('says institution, account, period, state, due date, hash and total above everything', async () => {
    const lines = pdfLines(await read()).map((line) => line.join(' '));
    for (const fact of [
      'Kurum (ticaret) Ticaret Bakanlığı, ücretli',
      'Dönem 2026-Q3',
      'Günler 01.07.2026 (dahil) – 01.10.2026 (hariç)',
      'Durum mühürlendi',
      'Son ödeme 31.10.2026',
      'İzleyen iş günü 02.11.2026',
      'Tutar 2,40 TL',
      `Cetvel SHA-256 ${'ab'.repeat(32)}`,
    ])
      expect(lines).toContain(fact);
  });

  it('shows every Turkish letter, plain and bold', async () => {
    const letters = 'ğüşıöç ĞÜŞİÖÇ';
    const file = await read(sourceOf([lineOf(1, { il: letters })], { institution: letters }));
    const texts = pdfTexts(file).map(({ text }) => text);
    expect(texts.filter((text) => text.includes(letters)).length).toBeGreaterThan(1);
    expect(texts).toContain('İl');
    expect(file.toString('latin1')).toMatch(/\/FontFile2 /);
  });

  it('ends each table with a total that is the sum of its rows', async () => {
    const lines = pdfLines(await read());
    let amounts: bigint[] = [];
    let tables = 0;
    for (const line of lines) {
      const last = line.filter((text) => text.endsWith(' TL')).at(-1);
      const isFact = line.length === 2;
      if (last === undefined || isFact) continue;
      if (line[0] !== 'TOPLAM') {
        amounts.push(centsOf(last));
        continue;
      }
      expect(centsOf(last)).toBe(amounts.reduce((sum, one) => sum + one, 0n));
      amounts = [];
      tables += 1;
    }
    // A list without a row has a total of nothing.
    expect(tables).toBe(15);
  });

  it('numbers its pages and says how many there are', async () => {
    const texts = pdfTexts(await read());
    const pages = texts.filter(({ text }) => /^Sayfa \d+$/.test(text)).map(({ text }) => text);
    expect(pages).toEqual(pages.map((_, i) => `Sayfa ${i + 1}`));
    expect(pages.length).toBeGreaterThan(3);
    expect(texts.at(-1)?.text).toBe(`${pages.length} sayfa. Cetvelin sonu.`);
  });

  it('says how many lines stand in other files alone, and still adds all of them up', async () => {
    const source = { document: documentOf(LINES), head: HEAD, lines: each(LINES) };
    const lines = pdfLines(await read(source, 100));
    expect(lines.filter(([first = '']) => /^\d{2}\.07\.2026 09:30/.test(first))).toHaveLength(100);
    const at = lines.findIndex(([first]) => first === 'GÖSTERİLEN');
    expect(lines.slice(at, at + 3)).toEqual([
      ['GÖSTERİLEN', '100', '100', '2,00 TL'],
      ['20 satır daha var; tümü CSV ve XLSX biçimindeki cetveldedir'],
      ['TOPLAM', '120', '120', '2,40 TL'],
    ]);
  });

  it('cuts a text that is too long for its column, and never a number of a query or a cooperative', async () => {
    const [line] = [lineOf(1, { il: 'çok uzun bir il adı '.repeat(15) })];
    const source = { document: documentOf([]), head: HEAD, lines: each([line]) };
    const row = pdfLines(await read(source)).find(([first = '']) => first.startsWith('02.07.2026 09:30'));
    expect(row).toContain(line.queryId);
    expect(row).toContain(line.cooperative);
    expect(row).toContain('02.07.2026 09:30:00.001');
    expect(row?.filter((text) => text.startsWith('çok uzun') && text.endsWith('…'))).toHaveLength(1);
  });

  it('keeps every text between its margins', async () => {
    const names = ['W'.repeat(300), 'a\nb\r\nc', '<script>', 'baş\u202eters', 'שלום مرحبا', '漢字'];
    const file = await read(sourceOf(names.map((il, i) => lineOf(i, { il, unit: il }))));
    for (const { x, y } of pdfTexts(file)) {
      expect(x).toBeGreaterThanOrEqual(35);
      expect(x).toBeLessThan(842 - 35);
      expect(y).toBeGreaterThan(20);
    }
    expect(pdfTexts(file).every(({ text }) => !text.includes('\u202e'))).toBe(true);
  });

  it('has every header whole, apart from the next one, and no text beyond its right margin', async () => {
    const source = sourceOf(LINES, { corrections: [CORRECTION] });
    const texts = pdfTexts(await read(source));
    const landscape = new Set(texts.filter(({ x }) => x > 560).map(({ page }) => page));
    for (const one of texts) {
      const end = one.x + widthOf(one, 'plain');
      expect([one.text, end <= (landscape.has(one.page) ? 842 : 595.3) - 35.5]).toEqual([one.text, true]);
    }
    for (const table of statementTables(sourceOf([]))) {
      const titles = table.columns.map(({ title }) => title);
      const header = texts.filter(({ text }) => titles.includes(text));
      expect(titles.filter((title) => !header.some(({ text }) => text === title))).toEqual([]);
      for (const one of header) {
        const next = header
          .filter((other) => isBeside(one, other))
          .map(({ x }) => x - one.x - widthOf(one, 'bold'));
        expect([table.key, one.text, Math.min(3.9, ...next)]).toEqual([table.key, one.text, 3.9]);
      }
    }
  });

  it('can be made of a statement without a query', async () => {
    const lines = pdfLines(await read(sourceOf([])));
    expect(lines).toContainEqual(['TOPLAM', '0', '0', '0', '0,00 TL']);
  });
});

interface Seen {
  readonly page: number;
  readonly x: number;
  readonly y: number;
}
const isBeside = (one: Seen, other: Seen) => other.page === one.page && other.y === one.y && other.x > one.x;

const ruler = new PDFDocument();
const widthOf = (
  { size, text }: { readonly size: number; readonly text: string },
  font: keyof typeof FONTS,
) => ruler.font(FONTS[font], size).widthOfString(text);

describe('the chart', () => {
  it('has labels of days that do not touch each other', async () => {
    const labels = pdfTexts(await read()).filter(({ size, text }) => size === 6.5 && text.includes('.2026'));
    expect(labels.length).toBeGreaterThan(5);
    for (const [i, { x }] of labels.entries()) {
      const before = labels[i - 1];
      if (before !== undefined) expect(x - before.x - widthOf(before, 'plain')).toBeGreaterThan(0);
    }
  });

  it('has a bar for each day of a quarter, also where nobody asked', () => {
    const { bars, by } = chartBars(documentOf([lineOf(0), lineOf(0, { account: 'tarim' }), lineOf(4)]));
    expect([by, bars.length]).toEqual(['day', 92]);
    expect(bars.slice(0, 5).map(({ queries }) => queries)).toEqual([2, 0, 0, 0, 1]);
  });

  it('has a bar for each month where there are too many days', () => {
    const period = { quarter: null, from: '2026-01-01', to: '2027-01-01' };
    const lines = [lineOf(0), lineOf(1, { sentAt: '2026-11-02 00:00:00.000' })];
    expect(chartBars(documentOf(lines, { period }))).toEqual({
      by: 'month',
      bars: [
        { key: '2026-07', queries: 1 },
        { key: '2026-11', queries: 1 },
      ],
    });
  });

  it('adds up to the queries of the statement', () => {
    const { bars } = chartBars(documentOf(LINES));
    expect(bars.reduce((sum, { queries }) => sum + queries, 0)).toBe(LINES.length);
    expect(kurus(bars.reduce((sum, { queries }) => sum + queries, 0) * 2)).toBe(240n);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { KvkkAnswer } from '../../../src/audit/kvkk/answer.js';
import type { LookUp } from '../../../src/audit/kvkk/look-up.js';
import { writeAnswer } from '../../../src/audit/kvkk/write-answer.js';
import { pdfLines, pdfTexts } from '../../fees/export/support/pdf-text.js';
import { bytesOf } from '../../fees/export/support/read-back.js';

const LOOK_UP: LookUp = {
  leaf: 41n,
  at: new Date('2026-11-22T11:05:09.000Z'),
  institution: 'Ticaret Bakanlığı',
  ministry: 'ticaret',
  il: 'İzmir',
  cooperative: '0123456789000015',
  role: 'directorate',
  session: 's-1',
  userKey: 'k-1',
  purpose: 'ortak-kayit',
  legalGround: 'KOOPBİS Yönetmeliği m.9(3)',
  result: 'match',
};

function answerOf(lookUps: readonly LookUp[], changes: Partial<KvkkAnswer> = {}): KvkkAnswer {
  return {
    requestNo: '2026/12',
    receivedOn: '2026-11-01',
    from: null,
    to: '2026-11-22',
    sender: 'T.C. Ticaret Bakanlığı',
    dueBy: '2026-12-01',
    madeAt: new Date('2026-11-22T12:00:00.000Z'),
    names: 'unit',
    found: { lookUps, total: lookUps.length, looks: 3, detached: [], size: 100n },
    known: new Map(),
    proof: { origin: 'log.example/test', size: 100n, root: Buffer.alloc(32, 0xab) },
    ...changes,
  };
}

const many = (count: number, change: (i: number) => Partial<LookUp> = () => ({})) =>
  Array.from({ length: count }, (_, i) => ({ ...LOOK_UP, leaf: BigInt(count - i), ...change(i) }));
const fileOf = (answer: KvkkAnswer) => bytesOf(writeAnswer(answer));
const textOf = async (answer: KvkkAnswer) =>
  pdfLines(await fileOf(answer))
    .map((line) => line.join(' '))
    .join('\n');

describe('the PDF of an answer', () => {
  it('says who answers whom, when it is due, and of which period', async () => {
    const text = await textOf(answerOf([LOOK_UP]));
    for (const line of [
      'T.C. Ticaret Bakanlığı',
      'Başvuru numarası 2026/12',
      'Başvurunun alındığı gün 01.11.2026',
      'Cevabın son günü 01.12.2026 (6698 sayılı Kanun m.13)',
      'Cevabın hazırlandığı an 22.11.2026 15:00:00',
      'Dönem kaydın başından 22.11.2026 günü sonuna kadar',
      'Kayıt boyu: 100 giriş',
      `Kök özeti (SHA-256): ${'ab'.repeat(32)}`,
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('has one row for each look-up, times in Istanbul, its result in words', async () => {
    const results = ['match', 'mismatch', 'not-found', 'deceased', 'inactive', 'refused', 'unknown', null];
    const text = (
      await textOf(answerOf(many(results.length, (i) => ({ result: results[i] ?? null }))))
    ).replaceAll('\n', ' ');
    for (const word of [
      'eşleşti',
      'eşleşmedi',
      'bulunamadı',
      'ölüm',
      'kapalı',
      'reddetti',
      'alınamadı',
      'henüz',
    ])
      expect(text).toContain(word);
    expect(text.match(/22\.11\.2026 14:05:09/g)).toHaveLength(results.length);
  });

  it('gives a legal ground without the remark of the settings, one number for the same ground', async () => {
    const remark = { legalGround: 'KOOPBİS Yönetmeliği m.9(3) (our reading: a corrected record)' };
    const text = await textOf(answerOf(many(4, (i) => (i % 2 === 0 ? {} : remark))));
    expect(text).not.toContain('our reading');
    expect(text.match(/^\[1\] KOOPBİS Yönetmeliği m\.9\(3\)$/gm)).toHaveLength(1);
    expect(text).not.toContain('[2]');
  });

  it('numbers each legal ground once and says all of it behind the table', async () => {
    const long = `m.9(3) ve ${'ilgili hükümler '.repeat(15)}sonu`;
    const text = await textOf(
      answerOf(many(30, (i) => ({ legalGround: i % 2 === 0 ? 'KOOPBİS Yönetmeliği m.9(3)' : long }))),
    );
    expect(text.match(/^\[1\] KOOPBİS Yönetmeliği m\.9\(3\)$/gm)).toHaveLength(1);
    expect(text.replaceAll('\n', ' ')).toContain(`[2] ${long}`);
  });

  it('says how many older look-ups it leaves out', async () => {
    const lookUps = many(10);
    const found = { lookUps, total: 20_010, looks: 0, detached: [], size: 100n };
    const text = (await textOf(answerOf(lookUps, { found }))).replaceAll('\n', ' ');
    expect(text).toContain('Hakkınızda yapılan sorgu 20.010');
    expect(text).toContain('en yeni 10 sorgu gösterilmiştir; daha eski 20.000 sorgu daha vardır');
  });

  it('says where a part of the period is not at hand', async () => {
    const found = { lookUps: [], total: 0, looks: 0, detached: [{ first: 0n, count: 1n }], size: 100n };
    expect((await textOf(answerOf([], { found }))).replaceAll('\n', ' ')).toContain('arşivdedir');
  });

  it('tells users apart without their number where no name is kept: the same mark for the same key alone', async () => {
    const lookUps = many(3, (i) => ({ userKey: `k-${i % 2}`, session: `s-${i}` }));
    const known = new Map([['s-2', 'Ayşe Yılmaz']]);
    const text = (await textOf(answerOf(lookUps, { names: 'full', known }))).replaceAll('\n', ' ');
    expect(text).toContain('*** (1)');
    expect(text).toContain('*** (2)');
    expect(text).toContain('Ayşe Yılmaz');
    expect(text.match(/adı saklanmıyor/g)).toHaveLength(2);
  });

  it('keeps hostile texts between its margins and turns nothing round', async () => {
    const words = ['W'.repeat(300), '<script>', 'baş\u202eters', 'a\nb', '=cmd|calc', 'שלום', '漢字', ''];
    const file = await fileOf(
      answerOf(
        many(40, (i) => ({ institution: words[i % words.length] ?? '', il: words[(i + 1) % 8] ?? '' })),
        {
          requestNo: words.join(' ').slice(0, 100),
          sender: 'Çok uzun bir gönderen '.repeat(40),
        },
      ),
    );
    const texts = pdfTexts(file);
    for (const { x, y } of texts) {
      expect(x).toBeGreaterThanOrEqual(35);
      expect(x).toBeLessThan(842 - 35);
      expect(y).toBeGreaterThan(20);
    }
    expect(texts.every(({ text }) => !text.includes('\u202e'))).toBe(true);
  });

  it('numbers its pages, has its header on each page of the table, and lets others run after each page', async () => {
    const pieces: Buffer[] = [];
    for await (const piece of writeAnswer(answerOf(many(3_000)))) pieces.push(piece);
    const texts = pdfTexts(Buffer.concat(pieces));
    const pages = texts.filter(({ text }) => /^Sayfa \d+$/.test(text)).map(({ text }) => text);
    expect(pages).toEqual(pages.map((_, i) => `Sayfa ${i + 1}`));
    const headers = texts.filter(({ text }) => text === 'Sorgulayan kurum');
    expect(headers.length).toBe(new Set(headers.map(({ page }) => page)).size);
    expect(headers.length).toBeGreaterThan(pages.length - 4);
    expect(texts.at(-1)?.text).toBe(`${pages.length} sayfa. Cevabın sonu.`);
    // Each piece is written to a file, and everybody has a turn meanwhile.
    expect(pieces.length).toBeGreaterThanOrEqual(pages.length);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1_000_000);
  });
});

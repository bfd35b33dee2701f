import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quarterDays } from '../../../src/calendar/istanbul-day.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import type { JobTools, MadeFile } from '../../../src/console/jobs/port.js';
import { statementJobs } from '../../../src/house/console/quarters/statement-jobs.js';
import { asOwner } from '../../audit/support/log.js';
import {
  bytesOf,
  csvRows,
  csvTotal,
  readCsv,
  readSheets,
  sumBy,
} from '../../fees/export/support/read-back.js';
import { writeCorrection } from '../../fees/export/support/write-correction.js';
import { typed } from '../support/console-desk.js';
import { CLOSABLE, errorsOf, momentIn, QuarterDesk, tableOf, whole } from './quarter-desk.js';

const PARAMS = { quarter: CLOSABLE };
/** What a spreadsheet would take for a formula, by its first sign. */
const FORMULAS = ['=HYPERLINK("http://x.example","a")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '"=1"', '＝1'];

let quarters: QuarterDesk;
let officer: ConsolePerson;
let folder: string;
let amount: bigint;
let queries: readonly string[];

beforeAll(async () => {
  quarters = await QuarterDesk.open();
  officer = await quarters.finance(1);
  folder = mkdtempSync(join(tmpdir(), 'statement-job-'));
  queries = await quarters.book(
    ...Array.from({ length: 60 }, (_, i) => ({
      sentAt: momentIn(CLOSABLE, i * 10),
      il: FORMULAS[i % FORMULAS.length] ?? '',
      unit: FORMULAS[(i + 1) % FORMULAS.length] ?? '',
      unitPriceKurus: 100 + i,
      actorTag: Buffer.alloc(16, i % 7),
    })),
  );
  const page = await quarters.page('quarter', officer, { params: PARAMS });
  amount = whole(tableOf(page, 'Hesaplara göre cetvel').foot?.at(-1));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await quarters.close();
});

const file = async (bicim: string) => {
  const answer = await quarters.ask('quarter.file', officer, { params: PARAMS, query: { bicim } });
  if (answer.kind !== 'file') throw new Error(answer.kind);
  return answer;
};
const order = (fields: Record<string, string>): Promise<Answer> =>
  quarters.ask('quarter.export', officer, { params: PARAMS, fields: typed(fields) });

/** What the background makes of an order. */
function made(what: string, wanted: object, tools: Partial<JobTools> = {}): Promise<MadeFile> {
  const kind = statementJobs(quarters.parts).find((one) => one.what === what);
  if (kind === undefined) throw new Error(`no ${what}`);
  const rest: JobTools = { progress: async () => undefined, stopped: () => false, folder };
  return kind.run(wanted as never, officer.officer, { ...rest, ...tools });
}
const ORDER = {
  account: null,
  format: 'csv',
  quarter: CLOSABLE,
  requestId: '00000000-0000-4000-8000-000000000002',
};

describe('the file of a quarter’s totals', () => {
  it('has the page’s amount as CSV and XLSX, and is a PDF', async () => {
    const csv = await file('csv');
    expect([csv.name, csv.mediaType]).toEqual([`kps-${CLOSABLE}.csv`, expect.stringContaining('text/csv')]);
    const records = await readCsv(csv.body as Readable);
    expect(BigInt(csvTotal(records, 'özet').tutar_kurus ?? '')).toBe(amount);
    expect(sumBy(csvRows(records, 'il'), 'kayıtlı_tutar_kurus')).toBe(amount);
    const sheets = await readSheets((await file('xlsx')).body as Readable);
    expect([...sheets.keys()].slice(0, 2)).toEqual(['Özet', 'Hizmet']);
    expect((await bytesOf((await file('pdf')).body as Readable)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('has the corrections that its summary counts, one by one, as CSV, XLSX and in the background', async () => {
    const sql = (text: string, values: readonly unknown[]) => quarters.desk.test.db.query({ text, values });
    for (const query of queries.slice(0, 2)) await writeCorrection(sql, query, CLOSABLE);
    try {
      const records = await readCsv((await file('csv')).body as Readable);
      const listed = csvRows(records, 'düzeltmeler');
      expect(listed).toHaveLength(2);
      expect(sumBy(listed, 'düzeltme_tutarı_kurus')).toBe(
        BigInt(csvTotal(records, 'özet').düzeltme_tutarı_kurus ?? ''),
      );
      const sheets = await readSheets((await file('xlsx')).body as Readable);
      // A heading and a total beside them.
      expect(sheets.get('Düzeltmeler')).toHaveLength(4);
      const { body } = await made('statement', ORDER);
      expect(csvRows(await readCsv(body as Readable), 'düzeltmeler')).toMatchObject(listed);
    } finally {
      await asOwner(quarters.desk.test, 'DELETE FROM bridge.fee_correction');
    }
  });

  it('has no cell that a spreadsheet takes for a formula, whoever chose the names', async () => {
    const records = await readCsv((await file('csv')).body as Readable);
    const cells = records.flatMap((one) => Object.values(one));
    expect(cells.filter((cell) => /^\s*[=+\-@＝]/.test(cell) && !/^-?\d+(,\d+)?( TL)?$/.test(cell))).toEqual(
      [],
    );
    for (const formula of ['=HYPERLINK', '+1+1', '@SUM'])
      expect(cells.some((cell) => cell.startsWith(`'${formula}`))).toBe(true);
    const sheets = await readSheets((await file('xlsx')).body as Readable);
    const ils = (sheets.get('İl') ?? []).map((row) => row[2]);
    expect(ils).toContain('=HYPERLINK("http://x.example","a")');
  });

  it('of one account has that account’s rows and sums alone, and is called after it', async () => {
    const answer = await quarters.ask('quarter.file', officer, {
      ...{ params: PARAMS, query: { bicim: 'csv', hesap: 'ticaret' } },
    });
    if (answer.kind !== 'file') throw new Error(answer.kind);
    expect(answer.name).toBe(`kps-${CLOSABLE}-ticaret.csv`);
    const records = await readCsv(answer.body as Readable);
    expect(csvTotal(records, 'özet').tutar_kurus).toBe('0');
    expect(csvRows(records, 'özet').map(({ hesap }) => hesap)).toEqual(['ticaret']);
    expect((await quarters.desk.lastEntries(1))[0]?.data).toMatchObject({ account: 'ticaret' });
    const { body, name } = await made('statement', { ...ORDER, account: 'ticaret' });
    expect(name).toBe(`kps-${CLOSABLE}-ticaret-satirlar.csv`);
    expect(csvRows(await readCsv(body as Readable), 'satırlar')).toEqual([]);
    await expect(
      quarters.ask('quarter.file', officer, { params: PARAMS, query: { bicim: 'csv', hesap: 'nobody' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is told in the log with its form before it is made', async () => {
    await bytesOf((await file('xlsx')).body as Readable);
    expect(await quarters.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.read',
        data: { detail: 'totals', format: 'xlsx', client: 'konsol', ...quarterDays(CLOSABLE) },
      },
    ]);
  });

  it('is refused in any other form', async () => {
    for (const bicim of ['json', 'exe', ''])
      await expect(file(bicim)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a file with details', () => {
  it('is queued, and the browser sent on to its page', async () => {
    expect(await order({ bicim: 'xlsx', kapsam: 'satirlar' })).toEqual({
      kind: 'see-other',
      to: '/konsol/isler/00000000-0000-4000-8000-000000000001',
      told: 'job-started',
    });
    await order({ bicim: 'csv', kapsam: 'kullanicilar', 'dosya-hesap': 'birlik' });
    const rest = { quarter: CLOSABLE, requestId: expect.any(String) };
    expect(quarters.queued).toEqual([
      { what: 'statement', order: { account: null, format: 'xlsx', ...rest } },
      { what: 'statement-users', order: { account: 'birlik', format: 'csv', ...rest } },
    ]);
  });

  it.each([
    [{ bicim: 'exe', kapsam: 'satirlar' }, ['bicim']],
    [{ bicim: 'csv', kapsam: 'acik' }, ['kapsam']],
    [{ bicim: 'csv', kapsam: 'satirlar', 'dosya-hesap': '../../etc' }, ['dosya-hesap']],
    [{}, ['bicim', 'kapsam']],
  ])('is asked for again where the form says %j', async (fields, wrong) => {
    const before = quarters.queued.length;
    const answer = await order(fields as Record<string, string>);
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(Object.keys(errorsOf((answer as { page: Page }).page)).sort()).toEqual(wrong);
    expect(quarters.queued.length).toBe(before);
  });

  it('has every line, adds up to the page, and is written down before it is read', async () => {
    const told: (readonly [number, number | null])[] = [];
    const result = await made('statement', ORDER, {
      progress: async (done, total) => void told.push([done, total]),
    });
    expect(result.name).toBe(`kps-${CLOSABLE}-satirlar.csv`);
    const records = await readCsv(result.body as Readable);
    const lines = csvRows(records, 'satırlar');
    expect([lines.length, sumBy(lines, 'kayıtlı_tutar_kurus')]).toEqual([60, amount]);
    expect(Object.values(lines[0] ?? {}).filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
    expect(told).toEqual([
      [0, 60],
      [60, 60],
    ]);
    expect(
      (await quarters.desk.lastEntries(2)).map(({ data }) => [data.detail, data.format, data.requestId]),
    ).toEqual([
      ['totals', 'csv', ORDER.requestId],
      ['lines', 'csv', ORDER.requestId],
    ]);
  });

  it('has users masked, never their numbers', async () => {
    const { body } = await made('statement-users', { ...ORDER, format: 'xlsx' });
    const rows = (await readSheets(body as Readable)).get('Kullanıcılar') ?? [];
    expect(rows.slice(1, -1).map((row) => row[2])).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `*** (${n})`));
    expect((await quarters.desk.lastEntries(1))[0]?.data).toMatchObject({ detail: 'users', revealed: false });
  });

  it('ends where it was cancelled', async () => {
    await expect(made('statement', ORDER, { stopped: () => true })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
  });

  it('is refused where the order is none of ours', async () => {
    await expect(made('statement', { ...ORDER, quarter: '../../etc' })).rejects.toThrow();
  });
});

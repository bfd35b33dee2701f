import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../../src/calendar/add-days.js';
import { istanbulDay, quarterDays } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { readUsage } from '../../../src/fees/ahead/read-usage.js';
import { openQuarters } from '../../../src/house/console/open-quarters.js';
import { usageSettings } from '../../../src/house/fees/usage-settings.js';
import {
  BEFORE,
  columnSum,
  errorsOf,
  lately,
  momentIn,
  partsOf,
  QuarterDesk,
  RUNNING,
  shown,
  tableOf,
  whole,
  withBirlik,
} from './quarter-desk.js';

const HOSTILE = '=cmd|<script>alert(1)</script>\u202E';
const NOW = new Date();
const TODAY = istanbulDay(NOW);

let quarters: QuarterDesk;
let officer: ConsolePerson;

beforeAll(async () => {
  quarters = await QuarterDesk.open((settings) => {
    withBirlik(settings);
    settings.accounts[1].institution = HOSTILE;
    settings.accounts[1].budget = { quarterKurus: 100_000, stopAtPercent: 100 };
  });
  officer = await quarters.finance(1);
  await quarters.book(
    ...Array.from({ length: 40 }, (_, i) => ({ sentAt: lately(i * 25), unitPriceKurus: 700 + i })),
    ...Array.from({ length: 9 }, (_, i) => ({
      sentAt: lately(i * 100),
      account: 'ticaret',
      feeClass: 'outside' as const,
      unitPriceKurus: 0,
    })),
    ...Array.from({ length: 5 }, (_, i) => ({ sentAt: momentIn(BEFORE, i * 10), unitPriceKurus: 300 })),
  );
});
afterAll(() => quarters.close());

const show = (query: Record<string, string> = {}) => quarters.page('fees', officer, { query });
const usage = (from: string, to: string) =>
  readUsage(quarters.desk.test.db, usageSettings(quarters.desk.config), { from, to, account: null }, NOW);
const tiles = (page: Page) =>
  Object.fromEntries(
    (partsOf(page, 'tiles')[0]?.tiles ?? []).map(({ label, value }) => [shown(label), shown(value)]),
  );

describe('the quarter at a glance', () => {
  it('shows what the book has of the quarter so far, to the kuruş, by day and by account', async () => {
    const page = await show();
    const { accounts, total } = await usage(quarterDays(RUNNING).from, addDays(TODAY, 1));
    expect(tiles(page)).toMatchObject({ Sorgu: '49', 'Ücret birimi': '49' });
    const days = tableOf(page, 'Gün gün');
    expect([whole(days.foot?.[1]), whole(days.foot?.[3])]).toEqual([49n, total.amountKurus]);
    for (const n of [1, 2, 3]) expect(whole(days.foot?.[n])).toBe(columnSum(days, n));
    const table = tableOf(page, 'Hesaplara göre');
    expect(table.rows.map((row) => [row[0], whole(row[3]), whole(row[5])])).toEqual(
      accounts.map((one) => [one.account, BigInt(one.queries), one.amountKurus]),
    );
    for (const n of [3, 4, 5, 6]) expect(whole(table.foot?.[n])).toBe(columnSum(table, n));
  });

  it('draws the numbers of its table: each bar is a day’s queries, none for a day to come', async () => {
    const page = await show();
    const [daily, cost] = partsOf(page, 'chart');
    const { end, from } = { from: quarterDays(RUNNING).from, end: quarterDays(RUNNING).to };
    expect([daily?.chart.points[0], daily?.chart.points.at(-1)]).toEqual([from, addDays(end, -1)]);
    const bars = daily?.chart.series[0]?.values ?? [];
    expect(bars.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(49);
    expect(bars.map((one) => one === null)).toEqual(daily?.chart.points.map((day) => day > TODAY));
    expect(daily?.chart.series.length ?? 0).toBeLessThanOrEqual(6);
    expect(cost?.chart.series.map(({ name }) => shown(name))).toContain('Bütçe');
  });

  it('compares with the same days of the quarter before', async () => {
    const { accounts } = await usage(quarterDays(RUNNING).from, addDays(TODAY, 1));
    const before = accounts.reduce((sum, one) => sum + one.compared.amountKurus, 0n);
    expect(before).toBeGreaterThan(0n);
    expect(BigInt((tiles(await show())['Önceki dönem'] ?? '').replace(/\D/g, ''))).toBe(before);
  });

  it('has budget, due day and state of the quarter', async () => {
    const shownTiles = tiles(await show());
    const spent = (await usage(quarterDays(RUNNING).from, addDays(TODAY, 1))).total.amountKurus;
    expect(shownTiles['Kullanılan bütçe']).toBe(`%${(spent * 100n) / 100_000n}`);
    expect(shownTiles['Son ödeme günü']).toMatch(/^(31|30)\.\d{2}\.\d{4}$/);
    expect(shownTiles['Çeyreğin durumu']).toContain('Açık');
  });

  it('is written down before it is shown, with its days', async () => {
    await show();
    expect(await quarters.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.read',
        data: {
          account: null,
          client: 'konsol',
          detail: 'usage',
          format: 'text',
          from: quarterDays(RUNNING).from,
          to: addDays(TODAY, 1),
          osUser: null,
          revealed: false,
          actor: { session: officer.session.sessionId },
        },
      },
    ]);
  });

  it('shows names of harm as text alone', async () => {
    const html = quarters.desk.html(await show(), officer);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('<bdi>=cmd|&lt;script&gt;');
  });
});

describe('a period that is asked for', () => {
  it('is a whole quarter by its name', async () => {
    const page = await show({ ceyrek: BEFORE });
    expect(tiles(page)).toMatchObject({ Sorgu: '5', Tutar: '15,00 TL' });
    expect(tiles(page)).not.toHaveProperty('Kullanılan bütçe');
    await expect(show({ ceyrek: '2099-Q1' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(show({ ceyrek: "' OR 1=1" })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('takes the last day in, as people say it', async () => {
    const day = istanbulDay(momentIn(BEFORE, 0));
    const [row] = await quarters.desk.sql<{ queries: bigint }>(
      `SELECT count(*) AS queries FROM bridge.fee_line WHERE (sent_at AT TIME ZONE 'Europe/Istanbul')::date = $1`,
      [day],
    );
    expect(tiles(await show({ bas: day, son: day })).Sorgu).toBe(String(row?.queries));
    const [, month = '', date = ''] = day.split('-');
    expect(tiles(await show({ bas: `${date}.${month}.${day.slice(0, 4)}`, son: day })).Sorgu).toBe(
      String(row?.queries),
    );
  });

  it.each([
    [{ bas: '31.02.2026', son: '' }, { bas: 'Takvimde böyle bir gün yok.' }],
    [{ bas: '2026-03-02', son: '2026-03-01' }, { son: 'önce olamaz' }],
    [{ bas: '2020-01-01', son: '2026-01-01' }, { son: 'En çok 400 gün' }],
    [
      { bas: 'x', son: 'y' },
      { bas: 'Gün olarak okunamadı (01.07.2026 gibi yazılır).', son: 'Gün olarak okunamadı' },
    ],
    [
      { bas: '1899-01-01', son: '1899-02-01' },
      { bas: 'yüzyılın dışında', son: 'yüzyılın dışında' },
    ],
  ])('comes back with what is wrong, keeps %j, and shows nothing of the book', async (query, errors) => {
    const before = (await quarters.desk.lastEntries(1_000)).length;
    const answer = await quarters.ask('fees', officer, { query });
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    const { page } = answer as { page: Page };
    expect(errorsOf(page)).toEqual(
      Object.fromEntries(Object.entries(errors).map(([name, says]) => [name, expect.stringContaining(says)])),
    );
    const fields = partsOf(page, 'form').flatMap((form) => form.fields);
    expect(Object.fromEntries(fields.map((one) => [one.name, 'value' in one ? one.value : '']))).toEqual(
      query,
    );
    expect(partsOf(page, 'table')).toEqual([]);
    expect((await quarters.desk.lastEntries(1_000)).length).toBe(before);
  });
});

describe('sums that are far behind the log', () => {
  it('are waited for: the page tells how far they are, and shows no figure', async () => {
    const { parts } = quarters;
    const db = {
      ...parts.db,
      query: async <R extends object>(statement: { readonly text: string }) => {
        if (!statement.text.includes('AS folded')) throw new Error('nothing else is read');
        return { rows: [{ folded: 10n, indexed: 10n, head: 5_000_000n }] as unknown as R[], count: 1 };
      },
    };
    const { handlers } = openQuarters({ ...parts, db: db as typeof parts.db });
    const answer = await handlers.fees(quarters.desk.call('fees', officer));
    const { page } = answer as { page: Page };
    expect(partsOf(page, 'progress')).toMatchObject([
      { done: 10, total: 5_000_000, refresh: `/konsol/mali?ceyrek=${RUNNING}` },
    ]);
    expect(partsOf(page, 'table')).toEqual([]);
  });
});

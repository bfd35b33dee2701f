import { randomUUID } from 'node:crypto';
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
    for (const [ceyrek, reason] of [
      ['2099-Q1', 'quarter-not-begun'],
      ["' OR 1=1", 'no-such-quarter'],
    ] as const)
      expect(await quarters.ask('fees', officer, { query: { ceyrek } })).toMatchObject({
        status: 404,
        refused: { code: 'NOT_FOUND', reason },
      });
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

describe('a correction that is billed in another quarter than its day’s', () => {
  const text = (page: Page) =>
    partsOf(page, 'notice')
      .flatMap(({ list = [] }) => list)
      .map(shown)
      .join(' | ');

  it('counts in the quarter whose statement has it, at every level, and is named in words and money by both and by the days', async () => {
    const day = istanbulDay(momentIn(BEFORE, 0));
    const sent = await usage(quarterDays(BEFORE).from, quarterDays(BEFORE).to);
    const before = whole(tiles(await show({ ceyrek: BEFORE })).Tutar);
    const running = whole(tiles(await show()).Tutar);
    await correction(day);
    for (const [quarter, amount] of [
      [BEFORE, before],
      [RUNNING, running - 300n],
    ] as const) {
      const page = await show({ ceyrek: quarter });
      const statement = await quarters.page('quarter', officer, { params: { quarter } });
      expect(whole(tableOf(statement, 'Hesaplara göre cetvel').foot?.at(-1))).toBe(amount);
      expect(whole(tiles(page).Tutar)).toBe(amount);
      for (const table of [tableOf(page, 'Gün gün'), tableOf(page, 'Hesaplara göre')]) {
        const at = table.columns.findIndex(({ label }) => shown(label) === 'Tutar');
        expect([whole(table.foot?.[at]), columnSum(table, at)]).toEqual([amount, amount]);
      }
      expect(text(page)).toContain('-3,00 TL (-1 birim)');
      expect(text(page)).toContain(`borçlanır (${RUNNING})`);
    }
    const [bas, son] = [quarterDays(BEFORE).from, addDays(quarterDays(BEFORE).to, -1)];
    const days = await show({ bas, son });
    expect(whole(tiles(days).Tutar)).toBe(sent.total.amountKurus - 300n);
    expect(columnSum(tableOf(days, 'Gün gün'), 3)).toBe(sent.total.amountKurus - 300n);
    expect(text(days)).toContain(`-3,00 TL (-1 birim)`);
    expect(text(days)).toContain(`(${RUNNING})`);
    expect(text(await show({ bas: TODAY, son: TODAY }))).not.toContain('borçlanır');
  });
});

describe('a forecast for which too few days are over', () => {
  it('is none on the tile and in the table alike, and both say how many days are over and since when', async () => {
    const few = await QuarterDesk.open();
    try {
      const person = await few.finance(2);
      const sentAt = new Date();
      await few.book({ sentAt, unitPriceKurus: 300 });
      await few.book({ sentAt, account: 'ticaret', feeClass: 'outside', unitPriceKurus: 0 });
      const page = await few.page('fees', person);
      const tile = partsOf(page, 'tiles')[0]?.tiles.find(
        ({ label }) => shown(label) === 'Çeyrek sonu tahmini',
      );
      const table = tableOf(page, 'Hesaplara göre');
      const why = shown(tile?.note ?? '');
      expect(shown(tile?.value ?? '')).toBe('yok');
      expect(why).toContain(`${istanbulDay(sentAt).split('-').reverse().join('.')} gününden`);
      expect(why).toContain('0 tam gün bitti; en az 7 gerekir');
      expect([...table.rows.map((row) => row[7]), table.foot?.[7]].map((cell) => shown(cell ?? ''))).toEqual([
        ...Array(2).fill(`yok / ${why}`),
        'yok',
      ]);
    } finally {
      await few.close();
    }
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

/** Takes one unit of a query of that day off, billed in the quarter that runs. */
async function correction(day: string): Promise<void> {
  const { desk } = quarters;
  const [imported, difference] = [randomUUID(), randomUUID()];
  const { from, to } = quarterDays(BEFORE);
  const account = desk.config.accounts[0]?.id;
  await desk.sql(
    `INSERT INTO bridge.fee_import VALUES ($1, $2, $3, $4, decode(repeat('00', 32), 'hex'), 'total', now(), 0)`,
    [imported, account, from, addDays(to, -1)],
  );
  await desk.sql(
    `INSERT INTO bridge.fee_difference VALUES ($1, $2, 0, 'unknown-outcome', NULL, NULL, -1, -300, 1, NULL, NULL)`,
    [difference, imported],
  );
  const [line] = await desk.sql<{ id: string }>(
    'SELECT query_id AS id FROM bridge.fee_line WHERE quarter = $1 LIMIT 1',
    [BEFORE],
  );
  await desk.sql(
    `INSERT INTO bridge.fee_correction VALUES ($1, 'birlik', 'paying', $2, $3, $4, false, -1, 300, -300, $5, 0)`,
    [line?.id, RUNNING, BEFORE, day, difference],
  );
}

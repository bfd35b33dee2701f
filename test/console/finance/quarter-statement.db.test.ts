import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulDay, quarterDays } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { readSums } from '../../../src/fees/statement/read-sums.js';
import { CUTS } from '../../../src/fees/statement/statement.js';
import type { LineWish } from '../../fees/quarter/support/quarter-house.js';
import {
  CLOSABLE,
  columnSum,
  momentIn,
  numeric,
  partsOf,
  QuarterDesk,
  RUNNING,
  shown,
  tableOf,
  whole,
} from './quarter-desk.js';

const HOSTILE = '<script>alert(1)</script>\u202E=cmd';
const LONG = 'ş'.repeat(300);
const RESULTS = ['match', 'mismatch', 'unknown', 'not-sent'];
const COUNT = 173;
const PARAMS = { quarter: CLOSABLE };

let quarters: QuarterDesk;
let officer: ConsolePerson;

/** Lines of all shapes over a quarter, with names that somebody chose in order to do harm. */
function lineWishes(): readonly LineWish[] {
  return Array.from({ length: COUNT }, (_, i): LineWish => {
    const isSent = i % 4 !== 3;
    const isOutside = i % 5 === 0;
    return {
      // Several at the very same moment: only their ids tell them apart.
      sentAt: momentIn(CLOSABLE, (Math.floor(i / 3) * 37) % 999),
      account: isOutside ? 'ticaret' : 'birlik',
      feeClass: isOutside ? 'outside' : 'paying',
      il: ['Ankara', HOSTILE, 'İstanbul'][i % 3] ?? '',
      unit: i % 7 === 0 ? LONG : 'kooperatif',
      service: i % 11 === 0 ? HOSTILE : 'BilesikKutukSorgulaKimlikNoServis',
      cooperative: String(10 ** 15 + (i % 70)),
      result: RESULTS[i % 4] ?? '',
      sent: isSent,
      units: isSent ? 1 : 0,
      unitPriceKurus: isOutside ? 0 : i % 6 === 0 ? 123_456 : 2,
      actorTag: Buffer.alloc(16, i % 61),
    };
  });
}

beforeAll(async () => {
  quarters = await QuarterDesk.open();
  officer = await quarters.finance(1);
  await quarters.book(...lineWishes(), { sentAt: new Date() });
});
afterAll(() => quarters.close());

const quarterPage = (query: Readonly<Record<string, string>> = {}) =>
  quarters.page('quarter', officer, { params: PARAMS, query });

async function bookedTotal() {
  const { from, to } = quarterDays(CLOSABLE);
  const { sums } = await readSums(quarters.desk.test.db, {
    period: { quarter: CLOSABLE, from, to },
    accounts: null,
  });
  return sums;
}

describe('the statement of a quarter on its page', () => {
  it.each(CUTS)(
    'shows every sum of the cut by %s, and its total is the sum of its rows to the kuruş',
    async (cut) => {
      const page = await quarterPage({ kirilim: cut });
      const [table] = partsOf(page, 'table').filter(({ caption }) => shown(caption).endsWith('kırılımı'));
      if (table === undefined) throw new Error('no cut');
      for (const n of numeric(table)) expect(whole(table.foot?.[n])).toBe(columnSum(table, n));
      const sums = (await bookedTotal()).filter((one) => one.cut === cut);
      expect(sums.length).toBeGreaterThan(0);
      expect(table.rows.map((row) => [shown(row[0] ?? ''), ...row.slice(3).map(whole)])).toEqual(
        sums.map((one) => [one.account, one.lines, one.queries, one.units, one.amountKurus]),
      );
    },
  );

  it('has the accounts with what was booked and what counts, and the total of the statement beneath', async () => {
    const table = tableOf(await quarterPage(), 'Hesaplara göre cetvel');
    const wholes = (await bookedTotal()).filter((one) => one.cut === null);
    expect(
      table.rows.map((row) => [shown(row[0] ?? ''), whole(row[3]), whole(row[4]), whole(row[5])]),
    ).toEqual(wholes.map((one) => [one.account, one.queries, one.units, one.amountKurus]));
    for (const n of numeric(table)) expect(whole(table.foot?.[n])).toBe(columnSum(table, n));
  });

  it('narrows the cut to one account, and refuses one that neither settings nor book have', async () => {
    const page = await quarterPage({ kirilim: 'il', hesap: 'birlik' });
    expect(new Set(tableOf(page, 'İl kırılımı').rows.map(([account]) => account))).toEqual(
      new Set(['birlik']),
    );
    await expect(quarterPage({ hesap: '10000000146' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(quarterPage({ kirilim: 'actor_tag' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of one account has its figures alone in every table of the statement, says whose, and links to its files', async () => {
    const page = await quarterPage({ hesap: 'birlik' });
    const table = tableOf(page, 'Hesaplara göre cetvel');
    expect(new Set(table.rows.map(([account]) => account))).toEqual(new Set(['birlik']));
    for (const n of numeric(table)) expect(whole(table.foot?.[n])).toBe(columnSum(table, n));
    const [tiles] = partsOf(page, 'tiles');
    expect(whole(tiles?.tiles[0]?.value)).toBe(whole(table.foot?.at(-1)));
    expect(partsOf(page, 'notice').some(({ list = [] }) => list.includes('birlik'))).toBe(true);
    const hrefs = partsOf(page, 'links').flatMap(({ links }) => links.map(({ href }) => href));
    const files = hrefs.filter((href) => href.includes('/dosya?'));
    expect(files).toHaveLength(3);
    for (const href of files) expect(href).toMatch(/&hesap=birlik$/);
    const choice = partsOf(page, 'form')
      .flatMap(({ fields }) => fields)
      .find(({ name }) => name === 'dosya-hesap');
    expect(choice).toMatchObject({ kind: 'select', value: 'birlik' });
  });

  it('of a quarter before the book says on which day the book begins, and offers to close it as it is', async () => {
    const page = await quarters.page('quarter', officer, { params: { quarter: '2020-Q1' } });
    const state = partsOf(page, 'tiles')[0]?.tiles.find(({ label }) => shown(label) === 'Durum');
    expect(shown(state?.value ?? '')).toBe('Defter başlamadan önce');
    const [begins] = await quarters.desk.sql<{ day: string }>(
      `SELECT to_char(min(day), 'DD.MM.YYYY') AS day FROM bridge.fee_rollup`,
    );
    expect(partsOf(page, 'notice').map(({ text }) => shown(text))).toContainEqual(
      expect.stringContaining(`Defter ${begins?.day} günü başlar`),
    );
    const actions = partsOf(page, 'form').map(({ action }) => action);
    expect(actions.filter((action) => action.endsWith('/dondur'))).toHaveLength(1);
  });

  it('gives nothing of a quarter to come, or of what is none, and says which of the two, with the way on', async () => {
    for (const [quarter, reason, title] of [
      ['2099-Q1', 'quarter-not-begun', 'henüz başlamadı'],
      ['2026-Q5', 'no-such-quarter', 'Böyle bir çeyrek yok'],
      ['1999-Q4', 'no-such-quarter', 'Böyle bir çeyrek yok'],
      [`${CLOSABLE} `, 'no-such-quarter', 'Böyle bir çeyrek yok'],
      ['..', 'no-such-quarter', 'Böyle bir çeyrek yok'],
    ] as const)
      for (const id of ['quarter', 'quarter.lines', 'quarter.users'] as const) {
        const answer = await quarters.ask(id, officer, { params: { quarter } });
        expect(answer).toMatchObject({ status: 404, refused: { code: 'NOT_FOUND', reason } });
        const { page } = answer as { page: Page };
        expect(shown(page.title)).toContain(title);
        expect(partsOf(page, 'table')).toEqual([]);
        expect(partsOf(page, 'links')[0]?.links.map(({ href }) => href)).toContain('/konsol/mali/ceyrekler');
      }
    const html = quarters.desk.html(
      await quarters.page('quarter', officer, { params: { quarter: '2099-Q1' } }),
      officer,
    );
    expect(html).toContain('01.01.2099');
  });

  it('writes who looked before it shows, and cooperatives as a look of their own', async () => {
    await quarterPage({ kirilim: 'cooperative' });
    const what = {
      account: null,
      client: 'konsol',
      format: 'text',
      reason: null,
      revealed: false,
      osUser: null,
    };
    const { from, to } = quarterDays(CLOSABLE);
    expect(await quarters.desk.lastEntries(2)).toMatchObject([
      { kind: 'fees.read', data: { ...what, detail: 'totals', from, to } },
      { kind: 'fees.read', data: { ...what, detail: 'cooperatives', from, to } },
    ]);
  });

  it('shows nothing while the log cannot be relied on', async () => {
    const gate = {
      isSound: () => false,
      requireSound: () => {
        throw new Error('not sound');
      },
    };
    const { openQuarters } = await import('../../../src/house/console/open-quarters.js');
    const { handlers } = openQuarters({ ...quarters.parts, gate });
    for (const id of ['fees', 'quarter', 'quarter.lines', 'quarter.users'] as const)
      await expect(handlers[id](quarters.desk.call(id, officer, { params: PARAMS }))).rejects.toThrow(
        'not sound',
      );
  });

  it('is open to finance alone', async () => {
    const other = await quarters.desk.person(9, [{ role: 'security-officer' }, { role: 'administrator' }]);
    for (const id of [
      'fees',
      'quarters',
      'quarter',
      'quarter.lines',
      'quarter.users',
      'quarter.file',
    ] as const)
      expect(() => quarters.desk.call(id, other, { params: PARAMS })).toThrow(
        expect.objectContaining({ code: 'ROLE_REQUIRED' }),
      );
  });

  it('shows names of harm as text alone, in both languages', async () => {
    for (const cut of ['il', 'service', 'unit'])
      for (const language of ['tr', 'en'] as const) {
        const html = quarters.desk.html(await quarterPage({ kirilim: cut }), officer, language);
        expect(html).not.toContain('<script>alert');
        if (cut !== 'unit') expect(html).toContain('<bdi>&lt;script&gt;alert(1)&lt;/script&gt;');
      }
  });
});

/** Every page of a list, by its pager. */
async function walk(id: 'quarter' | 'quarter.lines' | 'quarter.users', query: Record<string, string> = {}) {
  const pages: Page[] = [];
  let next: URLSearchParams | null = new URLSearchParams(query);
  while (next !== null && pages.length < 20) {
    const page = await quarters.page(id, officer, { params: PARAMS, query: Object.fromEntries(next) });
    pages.push(page);
    const [pager] = partsOf(page, 'pager');
    next = pager?.next == null ? null : new URL(pager.next, 'https://x.example').searchParams;
  }
  return pages;
}

describe('lines of a quarter, page by page', () => {
  it('has each line once, fifty to a page, the newest of an account first, and adds up to the quarter', async () => {
    const tables = (await walk('quarter.lines')).map((page) => tableOf(page, 'Sorgu satırları'));
    expect(tables.map(({ rows }) => rows.length)).toEqual([50, 50, 50, COUNT - 150]);
    const rows = tables.flatMap((table) => table.rows);
    const expected = await quarters.desk.sql<{ id: string }>(
      `SELECT query_id AS id FROM bridge.fee_line WHERE quarter = $1 ORDER BY account_id COLLATE "C", sent_at DESC, query_id DESC`,
      [CLOSABLE],
    );
    expect(rows.map((row) => shown(row.at(-1) ?? ''))).toEqual(expected.map(({ id }) => id));
    const booked = (await bookedTotal()).filter((one) => one.cut === null);
    expect(tables.reduce((sum, table) => sum + whole(table.foot?.[6]), 0n)).toBe(
      booked.reduce((sum, one) => sum + one.amountKurus, 0n),
    );
    for (const table of tables) expect(whole(table.foot?.[6])).toBe(columnSum(table, 6));
  });

  it('narrows to an account and a day, and says what all of those come to', async () => {
    const [some] = await quarters.desk.sql<{ sentAt: Date }>(
      `SELECT sent_at AS "sentAt" FROM bridge.fee_line WHERE quarter = $1 AND account_id = 'birlik' ORDER BY query_id LIMIT 1`,
      [CLOSABLE],
    );
    const gun = istanbulDay(some?.sentAt ?? new Date());
    const [day] = await quarters.desk.sql<{ lines: bigint; amount: bigint }>(
      `SELECT count(*) AS lines, sum(amount_kurus)::bigint AS amount FROM bridge.fee_line
        WHERE account_id = 'birlik' AND (sent_at AT TIME ZONE 'Europe/Istanbul')::date = $1`,
      [gun],
    );
    const [page, ...more] = await walk('quarter.lines', { hesap: 'birlik', gun });
    if (page === undefined) throw new Error('no page');
    const table = tableOf(page, 'Sorgu satırları');
    expect([more.length, BigInt(table.rows.length), whole(table.foot?.[6])]).toEqual([
      0,
      day?.lines,
      day?.amount,
    ]);
    expect(shown(partsOf(page, 'pager')[0]?.shown ?? '')).toContain(`${day?.lines} satır,`);
  });

  it('says beside the field what is no day, and keeps it', async () => {
    const answer = await quarters.ask('quarter.lines', officer, {
      params: PARAMS,
      query: { gun: '31.02.2026' },
    });
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    const page = (answer as { page: Page }).page;
    const field = partsOf(page, 'form')[0]?.fields.find(({ name }) => name === 'gun');
    expect(field).toMatchObject({
      value: '31.02.2026',
      error: { tr: expect.stringContaining('Takvimde böyle bir gün yok') },
    });
    expect(partsOf(page, 'table')).toEqual([]);
  });

  it('goes on only behind a query of the book', async () => {
    for (const sonra of ['00000000-0000-4000-8000-00000000dead', "'; DROP TABLE", '1'])
      await expect(
        quarters.page('quarter.lines', officer, { params: PARAMS, query: { sonra } }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leads to no entry of the log, which finance may not open, and names nobody', async () => {
    const page = await quarters.page('quarter.lines', officer, { params: PARAMS });
    const html = quarters.desk.html(page, officer);
    expect(html).not.toContain('/konsol/guvenlik');
    expect(html).not.toMatch(/\b[1-9]\d{10}\b/);
  });

  it('is told in the log with its account', async () => {
    await quarters.page('quarter.lines', officer, { params: PARAMS, query: { hesap: 'birlik' } });
    expect(await quarters.desk.lastEntries(1)).toMatchObject([
      { kind: 'fees.read', data: { account: 'birlik', detail: 'lines', client: 'konsol' } },
    ]);
  });
});

describe('users and cooperatives of a quarter, page by page', () => {
  it('masks every user, numbers places through the pages, and adds up', async () => {
    const pages = await walk('quarter.users');
    const tables = pages.map((page) => tableOf(page, 'Kullanıcılar'));
    const rows = tables.flatMap((table) => table.rows);
    const expected = await quarters.desk.sql<{ account: string; lines: bigint; amount: bigint }>(
      `SELECT account_id AS account, count(*) AS lines, sum(amount_kurus)::bigint AS amount FROM bridge.fee_line
        WHERE quarter = $1 GROUP BY account_id, fee_class, actor_tag ORDER BY account_id, fee_class, actor_tag`,
      [CLOSABLE],
    );
    expect(rows.map((row) => [shown(row[0] ?? ''), row[1], whole(row[3]), whole(row[6])])).toEqual(
      expected.map(({ account, amount, lines }, i) => [`*** (${i + 1})`, account, lines, amount]),
    );
    expect(rows.length).toBeGreaterThan(50);
    for (const table of tables)
      for (const n of numeric(table)) expect(whole(table.foot?.[n])).toBe(columnSum(table, n));
  });

  it('puts no tag and no number of a person into an address', async () => {
    const [first] = await walk('quarter.users');
    if (first === undefined) throw new Error('no page');
    expect(partsOf(first, 'pager')[0]?.next).toMatch(/\?sonra=\d{1,6}&sira=50$/);
  });

  it('has each cooperative of each account once', async () => {
    const tables = (await walk('quarter', { kirilim: 'cooperative' })).map((page) =>
      tableOf(page, 'Kooperatif'),
    );
    const expected = await quarters.desk.sql<{ account: string; cooperative: string; amount: bigint }>(
      `SELECT account_id AS account, cooperative, sum(amount_kurus)::bigint AS amount FROM bridge.fee_line
        WHERE quarter = $1 GROUP BY account_id, fee_class, cooperative ORDER BY account_id, fee_class, cooperative`,
      [CLOSABLE],
    );
    expect(tables.length).toBeGreaterThan(1);
    expect(tables.flatMap(({ rows }) => rows.map((row) => [row[0], row[2], whole(row[6])]))).toEqual(
      expected.map(({ account, amount, cooperative }) => [account, cooperative, amount]),
    );
  });

  it('refuses a place that is none', async () => {
    for (const query of [
      { sonra: 'x', sira: '1' },
      { sonra: '999999999', sira: '1' },
      { sonra: '1', sira: '-1' },
    ])
      await expect(quarters.page('quarter.users', officer, { params: PARAMS, query })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    await expect(quarterPage({ kirilim: 'cooperative', sonra: "a,paying,'" })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the history of quarters', () => {
  it('has the one that runs first, with what each comes to', async () => {
    const table = tableOf(await quarters.page('quarters', officer), 'Çeyrekler');
    const booked = (await bookedTotal()).filter((one) => one.cut === null);
    const amount = booked.reduce((sum, one) => sum + one.amountKurus, 0n);
    const names = table.rows.map(([cell]) => (cell as { href: string }).href.split('/').at(-1));
    expect(names).toEqual([RUNNING, CLOSABLE]);
    expect(whole(table.rows[1]?.[4])).toBe(amount);
  });

  it('goes on by the name of a quarter, and refuses what is none', async () => {
    const table = tableOf(
      await quarters.page('quarters', officer, { query: { once: RUNNING } }),
      'Çeyrekler',
    );
    expect(table.rows.length).toBe(1);
    await expect(quarters.page('quarters', officer, { query: { once: 'x' } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

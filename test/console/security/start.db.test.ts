import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublisher } from '../../../src/audit/checkpoint/publisher.js';
import { foldDays } from '../../../src/audit/day/fold-days.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { ConsoleRefusal } from '../../../src/console/frame/console-problem.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { formatCount } from '../../../src/fees/kurus.js';
import { openSearch } from '../../../src/house/console/open-search.js';
import { publisherDepsOf } from '../../../src/house/open-evidence.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import { BASIS, leavesOf, officerOf, partOf, write, writeQuery } from './search-support.js';

let desk: ConsoleDesk;
let officer: ConsolePerson;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  officer = await officerOf(desk, 900);
});
afterAll(() => desk.close());

const open = async (given: Parameters<ConsoleDesk['parts']>[0] = {}): Promise<Page> =>
  pageOf(await openSearch(desk.parts(given)).handlers.security(desk.call('security', officer)));
const tiles = (page: Page) =>
  Object.fromEntries(
    partOf(page, 'tiles').tiles.map(({ label, value }) => [(label as { tr: string }).tr, value]),
  );

/** KPS was asked and stayed silent. */
const SILENT = { code: 'KPS_OUTCOME_UNKNOWN', outcome: null, reason: 'timeout', state: 'unknown' } as const;
const refusal = (code: string) =>
  write(desk, 'query.refused', {
    ...{ actor: null, client: 'core', code, cooperative: null, instance: 'test-1', institution: 'K' },
    ...{ purpose: null, reason: null, requestId: null, screen: null },
  });

describe('the start page of security', () => {
  it('shows today’s queries, refusals, unknown outcomes and open signals as the log has them', async () => {
    for (let i = 0; i < 3; i += 1) await writeQuery(desk, { actor: 1, subject: 2 });
    await writeQuery(desk, { actor: 1, subject: 2, outcome: SILENT });
    await writeQuery(desk, { actor: 1, subject: 3, outcome: SILENT });
    for (const code of ['ROLE_REQUIRED', 'ROLE_REQUIRED', 'RATE_LIMITED', 'BUDGET_STOP']) await refusal(code);
    await write(desk, 'token.refused', {
      client: 'core',
      error: 'invalid_grant',
      reason: 'expired',
      session: null,
    });
    const signal = `INSERT INTO bridge.signal (signal_id, rule, measure, actor_tag, year, window_start, window_end, measured, threshold,
      raised_leaf, raised_at) VALUES ($1, 'r', 'people-asked-about', NULL, 2026, now(), now() + interval '1 hour', 5, 4, $2, now())`;
    for (const leaf of [1, 2]) await desk.sql(signal, [randomUUID(), leaf]);
    const page = await open();
    expect(tiles(page)).toEqual({
      'Bugünkü sorgular': '5',
      'Bugün reddedilen sorgular': '4',
      'Bugün sonucu bilinmeyen': '2',
      'Bugünkü diğer retler': '1',
      'Açık uyarılar': '2',
    });
    const chart = partOf(page, 'chart');
    expect(chart.chart.points).toHaveLength(30);
    expect(chart.chart.points.at(-1)).toBe(istanbulDay(new Date()));
    expect(chart.chart.series.map(({ values }) => values.at(-1))).toEqual([5, 4]);
    expect(chart.table.rows).toHaveLength(30);
    expect(chart.table.rows.at(-1)?.slice(1)).toEqual(['5', '4', '2']);
    expect(page.parts.some(({ part }) => part === 'notice')).toBe(false);
  });

  it('leads from each number to the search with that filter', async () => {
    const page = await open();
    const links = partOf(page, 'tiles').tiles.map(({ href }) => href);
    expect(links).toEqual([
      ...['tur=sorgu', 'tur=ret', 'sonuc=unknown', 'tur=diger-ret'].map(
        (filter) => `/konsol/guvenlik/arama?donem=bugun&${filter}`,
      ),
      '/konsol/guvenlik/uyarilar',
    ]);
    const { search } = openSearch(desk.parts()).handlers;
    for (const href of links.slice(0, 4)) {
      const query = Object.fromEntries(new URL(`https://x${href}`).searchParams);
      const form = partOf(pageOf(await search(desk.call('search', officer, { query }))), 'form');
      expect(form.fields.find(({ name }) => name === 'kinds')).toMatchObject({
        values: query.tur === undefined ? [] : [query.tur],
      });
      expect(form.fields.find(({ name }) => name === 'outcome')).toMatchObject({ value: query.sonuc ?? '' });
      expect(form.fields.find(({ name }) => name === 'from')).toMatchObject({
        value: `${istanbulDay(new Date())}T00:00`,
      });
    }
  });

  it('counts as unknown what the search by that outcome finds', async () => {
    const handlers = openSearch(desk.parts()).handlers;
    const fields = typed({ ...BASIS, outcome: 'unknown', from: `${istanbulDay(new Date())}T00:00` });
    const kept = await handlers['search.make'](desk.call('search.make', officer, { fields }));
    const look = kept.kind === 'see-other' ? (kept.to.split('/').at(-1) ?? '') : '';
    const found = pageOf(
      await handlers['search.page'](desk.call('search.page', officer, { params: { look } })),
    );
    const count = tiles(await open())['Bugün sonucu bilinmeyen'];
    expect(leavesOf(found)).toHaveLength(Number(count));
    expect(Number(count)).toBeGreaterThan(0);
  });

  it('tells how the log stands: last entry, checkpoint, time stamp and verification', async () => {
    const before = desk.html(await open(), officer);
    expect(before).toContain('henüz yok');
    expect(before).toContain('kayıtlı doğrulama yok');
    await write(desk, 'log.checked', { check: null, instance: 'test-1', leaf: null, ok: true, size: 12 });
    await write(desk, 'log.checked', { check: 'tree', instance: 'test-1', leaf: 4, ok: false, size: 1234 });
    const checkpoint = await createPublisher(publisherDepsOf(desk.config, desk.test.db)).publish();
    await desk.sql('INSERT INTO bridge.log_timestamp VALUES ($1, $2, $3, $4, $5, $5)', [
      ...[
        desk.config.audit.origin,
        checkpoint?.size,
        'kamusm',
        Buffer.alloc(1),
        new Date('2026-05-04T06:30:00Z'),
      ],
    ]);
    const html = desk.html(await open(), officer);
    const head = await desk.sql<{ size: bigint }>('SELECT size FROM bridge.log_head');
    expect(html).toContain(`/konsol/guvenlik/kayit/${(head[0]?.size ?? 0n) - 1n}`);
    expect(html).toContain(`${formatCount(checkpoint?.size ?? 0n)} kaydı kapsar`);
    expect(html).toContain('04.05.2026 09:30');
    expect(html).toContain('tutmuyor');
    expect(html).toContain('tree');
    expect(html).toContain('1.234 kaydı kapsar');
  });

  it('says that the log does not count as sound where it does not', async () => {
    const gate = { requireSound: () => undefined, isSound: () => false } as never;
    expect(desk.html(await open({ gate }), officer)).toContain('sağlam sayılmıyor');
    expect(desk.html(await open(), officer)).not.toContain('sağlam sayılmıyor');
  });

  it('counts no more than a bounded step by itself, and says that counting is under way', async () => {
    await foldDays(desk.test.db);
    await desk.sql('UPDATE bridge.log_day_fold SET size = 0');
    await desk.sql('UPDATE bridge.log_head SET size = size + 20000');
    try {
      expect(desk.html(await open(), officer)).toContain('Sayım sürüyor');
    } finally {
      await desk.sql('UPDATE bridge.log_head SET size = size - 20000');
    }
  });

  it('is for security officers and log inspectors alone', async () => {
    const finance = await desk.person(901, [{ role: 'finance' }, { role: 'administrator' }]);
    expect(() => desk.call('security', finance)).toThrow(ConsoleRefusal);
    const inspector = await desk.person(902, [{ role: 'log-inspector' }]);
    expect(() => desk.call('security', inspector)).not.toThrow();
  });

  it('brings the chore that counts', async () => {
    const { chores = [] } = openSearch(desk.parts());
    expect(chores.map(({ event, everyMs }) => [event, everyMs])).toEqual([['days.count', 1_000]]);
    await chores[0]?.work();
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { quarterDays } from '../../../src/calendar/istanbul-day.js';
import { readUsage, type UsageSettings, type UsageWish } from '../../../src/fees/ahead/read-usage.js';
import type { AccountUsage } from '../../../src/fees/ahead/usage.js';
import { usageDocument } from '../../../src/fees/ahead/usage-document.js';
import { readStatement } from '../../../src/fees/statement/read-statement.js';
import { openQuarterHouse, type QuarterHouse, REGISTER } from '../quarter/support/quarter-house.js';

const QUARTER = { from: '2026-07-01', to: '2026-07-16', account: null };
const SETTINGS: UsageSettings = {
  accounts: [
    {
      ...{ id: 'birlik', institution: 'Örnek Birlik', feeClass: 'paying' },
      feeClassChanges: [],
      budget: { quarterKurus: 100, quarterQueries: null, stopAtPercent: 100 },
    },
    {
      id: 'ticaret',
      institution: 'Ticaret Bakanlığı',
      feeClass: 'outside',
      feeClassChanges: [],
      budget: null,
    },
  ],
  clients: [
    { id: 'portal', account: 'birlik' },
    { id: 'core', account: 'ticaret' },
    { id: 'reports', account: null },
  ],
  inputs: [],
  service: { name: REGISTER, version: '2024/04/01' },
  holidays: ['2026-07-16'],
};

let house: QuarterHouse;
beforeEach(async () => {
  house = await openQuarterHouse('2026-07-15T09:00:00.000Z');
});
afterEach(() => house.close());

const usage = (wish: Partial<UsageWish> = {}, settings: Partial<UsageSettings> = {}) =>
  readUsage(house.test.db, { ...SETTINGS, ...settings }, { ...QUARTER, ...wish }, house.now);
const of = async (account: string, ...args: Parameters<typeof usage>): Promise<AccountUsage> => {
  const found = (await usage(...args)).accounts.find((one) => one.account === account);
  if (found === undefined) throw new Error('no such account');
  return found;
};
const at = (text: string) => new Date(text);
const lines = (n: number, sentAt: string, over: object = {}) =>
  house.book(...Array.from({ length: n }, () => ({ sentAt: at(sentAt), ...over })));
const OUTSIDE = { account: 'ticaret', feeClass: 'outside' as const, unitPriceKurus: 0 };

describe('use of a period', () => {
  it('is told by account and day of sending, outside the fee too, with what was just booked', async () => {
    await lines(3, '2026-07-01T09:00:00Z');
    await lines(2, '2026-07-14T09:00:00Z', OUTSIDE);
    await lines(1, '2026-07-14T09:00:00Z', { result: 'not-sent', sent: false, units: 0 });
    const found = await usage();
    expect(
      found.accounts.map(({ account, amountKurus, feeClass, queries, units }) => [
        account,
        feeClass,
        queries,
        units,
        amountKurus,
      ]),
    ).toEqual([
      ['birlik', 'paying', 3, 3, 6n],
      ['ticaret', 'outside', 2, 2, 0n],
    ]);
    expect(found.accounts[0]?.days).toEqual([
      { day: '2026-07-01', queries: 3, units: 3, amountKurus: 6n },
      { day: '2026-07-14', queries: 0, units: 0, amountKurus: 0n },
    ]);
    expect(found.total).toEqual({ queries: 5, units: 5, amountKurus: 6n });
  });

  it('begins and ends at midnight in Istanbul', async () => {
    await lines(1, '2026-06-30T20:59:59.999Z');
    await lines(1, '2026-06-30T21:00:00.000Z');
    await lines(1, '2026-07-15T20:59:59.999Z');
    await lines(1, '2026-07-15T21:00:00.000Z');
    expect((await of('birlik')).days.map(({ day }) => day)).toEqual(['2026-07-01', '2026-07-15']);
  });

  it('is held against as many days of the quarter before', async () => {
    await lines(4, '2026-04-15T09:00:00Z');
    await lines(1, '2026-04-16T09:00:00Z');
    const found = await usage();
    expect(found.compared).toEqual({ from: '2026-04-01', to: '2026-04-16' });
    expect(found.accounts[0]?.compared).toEqual({ queries: 4, units: 4, amountKurus: 8n });
  });

  it('equals a statement of the same days, corrections included', async () => {
    const [id] = await lines(2, '2026-07-03T09:00:00Z', { result: 'unknown' });
    await correct(id as string);
    const found = await of('birlik');
    expect(found).toMatchObject({ queries: 2, units: 1, amountKurus: 2n });
    const statement = await house.test.db.transaction((tx) =>
      readStatement(tx, house.settings, {
        period: { quarter: null, from: QUARTER.from, to: QUARTER.to },
        account: 'birlik',
      }),
    );
    expect(found).toMatchObject(statement.total);
  });

  it('as a quarter is what its statement bills; what is billed in another quarter is named by both', async () => {
    const [id] = await lines(2, '2026-07-03T09:00:00Z', { result: 'unknown' });
    await lines(1, '2026-10-05T09:00:00Z');
    await correct(id as string);
    house.now = new Date('2026-10-15T09:00:00Z');
    const moved = { ofQuarter: '2026-Q3', quarter: '2026-Q4', queries: 0, units: -1, amountKurus: -2n };
    const statement = async (quarter: string) =>
      (
        await house.test.db.transaction((tx) =>
          readStatement(tx, house.settings, {
            period: { quarter, ...quarterDays(quarter) },
            account: 'birlik',
          }),
        )
      ).total;
    const q3 = await of('birlik', { quarter: '2026-Q3', ...quarterDays('2026-Q3') });
    expect(q3).toMatchObject({ units: 1, amountKurus: 2n, billedElsewhere: [moved] });
    expect(q3.billed).toEqual({ use: await statement('2026-Q3'), sentElsewhere: [] });
    expect(q3.billed?.use).toEqual({ queries: 2, units: 2, amountKurus: 4n });
    const q4 = await of('birlik', { quarter: '2026-Q4', from: '2026-10-01', to: '2026-10-16' });
    expect(q4).toMatchObject({ units: 1, amountKurus: 2n, billedElsewhere: [] });
    expect(q4.billed).toEqual({ use: await statement('2026-Q4'), sentElsewhere: [moved] });
    expect(q4.quarter.used).toEqual({ queries: 1, units: 0, amountKurus: 0n });
    const days = await of('birlik', { from: '2026-10-01', to: '2026-10-16' });
    expect([days.billed, days.billedElsewhere]).toEqual([null, []]);
    const document = usageDocument(await usage({ from: '2026-07-01', to: '2026-10-01' }));
    expect(document.accounts[0]?.billedElsewhere).toEqual([{ ...moved, amountKurus: -2 }]);
  });

  it('of one account leaves the others out, and of an unknown one is empty', async () => {
    await lines(1, '2026-07-01T09:00:00Z');
    expect((await usage({ account: 'ticaret' })).accounts.map(({ account }) => account)).toEqual(['ticaret']);
    expect(await usage({ account: 'nobody' })).toMatchObject({
      accounts: [],
      total: { queries: 0, amountKurus: 0n },
    });
  });

  it('names an account that the settings no longer have, without a class', async () => {
    await lines(1, '2026-07-01T09:00:00Z', { account: 'eski' });
    expect(await of('eski')).toMatchObject({
      institution: null,
      feeClass: null,
      queries: 1,
      amountKurus: 2n,
    });
    expect((await of('eski')).quarter.budget.state).toBe('none');
  });

  it('as JSON has integers alone for counts and money', async () => {
    await lines(1, '2026-07-01T09:00:00Z');
    const text = JSON.stringify(usageDocument(await usage()));
    expect(JSON.parse(text)).toMatchObject({
      total: { queries: 1, units: 1, amountKurus: 2 },
      asOf: '2026-07-15T09:00:00.000Z',
    });
    expect(text).not.toMatch(/\d\.\d+[,}]/);
  });
});

describe('the quarter that runs', () => {
  it('is projected from its days, holidays of fixed date and of the settings apart from working days', async () => {
    for (const day of ['01', '02', '03', '06', '07', '08', '09', '10', '13', '14'])
      await lines(2, `2026-07-${day}T09:00:00Z`);
    await lines(1, '2026-04-01T09:00:00Z');
    // From today on, 15 July (a holiday), 54 working days are left; the others had nothing so far.
    expect((await of('birlik')).quarter.forecast).toMatchObject({
      basis: 'mean-of-days',
      days: 14,
      queries: 20 + 54 * 2,
    });
  });

  it('of an account that began a few days ago is not projected', async () => {
    await lines(5, '2026-07-13T09:00:00Z');
    expect((await of('birlik')).quarter.forecast).toEqual({
      ...{ basis: 'too-few-days', since: '2026-07-13', days: 2, needed: 7 },
    });
  });

  it('names the coming days on which price or class change, and none that are past', async () => {
    await house.sql(
      `INSERT INTO bridge.fee_tariff_switch VALUES ('rg-31168', '2026-08-01', 3, 'per-query', NULL, 'RG 31168', 0),
        ('other', '2026-08-02', 3, 'per-query', 'TumKutukDogrulaServis', 'RG', 0), ('later', '2026-10-01', 5, 'per-query', NULL, 'RG', 0)`,
    );
    const [birlik, ...rest] = SETTINGS.accounts;
    const changing = {
      ...birlik,
      feeClassChanges: [
        { from: '2026-09-01', feeClass: 'outside' },
        { from: '2026-07-01', feeClass: 'paying' },
      ],
    } as (typeof SETTINGS.accounts)[number];
    expect((await of('birlik', {}, { accounts: [changing, ...rest] })).quarter.changes).toEqual([
      '2026-08-01',
      '2026-09-01',
    ]);
  });

  it('tells where its budget stands, whatever period is asked for', async () => {
    await lines(41, '2026-07-01T09:00:00Z');
    const wish = { from: '2026-01-01', to: '2026-02-01' };
    expect((await of('birlik', wish)).quarter).toMatchObject({
      used: { queries: 41, amountKurus: 82n },
      budget: { state: 'near', percentKurus: 82, stopPercent: 100 },
    });
    await lines(9, '2026-07-01T09:00:00Z');
    expect((await of('birlik')).quarter.budget).toMatchObject({ state: 'stopped', percentKurus: 100 });
    await house.sql(`INSERT INTO bridge.fee_stop_lift VALUES ('birlik', '2026-Q3', 150, 1)`);
    expect((await of('birlik')).quarter.budget).toMatchObject({
      state: 'below',
      stopPercent: 150,
      lifted: true,
    });
  });
});

describe('what was spared in the period', () => {
  it('is money for the paying, list value for those outside the fee, by the client’s account', async () => {
    await house.sql(
      `INSERT INTO bridge.fee_saved VALUES ('2026-07-01', 'portal', 'IDENTITY_NUMBER_INVALID', 7), ('2026-07-02', 'portal', 'REPLAYED', 3),
        ('2026-07-02', 'portal', 'REQUEST_INVALID', 2), ('2026-07-02', 'portal', 'RATE_LIMITED', 2), ('2026-06-30', 'portal', 'REPLAYED', 99),
        ('2026-07-16', 'portal', 'REPLAYED', 99), ('2026-07-02', 'core', 'IDENTITY_NUMBER_INVALID', 10), ('2026-07-02', 'reports', 'REPLAYED', 9)`,
    );
    const none = { calls: 0, savedKurus: 0n, listKurus: 0n };
    expect((await of('birlik')).savings).toEqual({
      precheck: { calls: 7, savedKurus: 14n, listKurus: 0n },
      replayed: { calls: 3, savedKurus: 6n, listKurus: 0n },
      badForm: { calls: 2 },
    });
    expect((await of('ticaret')).savings).toEqual({
      precheck: { calls: 10, savedKurus: 0n, listKurus: 20n },
      replayed: none,
      badForm: { calls: 0 },
    });
  });
});

/** Settles an unknown line: it was not counted by them. */
async function correct(query: string): Promise<void> {
  const [imported, difference] = [randomUUID(), randomUUID()];
  await house.sql(
    `INSERT INTO bridge.fee_import VALUES ($1, 'birlik', '2026-07-01', '2026-09-30', decode(repeat('00', 32), 'hex'), 'total', now(), 0)`,
    [imported],
  );
  await house.sql(
    `INSERT INTO bridge.fee_difference VALUES ($1, $2, 0, 'unknown-outcome', NULL, NULL, -1, -2, 1, NULL, NULL)`,
    [difference, imported],
  );
  await house.sql(
    `INSERT INTO bridge.fee_correction VALUES ($1, 'birlik', 'paying', '2026-Q4', '2026-Q3', '2026-07-03', false, -1, 2, -2, $2, 0)`,
    [query, difference],
  );
}

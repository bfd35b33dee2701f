import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quarterDocument } from '../../../src/fees/quarter/quarter-document.js';
import { openQuarterHouse, type QuarterHouse } from './support/quarter-house.js';

let house: QuarterHouse;

beforeAll(async () => {
  house = await openQuarterHouse('2029-01-03T06:00:00Z');
});
afterAll(() => house.close());

describe('the quarter that a query belongs to', () => {
  // By hand: Istanbul is UTC+3 all year, so that its midnight is 21:00 UTC of the day before.
  it.each([
    [
      '2027-Q4',
      '2028-Q1',
      '2027-12-31T20:59:59.999Z',
      '2027-12-31T21:00:00.000Z',
      '2027-12-31',
      '2028-01-01',
    ],
    [
      '2028-Q1',
      '2028-Q2',
      '2028-03-31T20:59:59.999Z',
      '2028-03-31T21:00:00.000Z',
      '2028-03-31',
      '2028-04-01',
    ],
    [
      '2028-Q2',
      '2028-Q3',
      '2028-06-30T20:59:59.999Z',
      '2028-06-30T21:00:00.000Z',
      '2028-06-30',
      '2028-07-01',
    ],
    [
      '2028-Q3',
      '2028-Q4',
      '2028-09-30T20:59:59.999Z',
      '2028-09-30T21:00:00.000Z',
      '2028-09-30',
      '2028-10-01',
    ],
  ])(
    'is %s to 23:59:59.999 and %s from 00:00 on, in Istanbul',
    async (old, next, last, first, lastDay, firstDay) => {
      const account = `hesap-${old.toLowerCase()}`;
      await house.book({ sentAt: new Date(last), account }, { sentAt: new Date(first), account });
      const daysOf = async (quarter: string) =>
        (await house.view(quarter)).document.accounts.find((one) => one.account === account)?.by.day;
      expect(await daysOf(old)).toEqual([{ key: lastDay, lines: 1, queries: 1, units: 1, amountKurus: 2 }]);
      expect(await daysOf(next)).toEqual([{ key: firstDay, lines: 1, queries: 1, units: 1, amountKurus: 2 }]);
    },
  );

  it('has 29 February 2028 whole, from its first instant to its last', async () => {
    const account = 'artik-gun';
    await house.book(
      { sentAt: new Date('2028-02-28T20:59:59.999Z'), account },
      { sentAt: new Date('2028-02-28T21:00:00.000Z'), account },
      { sentAt: new Date('2028-02-29T20:59:59.999Z'), account },
      { sentAt: new Date('2028-02-29T21:00:00.000Z'), account },
    );
    const { document } = await house.view('2028-Q1');
    const { day, month } = document.accounts.find((one) => one.account === account)?.by ?? {};
    expect(day?.map(({ key, queries }) => [key, queries])).toEqual([
      ['2028-02-28', 1],
      ['2028-02-29', 2],
      ['2028-03-01', 1],
    ]);
    expect(month?.map(({ key, queries }) => [key, queries])).toEqual([
      ['2028-02', 3],
      ['2028-03', 1],
    ]);
  });
});

describe('an account that changes its class in mid-quarter', () => {
  it('has two rows, each with its own count and money; notice and payments stand once, where it pays', async () => {
    const account = 'donusen';
    const outside = { account, feeClass: 'outside', unitPriceKurus: 0 } as const;
    await house.book(
      { ...outside, sentAt: new Date('2027-05-14T20:59:59.999Z') },
      { ...outside, sentAt: new Date('2027-05-01T09:00:00Z') },
      { account, sentAt: new Date('2027-05-14T21:00:00Z') },
    );
    await house.sql(
      `INSERT INTO bridge.fee_notice (notice_id, account_id, quarter, number, dated, queries, amount_kurus, leaf)
        VALUES ('11111111-1111-4111-8111-111111111111', $1, '2027-Q2', 'İ-1', '2027-07-10', 2, 4, 1),
          ('22222222-2222-4222-8222-222222222222', $1, '2027-Q2', 'İ-2', '2027-07-20', 1, 2, 2)`,
      [account],
    );
    await house.sql(
      `INSERT INTO bridge.fee_payment (payment_id, notice_id, reference, paid_on, amount_kurus, replaces, leaf) VALUES
        ('44444444-4444-4444-8444-444444444444', '22222222-2222-4222-8222-222222222222', 'MİF-9', '2027-07-29', 20, NULL, 3),
        ('33333333-3333-4333-8333-333333333333', '22222222-2222-4222-8222-222222222222', 'MİF-9', '2027-07-30', 2,
          '44444444-4444-4444-8444-444444444444', 4)`,
    );
    const { accounts, ...rest } = quarterDocument(await house.view('2027-Q2'));
    const rows = accounts.filter((one) => one.account === account);
    expect(rows).toMatchObject([
      { feeClass: 'outside', queries: 2, units: 2, amountKurus: 0, notice: null, payments: [] },
      {
        feeClass: 'paying',
        queries: 1,
        units: 1,
        amountKurus: 2,
        notice: { number: 'İ-2', dated: '2027-07-20', queries: 1, amountKurus: 2 },
        payments: [{ reference: 'MİF-9', paidOn: '2027-07-30', amountKurus: 2 }],
      },
    ]);
    expect(rest).toMatchObject({
      quarter: '2027-Q2',
      state: 'collecting',
      due: '2027-07-31',
      payBy: '2027-08-02',
      statementSha256: null,
      total: { queries: 3, units: 3, amountKurus: 2 },
    });
    // What JSON cannot write is in none of it.
    expect(() => JSON.stringify({ accounts, ...rest })).not.toThrow();
  });
});

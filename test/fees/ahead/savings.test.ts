import { describe, expect, it } from '@jest/globals';
import { type CallPrices, NO_SAVINGS, savingsOf } from '../../../src/fees/ahead/savings.js';
import { kurus } from '../../../src/fees/kurus.js';
import type { TariffBasis } from '../../../src/fees/tariff/tariff.js';

const ACCOUNTS = new Map([
  ['core', 'ticaret'],
  ['portal', 'birlik'],
  ['other-portal', 'birlik'],
  ['reports', null],
]);

const prices = (over: Partial<CallPrices> = {}, basis: TariffBasis = 'per-query'): CallPrices => ({
  classOn: (account) => (account === 'ticaret' ? 'outside' : 'paying'),
  priceOn: (feeClass) => ({ unitPriceKurus: feeClass === 'outside' ? 0 : 2, basis, gazette: 'RG 27399' }),
  ...over,
});
const row = (client: string, code: string, calls: number, day = '2026-07-01') => ({
  day,
  client,
  code,
  calls,
});

describe('what was spared', () => {
  it('is the price in force for each call whose number was none, and for each repeated answer', () => {
    const found = savingsOf(
      [
        row('portal', 'IDENTITY_NUMBER_INVALID', 30),
        row('other-portal', 'IDENTITY_NUMBER_INVALID', 5),
        row('portal', 'REPLAYED', 7),
      ],
      ACCOUNTS,
      prices(),
    );
    expect([...found.keys()]).toEqual(['birlik']);
    expect(found.get('birlik')).toEqual({
      precheck: { calls: 35, savedKurus: kurus(70), listKurus: kurus(0) },
      replayed: { calls: 7, savedKurus: kurus(14), listKurus: kurus(0) },
      badForm: { calls: 0 },
    });
  });

  it('outside the fee is no money, but has its list value beside', () => {
    const found = savingsOf([row('core', 'IDENTITY_NUMBER_INVALID', 10)], ACCOUNTS, prices());
    expect(found.get('ticaret')?.precheck).toEqual({ calls: 10, savedKurus: kurus(0), listKurus: kurus(20) });
  });

  it('goes by the class and the price of each day', () => {
    const changing = prices({
      classOn: (_account, day) => (day < '2026-08-01' ? 'outside' : 'paying'),
      priceOn: (_feeClass, day) => {
        return { unitPriceKurus: day < '2026-09-01' ? 2 : 6, basis: 'per-query', gazette: 'g' };
      },
    });
    const days = ['2026-07-31', '2026-08-01', '2026-09-01'];
    const found = savingsOf(
      days.map((day) => row('portal', 'REPLAYED', 1, day)),
      ACCOUNTS,
      changing,
    );
    expect(found.get('birlik')?.replayed).toEqual({ calls: 3, savedKurus: kurus(8), listKurus: kurus(2) });
  });

  it('counts calls of bad form without money, and other refusals not at all', () => {
    const found = savingsOf(
      [
        row('portal', 'REQUEST_INVALID', 4),
        row('portal', 'BUDGET_STOP', 9),
        row('portal', 'RATE_LIMITED', 9),
      ],
      ACCOUNTS,
      prices(),
    );
    expect(found.get('birlik')).toEqual({ ...NO_SAVINGS, badForm: { calls: 4 } });
  });

  it('on the basis of returned records is nothing for a number that is none: it would have cost nothing', () => {
    const rows = [row('portal', 'IDENTITY_NUMBER_INVALID', 10), row('portal', 'REPLAYED', 1)];
    const found = savingsOf(rows, ACCOUNTS, prices({}, 'per-returned-record'));
    expect(found.get('birlik')).toMatchObject({
      precheck: { calls: 10, savedKurus: kurus(0) },
      replayed: { calls: 1, savedKurus: kurus(2) },
    });
  });

  it('counts calls without money where no price was in force', () => {
    const found = savingsOf([row('portal', 'REPLAYED', 3)], ACCOUNTS, prices({ priceOn: () => null }));
    expect(found.get('birlik')?.replayed).toEqual({ calls: 3, savedKurus: kurus(0), listKurus: kurus(0) });
  });

  it('of clients without an account, and of those the settings no longer have, is nobody’s', () => {
    const rows = [row('reports', 'REPLAYED', 3), row('gone', 'REPLAYED', 3)];
    expect(savingsOf(rows, ACCOUNTS, prices()).size).toBe(0);
  });
});

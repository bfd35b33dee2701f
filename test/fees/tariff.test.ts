import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type TariffRow, unitPriceOn } from '../../src/fees/tariff.js';

const REGISTER = 'BilesikKutukSorgulaKimlikNoServis';
const VERIFICATION = 'TumKutukDogrulaServis';
const TARIFF: readonly TariffRow[] = [
  { from: '2009-11-07', amountKurus: 2, basis: 'per-query', gazette: 'RG 27399', active: true },
  { from: '2006-09-21', amountKurus: 1, basis: 'per-query', gazette: 'RG 26296', active: true },
  { from: '2020-06-27', amountKurus: 3, basis: 'per-input-datum', gazette: 'RG 31168', active: false },
];
const ACTIVE_2020 = TARIFF.map((row) => ({ ...row, active: true }));

describe('the price of one unit', () => {
  it.each([
    ['2006-09-21', 1],
    ['2009-11-06', 1],
    ['2009-11-07', 2],
    ['2026-05-04', 2],
  ])(
    'on %s is %i kuruş: the latest active row, from its first day on, in whatever order rows stand',
    (day, price) => {
      expect(unitPriceOn(TARIFF, 'paying', REGISTER, day).unitPriceKurus).toBe(price);
      expect(unitPriceOn([...TARIFF].reverse(), 'paying', REGISTER, day).unitPriceKurus).toBe(price);
    },
  );

  it('by input datum is multiplied by what the service takes', () => {
    const priced = (service: string) => unitPriceOn(ACTIVE_2020, 'paying', service, '2026-05-04');
    expect(priced(REGISTER)).toEqual({ unitPriceKurus: 6, basis: 'per-input-datum', gazette: 'RG 31168' });
    expect(priced(VERIFICATION).unitPriceKurus).toBe(12);
  });

  it('for an institution outside the fee is zero, and still names what it rests on', () => {
    expect(unitPriceOn(TARIFF, 'outside', REGISTER, '2026-05-04')).toEqual({
      unitPriceKurus: 0,
      basis: 'per-query',
      gazette: 'RG 27399',
    });
  });

  it('is never guessed: no row in force, only inactive rows, or a service of unknown data is an error', () => {
    expect(() => unitPriceOn(TARIFF, 'paying', REGISTER, '2006-09-20')).toThrow(RangeError);
    expect(() => unitPriceOn(TARIFF, 'outside', REGISTER, '2006-09-20')).toThrow(RangeError);
    expect(() => unitPriceOn([], 'paying', REGISTER, '2026-05-04')).toThrow(RangeError);
    expect(() => unitPriceOn(ACTIVE_2020, 'paying', 'Other', '2026-05-04')).toThrow(RangeError);
  });

  it('is a whole number of kuruş for every day and tariff', () => {
    const row = fc.record({
      from: fc.constantFrom('2006-09-21', '2010-01-01', '2020-06-27', '2025-01-01'),
      amountKurus: fc.nat(1_000_000),
      basis: fc.constantFrom('per-query' as const, 'per-input-datum' as const),
      gazette: fc.constant('RG 1'),
      active: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.constantFrom(REGISTER, VERIFICATION),
        (tariff, service) => {
          const inForce = tariff.filter((one) => one.active && one.from <= '2022-01-01');
          if (inForce.length === 0) {
            expect(() => unitPriceOn(tariff, 'paying', service, '2022-01-01')).toThrow(RangeError);
            return;
          }
          const latest = inForce.reduce((a, b) => (b.from > a.from ? b : a));
          const times = latest.basis === 'per-query' ? 1 : service === REGISTER ? 2 : 4;
          const { unitPriceKurus } = unitPriceOn(tariff, 'paying', service, '2022-01-01');
          expect(Number.isSafeInteger(unitPriceKurus)).toBe(true);
          expect(unitPriceKurus).toBe(latest.amountKurus * times);
        },
      ),
    );
  });
});

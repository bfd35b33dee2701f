import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feeClassOn } from '../../../src/fees/fee-class.js';
import {
  chargedPrice,
  type FeeClass,
  type ServiceInputs,
  type TariffBasis,
  type TariffSwitch,
  unitPriceOn,
} from '../../../src/fees/tariff/tariff.js';

const REGISTER = { name: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01' };
const OLD_REGISTER = { ...REGISTER, version: '2023/02/01' };
const VERIFICATION = { name: 'TumKutukDogrulaServis', version: '2025/08/01' };
const INPUTS: readonly ServiceInputs[] = [
  { service: REGISTER.name, version: REGISTER.version, inputs: 2 },
  { service: REGISTER.name, version: OLD_REGISTER.version, inputs: 1 },
  { service: VERIFICATION.name, version: VERIFICATION.version, inputs: 4 },
];
const row = (
  id: string,
  from: string,
  amountKurus: number,
  basis: TariffBasis,
  service: string | null = null,
  inputs: readonly ServiceInputs[] = [],
): TariffSwitch => {
  return { id, from, amountKurus, basis, service, gazette: `RG ${id}`, inputs };
};
const BY_LAW: readonly TariffSwitch[] = [
  row('rg-26296', '2006-09-21', 1, 'per-query'),
  row('rg-27399', '2009-11-07', 2, 'per-query'),
];
const WITH_2020 = [...BY_LAW, row('rg-31168', '2027-01-01', 3, 'per-input-datum')];

const price = (
  switches: readonly TariffSwitch[],
  day: string,
  service = REGISTER,
  feeClass: FeeClass = 'paying',
): number => unitPriceOn(switches, INPUTS, feeClass, service, day).unitPriceKurus;

describe('the price of one unit', () => {
  it.each([
    ['2006-09-21', 1],
    ['2009-11-06', 1],
    ['2009-11-07', 2],
    ['2024-02-29', 2],
    ['2026-12-31', 2],
    ['2027-01-01', 6],
    ['2028-02-29', 6],
  ])(
    'on %s is %i kuruş: of what was switched on the latest, from its first day on, in whatever order it stands',
    (day, kurus) => {
      expect(price(WITH_2020, day)).toBe(kurus);
      expect(price([...WITH_2020].reverse(), day)).toBe(kurus);
    },
  );

  it.each([
    [REGISTER, 3 * 2],
    [OLD_REGISTER, 3 * 1],
    [VERIFICATION, 3 * 4],
  ])('by input datum is multiplied by what this version of the service takes: %o', (service, kurus) => {
    expect(unitPriceOn(WITH_2020, INPUTS, 'paying', service, '2027-01-01')).toEqual({
      unitPriceKurus: kurus,
      basis: 'per-input-datum',
      gazette: 'RG rg-31168',
    });
  });

  it('by input datum is what the decision fixed, whatever the settings say since; they are asked of versions it did not know', () => {
    const known = { service: REGISTER.name, version: REGISTER.version, inputs: 5 };
    const switches = [...BY_LAW, row('fixed', '2027-01-01', 3, 'per-input-datum', null, [known])];
    for (const inputs of [INPUTS, [], [{ ...known, inputs: 20 }]])
      expect(unitPriceOn(switches, inputs, 'paying', REGISTER, '2027-01-01').unitPriceKurus).toBe(15);
    expect(price(switches, '2027-01-01', OLD_REGISTER)).toBe(3);
    expect(() => unitPriceOn(switches, [], 'paying', OLD_REGISTER, '2027-01-01')).toThrow(RangeError);
    // The next decision fixes them anew.
    const next = [
      ...switches,
      row('next', '2027-02-01', 3, 'per-input-datum', null, [{ ...known, inputs: 1 }]),
    ];
    expect([price(next, '2027-01-31'), price(next, '2027-02-01')]).toEqual([15, 3]);
  });

  it('for one service is its own row, others stay on the row for every service', () => {
    const switches = [...BY_LAW, row('only', '2027-01-01', 7, 'per-query', VERIFICATION.name)];
    expect(price(switches, '2027-01-01', VERIFICATION)).toBe(7);
    expect(price(switches, '2027-01-01')).toBe(2);
    const later = [...switches, row('all', '2027-02-01', 5, 'per-query')];
    expect(price(later, '2027-02-01', VERIFICATION)).toBe(5);
  });

  it('for an institution outside the fee is zero, and still names what it rests on', () => {
    expect(unitPriceOn(WITH_2020, INPUTS, 'outside', REGISTER, '2026-05-04')).toEqual({
      unitPriceKurus: 0,
      basis: 'per-query',
      gazette: 'RG rg-27399',
    });
  });

  it.each([
    ['2026-08-14', 0],
    ['2026-08-15', 2],
    ['2026-12-31', 2],
    ['2027-01-01', 0],
  ])('of an account that changes its class follows the class of the day: %s costs %i kuruş', (day, kurus) => {
    const account = {
      feeClass: 'outside',
      // In no order: the latest day that is not after it holds.
      feeClassChanges: [
        { from: '2027-01-01', feeClass: 'outside' },
        { from: '2026-08-15', feeClass: 'paying' },
      ],
    } as const;
    expect(price(BY_LAW, day, REGISTER, feeClassOn(account, day))).toBe(kurus);
  });

  it('is never guessed: no row in force, or a version whose input data nobody knows, is an error', () => {
    const unknown = { ...REGISTER, version: '2099/01/01' };
    expect(() => price(BY_LAW, '2006-09-20')).toThrow(RangeError);
    expect(() => price(BY_LAW, '2006-09-20', REGISTER, 'outside')).toThrow(RangeError);
    expect(() => price([], '2026-05-04')).toThrow(RangeError);
    expect(() => price(WITH_2020, '2027-01-01', unknown)).toThrow(RangeError);
    expect(() => price(WITH_2020, '2027-01-01', { ...VERIFICATION, version: REGISTER.version })).toThrow(
      RangeError,
    );
    expect(price(WITH_2020, '2026-12-31', unknown)).toBe(2);
  });

  it('is a whole number of kuruş for every day and tariff: that of the latest row times its input data', () => {
    const switched = fc.record({
      from: fc.constantFrom('2006-09-21', '2010-01-01', '2020-06-27', '2025-01-01'),
      amountKurus: fc.nat(1_000_000),
      basis: fc.constantFrom<TariffBasis>('per-query', 'per-input-datum', 'per-returned-record'),
    });
    const tariff = fc.uniqueArray(switched, { maxLength: 4, selector: ({ from }) => from });
    fc.assert(
      fc.property(tariff, fc.constantFrom(...INPUTS), (rows, { inputs, service, version }) => {
        const switches = rows.map(({ amountKurus, basis, from }) => row(from, from, amountKurus, basis));
        const asked = { name: service, version };
        const inForce = rows.filter(({ from }) => from <= '2022-01-01');
        if (inForce.length === 0) {
          expect(() => price(switches, '2022-01-01', asked)).toThrow(RangeError);
          return;
        }
        const latest = inForce.reduce((a, b) => (b.from > a.from ? b : a));
        const found = price(switches, '2022-01-01', asked);
        expect(Number.isSafeInteger(found)).toBe(true);
        expect(found).toBe(latest.amountKurus * (latest.basis === 'per-input-datum' ? inputs : 1));
      }),
    );
  });
});

describe('what a unit is charged once its result is known', () => {
  it.each([
    ['match', 5],
    ['no-match', 5],
    ['death', 5],
    ['unknown', 5],
    ['not-found', 0],
    ['refused', 0],
    ['not-sent', 0],
  ])(
    'by returned record, after %s, is %i kuruş: an unknown one counts as if a record had come',
    (result, kurus) => {
      expect(chargedPrice('per-returned-record', 5, result)).toBe(kurus);
    },
  );

  it.each(['per-query', 'per-input-datum'])('%s is what the intent said, whatever the result', (basis) => {
    for (const result of ['match', 'not-found', 'unknown', 'refused', 'not-sent'])
      expect(chargedPrice(basis, 6, result)).toBe(6);
  });
});

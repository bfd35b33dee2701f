import { describe, expect, it } from '@jest/globals';
import {
  inputsBehind,
  obstacleToSwitch,
  rowBefore,
  type SwitchWorld,
} from '../../../src/fees/tariff/judge-switch.js';
import { rowStates } from '../../../src/fees/tariff/row-states.js';
import type { TariffRow, TariffSwitch } from '../../../src/fees/tariff/tariff.js';

const REGISTER = 'BilesikKutukSorgulaKimlikNoServis';
const VERIFICATION = 'TumKutukDogrulaServis';
const ROW_2009: TariffSwitch = {
  id: 'rg-27399',
  from: '2009-11-07',
  amountKurus: 2,
  basis: 'per-query',
  service: null,
  gazette: 'RG 27399',
  inputs: [],
};
const ROW_2020: TariffSwitch = {
  id: 'rg-31168',
  from: '2020-06-27',
  amountKurus: 3,
  basis: 'per-input-datum',
  service: null,
  gazette: 'RG 31168',
  inputs: [],
};
const WORLD: SwitchWorld = {
  switches: [ROW_2009],
  inputs: [
    { service: REGISTER, version: '1', inputs: 2 },
    { service: VERIFICATION, version: '1', inputs: 4 },
  ],
  agreed: [{ name: REGISTER, version: '1' }],
  today: '2026-11-22',
};
const obstacle = (from: string, change: Partial<SwitchWorld> = {}, row: Partial<TariffRow> = {}) =>
  obstacleToSwitch({ ...ROW_2020, ...row }, from, { ...WORLD, ...change })?.about ?? null;

describe('a row can be switched on', () => {
  it.each([
    ['2026-11-21', 'day'],
    ['2026-11-22', 'day'],
    ['2026-11-23', null],
    ['2027-01-01', null],
    ['2028-11-22', null],
    ['2028-11-23', 'day'],
    ['2099-01-01', 'day'],
  ])('from tomorrow on, two years ahead at the most: %s', (from, about) => {
    expect(obstacle(from)).toBe(about);
  });

  it('from a leap day, and two years after one', () => {
    expect(obstacle('2028-02-29', { today: '2028-02-28' })).toBeNull();
    expect(obstacle('2030-02-28', { today: '2028-02-29' })).toBeNull();
    expect(obstacle('2030-03-01', { today: '2028-02-29' })).toBe('day');
  });

  it('not before the day of its gazette', () => {
    expect(obstacle('2026-12-31', {}, { id: 'new', from: '2027-01-01' })).toBe('day');
    expect(obstacle('2027-01-01', {}, { id: 'new', from: '2027-01-01' })).toBeNull();
  });

  it('not where it is in force on that day already, but again after another one', () => {
    const in2027 = { ...ROW_2020, from: '2027-01-01' };
    const back = { ...ROW_2009, from: '2027-07-01' };
    expect(obstacle('2027-03-01', {}, ROW_2009)).toBe('state');
    expect(obstacle('2027-03-01', { switches: [ROW_2009, in2027] })).toBe('state');
    expect(obstacle('2026-12-01', { switches: [ROW_2009, in2027] })).toBeNull();
    expect(obstacle('2027-08-01', { switches: [ROW_2009, in2027, back] })).toBeNull();
  });

  it('for every service again where one of them has a row of its own by now', () => {
    const own = {
      ...ROW_2020,
      id: 'own',
      from: '2026-01-01',
      basis: 'per-query',
      service: REGISTER,
    } as const;
    expect(obstacle('2027-03-01', { switches: [ROW_2009, own] }, ROW_2009)).toBeNull();
    const other = { ...own, service: VERIFICATION };
    expect(obstacle('2027-03-01', { switches: [ROW_2009, other] }, ROW_2009)).toBe('state');
  });

  it.each([
    [null, null, 'state'],
    [null, REGISTER, 'state'],
    [REGISTER, null, 'state'],
    [REGISTER, REGISTER, 'state'],
    [REGISTER, VERIFICATION, null],
  ])('not from the day of another row for the same services: %s beside %s', (service, there, about) => {
    const switches = [ROW_2009, { ...ROW_2009, id: 'there', from: '2027-01-01', service: there }];
    expect(obstacle('2027-01-01', { switches }, { service })).toBe(about);
  });

  it('not without the input data of every version that an agreement names, others are not asked for', () => {
    const agreed = [...WORLD.agreed, { name: VERIFICATION, version: '2' }];
    expect(obstacle('2027-01-01', { agreed })).toBe('state');
    expect(obstacle('2027-01-01', { agreed }, { service: REGISTER })).toBeNull();
    expect(obstacle('2027-01-01', { agreed }, { basis: 'per-returned-record' })).toBeNull();
    expect(obstacle('2027-01-01', { inputs: [] })).toBe('state');
  });

  it('not under the name of a row that was switched on as something else', () => {
    for (const change of [
      { amountKurus: 9 },
      { basis: 'per-returned-record' },
      { service: REGISTER },
    ] as const)
      expect(obstacle('2027-01-01', {}, { ...ROW_2009, ...change })).toBe('state');
  });
});

describe('what officers see of a switch', () => {
  it('is the row before it, and the input data that its price rests on', () => {
    const own = { ...ROW_2009, id: 'own', from: '2020-01-01', service: VERIFICATION };
    expect(rowBefore(ROW_2020, '2027-01-01', [ROW_2009, own])).toBe(ROW_2009);
    expect(rowBefore({ ...ROW_2020, service: VERIFICATION }, '2027-01-01', [ROW_2009, own])).toBe(own);
    expect(rowBefore(ROW_2020, '2009-11-06', [ROW_2009])).toBeNull();
    expect(inputsBehind({ ...ROW_2020, service: REGISTER }, WORLD)).toEqual([
      { service: REGISTER, version: '1', inputs: 2 },
    ]);
    expect(inputsBehind(ROW_2009, WORLD)).toEqual([]);
  });

  it('is also the input data of a service that no agreement names yet: they are fixed before one does', () => {
    expect(inputsBehind(ROW_2020, WORLD)).toEqual(WORLD.inputs);
  });
});

describe('where rows stand', () => {
  const statesOf = (switches: readonly TariffSwitch[], today = '2026-11-22') =>
    rowStates([ROW_2009, ROW_2020], switches, [REGISTER, VERIFICATION], today).map((one) => {
      return [one.id, one.state, one.since, one.next, one.loaded];
    });
  const later = { ...ROW_2020, from: '2027-01-01' };

  it('is told of each, also of one that the settings no longer have', () => {
    expect(statesOf([ROW_2009])).toEqual([
      ['rg-27399', 'in-force', '2009-11-07', null, true],
      ['rg-31168', 'not-active', null, null, true],
    ]);
    expect(statesOf([ROW_2009, later])[1]).toEqual(['rg-31168', 'coming', null, '2027-01-01', true]);
    expect(statesOf([ROW_2009, later], '2027-01-01')).toEqual([
      ['rg-27399', 'past', '2009-11-07', null, true],
      ['rg-31168', 'in-force', '2027-01-01', null, true],
    ]);
    const gone = { ...ROW_2009, id: 'gone', from: '2006-09-21' };
    expect(statesOf([gone, ROW_2009])[2]).toEqual(['gone', 'past', '2006-09-21', null, false]);
  });

  it('is in force also where some service alone is priced by it', () => {
    const own = { ...ROW_2020, id: 'own', from: '2026-01-01', service: REGISTER };
    expect(statesOf([ROW_2009, own])).toContainEqual(['own', 'in-force', '2026-01-01', null, false]);
    expect(statesOf([ROW_2009, own])[0]).toEqual(['rg-27399', 'in-force', '2009-11-07', null, true]);
  });
});

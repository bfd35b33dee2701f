import { describe, expect, it } from '@jest/globals';
import { statedRules } from '../../../src/fees/statement/charged.js';
import type { TariffSwitch } from '../../../src/fees/tariff/tariff.js';

const SERVICE = 'TumKutukDogrulaServis';
const QUARTER = { from: '2027-01-01', to: '2027-04-01' };
const DECIDED = [{ service: SERVICE, version: '2025/08/01', inputs: 4 }];
const row = (from: string, change: Partial<TariffSwitch> = {}): TariffSwitch => {
  return {
    id: from,
    from,
    amountKurus: 2,
    basis: 'per-query',
    service: null,
    gazette: 'RG 1',
    inputs: [],
    ...change,
  };
};

describe('the rules of a statement', () => {
  it('name the rows in force on some day of its period, each with the input data that it fixes', () => {
    const byDatum = row('2027-02-01', { basis: 'per-input-datum', inputs: DECIDED });
    const switches = [row('2006-09-21'), row('2009-11-07'), byDatum, row('2027-04-01')];
    const { inputs, tariff } = statedRules(switches, [{ ...DECIDED[0], inputs: 9 } as never], QUARTER);
    expect(tariff).toEqual([row('2009-11-07'), byDatum]);
    expect(inputs).toEqual([{ ...DECIDED[0], inputs: 9 }]);
  });

  it('name a service’s own row also where the settings say nothing of the service any more', () => {
    const own = row('2026-05-01', { service: SERVICE });
    expect(statedRules([row('2009-11-07'), own], [], QUARTER).tariff).toEqual([row('2009-11-07'), own]);
  });
});

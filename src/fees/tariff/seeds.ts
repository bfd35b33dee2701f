import type { TariffSwitch } from './tariff.js';

/** The rows that are in force by law alone, without a decision; every database begins with them (migration 11). */
export const SEEDS: readonly TariffSwitch[] = [
  {
    id: 'rg-26296',
    from: '2006-09-21',
    amountKurus: 1,
    basis: 'per-query',
    service: null,
    gazette: 'RG 26296',
    inputs: [],
  },
  {
    id: 'rg-27399',
    from: '2009-11-07',
    amountKurus: 2,
    basis: 'per-query',
    service: null,
    gazette: 'RG 27399',
    inputs: [],
  },
];

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noRecord, someone } from '../../verification/support/house.js';
import { type FullHouse, grantRole, openFullHouse } from './support/full-house.js';

let full: FullHouse;

beforeAll(async () => {
  full = await openFullHouse();
});

afterAll(() => full.close());

describe('an honest log', () => {
  it('passes every check, each named', async () => {
    for (let n = 0; n < 20; n += 1) expect(await full.ask(n)).toBe('match');
    full.house.kps.answer = noRecord;
    expect(await full.ask(30, { key: 'k' })).toBe('not-found');
    expect(await full.ask(30, { key: 'k' })).toBe('not-found replayed');
    await grantRole(full, someone(9), randomUUID());
    await full.settle();
    const report = await full.check();
    expect(report.difference).toBeNull();
    expect(report.passed.map(({ check }) => check)).toEqual([
      'entries',
      'ranges',
      'head',
      'tiles',
      'checkpoints',
      'time-stamps',
      'keys',
      'search-tags',
      'search-table',
      'fee-book',
      'fee-tariff',
      'fee-records',
      'fee-corrections',
      'fee-freezes',
      'fee-sums',
      'fee-saved',
      'fee-quarters',
      'queries',
      'authority-history',
      'appointments',
      'disagreements',
      'maintenance-windows',
      'proposers',
      'legal-holds',
    ]);
  });
});

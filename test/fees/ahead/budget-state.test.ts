import { describe, expect, it } from '@jest/globals';
import { budgetState } from '../../../src/fees/ahead/budget-state.js';
import { type AccountUse, type Budget, NO_USE } from '../../../src/fees/ahead/stop.js';

const BUDGET: Budget = { quarterKurus: 1000, quarterQueries: null, stopAtPercent: 100 };
const use = (over: Partial<AccountUse>): AccountUse => ({ ...NO_USE, ...over });
const stateOf = (over: Partial<AccountUse>, budget: Budget = BUDGET, price = 2) =>
  budgetState(budget, use(over), price).state;

describe('where a budget stands', () => {
  it('is nowhere without one', () => {
    expect(budgetState(null, use({ amountKurus: 9_999n }), 2)).toMatchObject({
      state: 'none',
      stopPercent: null,
    });
  });

  it('is near from 80 % of the stop on, and stopped where one more query would go beyond it', () => {
    expect(stateOf({ amountKurus: 799n })).toBe('below');
    expect(stateOf({ amountKurus: 800n })).toBe('near');
    expect(stateOf({ amountKurus: 998n })).toBe('near');
    expect(stateOf({ amountKurus: 999n })).toBe('stopped');
    expect(stateOf({ amountKurus: 1000n })).toBe('stopped');
  });

  it('counts queries under way at their price', () => {
    expect(budgetState(BUDGET, use({ amountKurus: 798n, open: 1n }), 2)).toMatchObject({
      state: 'near',
      percentKurus: 80,
    });
    expect(stateOf({ amountKurus: 990n, open: 4n })).toBe('near');
    expect(stateOf({ amountKurus: 990n, open: 5n })).toBe('stopped');
  });

  it('goes by the tighter of money and number', () => {
    const both = { quarterKurus: 1_000_000, quarterQueries: 10, stopAtPercent: 100 };
    expect(budgetState(both, use({ queries: 10n, amountKurus: 20n }), 2)).toMatchObject({
      state: 'stopped',
      percentKurus: 0,
      percentQueries: 100,
    });
  });

  it('goes by the lifted stop, and by the first one where it was lifted altogether', () => {
    const lifted = (toPercent: number | null) => use({ amountKurus: 1_100n, lift: { toPercent } });
    expect(budgetState(BUDGET, lifted(150), 2)).toMatchObject({
      state: 'below',
      stopPercent: 150,
      lifted: true,
    });
    expect(budgetState(BUDGET, lifted(120), 2)).toMatchObject({ state: 'near', percentKurus: 110 });
    expect(budgetState(BUDGET, lifted(null), 2)).toMatchObject({
      state: 'near',
      stopPercent: null,
      lifted: true,
    });
  });

  it('rounds percents down, so that 100 is told only where it is', () => {
    expect(budgetState({ ...BUDGET, quarterKurus: 3000 }, use({ amountKurus: 2999n }), 2).percentKurus).toBe(
      99,
    );
  });
});

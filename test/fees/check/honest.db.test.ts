import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuildBook } from '../../../src/fees/book/rebuild-book.js';
import type { RebuiltLine } from '../../../src/fees/book/rebuild-lines.js';
import { type FeeHouse, openFeeHouse, QUARTER } from './support/fee-house.js';

let house: FeeHouse;

beforeAll(async () => {
  house = await openFeeHouse();
});
afterAll(() => house.full.close());

describe('a fee book in which everything has happened', () => {
  it('passes the whole check', async () => {
    const { difference, passed } = await house.full.check();
    expect(difference).toBeNull();
    const told = new Map(passed.map(({ check, text }) => [check, text]));
    expect(told.get('fee-book')).toBe('10 lines, 19 kuruş: the book is what the log gives');
    expect(told.get('fee-tariff')).toBe(
      '3 rows of the tariff are those that were put in force, and 10 intents are priced by them',
    );
    expect(told.get('fee-records')).toBe('10 records of the fee are what the log says');
    expect(told.get('fee-corrections')).toBe(
      '2 corrections name unknown outcomes, each once, as the log says',
    );
    expect(told.get('fee-freezes')).toBe('2 freezes of quarters are what the log says');
    expect(told.get('fee-sums')).toMatch(/^sums of 1 accounts on 2 days are those of their lines/);
    expect(told.get('fee-quarters')).toBe(
      '1 quarters stand where the log left them; 1 kept statements say what the book gives',
    );
  });

  it('is the same when it is reckoned anew from the log alone', async () => {
    const lines: RebuiltLine[] = [];
    await house.full.house.test.db.transaction(async (tx) => {
      for await (const some of rebuildBook(tx)) lines.push(...some);
    });
    const rows = await house.full.rows<Record<string, unknown>>(
      `SELECT outcome_leaf AS leaf, query_id AS "queryId", account_id AS account, fee_class AS "feeClass", quarter, result, sent, units,
        unit_price_kurus AS "unitPriceKurus", amount_kurus AS "amountKurus" FROM bridge.fee_line ORDER BY outcome_leaf`,
    );
    expect(lines.map(({ booking: _booking, fee: _fee, sentAt: _sentAt, ...line }) => line)).toEqual(rows);
    expect(lines.every(({ booking }) => booking !== null)).toBe(true);
  });

  it('bills what ended while its quarter was frozen, and after it was sealed, in the next one', async () => {
    const rows = await house.full.rows(
      'SELECT quarter, sum(lines)::int AS lines FROM bridge.fee_rollup GROUP BY quarter ORDER BY quarter',
    );
    expect(rows).toEqual([
      { quarter: QUARTER, lines: 8 },
      { quarter: '2026-Q3', lines: 2 },
    ]);
  });
});

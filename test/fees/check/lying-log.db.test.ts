import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { foldLines } from '../../../src/fees/book/fold.js';
import { backUp, restore } from '../../audit/check/support/backup.js';
import { found } from '../../audit/check/support/two-days.js';
import { BY, type FeeHouse, freeze, openFeeHouse, QUARTER, SERVICE, tell } from './support/fee-house.js';

let house: FeeHouse;

beforeAll(async () => {
  house = await openFeeHouse();
  await backUp(house.full, 'whole');
});
afterEach(() => restore(house.full, 'whole'));
afterAll(() => house.full.close());

const last = async (kind: string) => {
  const [row] = await house.full.rows<{ leaf: bigint }>(
    `SELECT max(leaf_index) AS leaf FROM bridge.entry WHERE kind = '${kind}'`,
  );
  return String(row?.leaf);
};

describe('an entry that was written by a bridge whose tables somebody had changed is found by the log alone', () => {
  it('an intent at a price that was typed into the tariff, even after the tariff was put back', async () => {
    const { full } = house;
    await full.tamper(`UPDATE bridge.fee_tariff_switch SET amount_kurus = 1 WHERE row_id = 'new'`);
    full.house.now = new Date('2026-05-06T09:00:00Z');
    expect(await full.ask(70)).toBe('match');
    await full.tamper(`UPDATE bridge.fee_tariff_switch SET amount_kurus = 3 WHERE row_id = 'new'`);
    expect(await found(full)).toBe(`fee-tariff ${await last('query.intent')}`);
  });

  it('an intent by a row that was typed in and taken away again', async () => {
    const { full } = house;
    await full.tamper(
      `INSERT INTO bridge.fee_tariff_switch VALUES ('third', '2026-05-06', 0, 'per-query', NULL, 'RG 3', 7);
        DELETE FROM bridge.fee_tariff_switch WHERE row_id = 'new'`,
    );
    full.house.now = new Date('2026-05-06T09:00:00Z');
    await full.ask(71);
    await restore(full, 'whole', ['fee_tariff_switch']);
    expect(await found(full)).toBe(`fee-tariff ${await last('query.intent')}`);
  });

  it('an intent at the price of other input data than were decided, even after they were put back', async () => {
    const { full } = house;
    const version = '2024/04/01';
    const inputs = [{ inputs: 2, service: SERVICE, version }];
    const row = { amountKurus: 3, basis: 'per-input-datum', from: '2026-05-06', gazette: 'RG 4' } as const;
    const leaf = await tell(full, 'fees.tariff-switched', {
      ...{ ...BY, ...row, inputs, proposal: randomUUID(), row: 'data', service: SERVICE },
    });
    await full.tamper(
      `INSERT INTO bridge.fee_tariff_switch VALUES ('data', '2026-05-06', 3, 'per-input-datum', '${SERVICE}', 'RG 4', ${leaf},
        '${JSON.stringify(inputs)}')`,
    );
    full.house.now = new Date('2026-05-06T09:00:00Z');
    expect(await full.ask(72)).toBe('match');
    await foldLines(full.house.test.db);
    expect(await found(full)).toBe('nothing');
    const put = (data: number) =>
      full.tamper(
        `UPDATE bridge.fee_tariff_switch SET inputs = jsonb_set(inputs, '{0,inputs}', '${data}') WHERE row_id = 'data'`,
      );
    await put(1);
    expect(await full.ask(73)).toBe('match');
    await put(2);
    expect(await found(full)).toBe(`fee-tariff ${await last('query.intent')}`);
  });

  it('a statement that was made while sums were changed, even after they were put back', async () => {
    const { full } = house;
    const raise = (by: number) =>
      full.tamper(
        `UPDATE bridge.fee_rollup SET units = units + ${by}, amount_kurus = (units + ${by}) * unit_price_kurus WHERE quarter = '2026-Q3'`,
      );
    await raise(5);
    await freeze(full, '2026-Q3', new Date('2026-10-03T09:00:00Z'));
    await raise(-5);
    expect(await found(full)).toBe(`fee-quarters ${await last('fees.quarter-frozen')}`);
  });

  it('a seal without an approval, and a quarter frozen twice', async () => {
    const { full } = house;
    const of = { ...BY, quarter: '2026-Q1', statementSha256: '0'.repeat(64) };
    const sealed = await tell(full, 'fees.quarter-sealed', of);
    expect(await found(full)).toBe(`fee-quarters ${sealed}`);
    await restore(full, 'whole');
    const again = { ...of, quarter: QUARTER, accounts: [], logSize: 1, proposal: randomUUID() };
    const frozen = await tell(full, 'fees.quarter-frozen', again);
    expect(await found(full)).toBe(`fee-quarters ${frozen}`);
  });

  it('a second correction of one line, and a correction of a line that was answered', async () => {
    const { full } = house;
    const [line] = await full.rows<{ id: string; leaf: bigint; unknown: boolean }>(
      "SELECT query_id AS id, outcome_leaf AS leaf FROM bridge.fee_line WHERE result = 'unknown' ORDER BY outcome_leaf LIMIT 1",
    );
    const [answered] = await full.rows<{ id: string; leaf: bigint }>(
      "SELECT query_id AS id, outcome_leaf AS leaf FROM bridge.fee_line WHERE result = 'match' ORDER BY outcome_leaf LIMIT 1",
    );
    for (const one of [line, answered]) {
      const leaf = await tell(full, 'fees.unknown-settled', {
        ...{
          account: 'paying',
          amountKurus: -2,
          counted: false,
          difference: randomUUID(),
          feeClass: 'paying',
        },
        ...{
          instance: 'bridge-1',
          by: 'all',
          ofDay: '2026-05-04',
          ofQuarter: QUARTER,
          outcome: Number(one?.leaf),
        },
        ...{ quarter: '2026-Q3', query: one?.id ?? '', unitPriceKurus: 2, units: -1 },
      });
      expect(await found(full)).toBe(`fee-corrections ${leaf}`);
      await restore(full, 'whole');
    }
  });

  it('a record that the log has and the table has not', async () => {
    const { full } = house;
    const notice = { amountKurus: 1, dated: '2026-07-03', notice: randomUUID(), number: 'N-9' };
    const leaf = await tell(full, 'fees.notice-recorded', {
      ...{ ...BY, ...notice, account: 'paying', quarter: QUARTER, queries: 1 },
    });
    expect(await found(full)).toBe(`fee-records ${leaf}`);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openQuarterHouse, type QuarterHouse } from '../quarter/support/quarter-house.js';
import { INSTANTS } from './instants.js';

let house: QuarterHouse;

beforeAll(async () => {
  house = await openQuarterHouse('2028-03-02T09:00:00.000Z');
  // One il for each, so that its sum is found again.
  await house.book(...INSTANTS.map(([sentAt], i) => ({ sentAt: new Date(sentAt), il: `il ${i}` })));
  // Folds the rest.
  await house.view('2026-Q1');
});
afterAll(() => house.close());

describe('the day and quarter under which the database sums a line', () => {
  it.each(INSTANTS.map((one, i) => [...one, i] as const))(
    'sent at %s are %s and %s',
    async (_sentAt, day, quarter, i) => {
      const tables = await house.sql(
        'SELECT day::text AS day, quarter, lines, amount_kurus AS kurus FROM bridge.fee_rollup WHERE il = $1',
        [`il ${i}`],
      );
      expect(tables).toEqual([{ day, quarter, lines: 1n, kurus: 2n }]);
    },
  );

  it('give each quarter the queries that were sent in it, and the meter as well', async () => {
    const counts = {
      '2025-Q4': 1,
      '2026-Q1': 2,
      '2026-Q2': 2,
      '2026-Q3': 2,
      '2026-Q4': 2,
      '2027-Q1': 1,
      '2028-Q1': 4,
    };
    const metered = await house.sql<{ quarter: string; queries: bigint; kurus: bigint }>(
      'SELECT quarter, queries, amount_kurus AS kurus FROM bridge.fee_usage',
    );
    expect(Object.fromEntries(metered.map(({ queries, quarter }) => [quarter, Number(queries)]))).toEqual(
      counts,
    );
    expect(metered.every(({ kurus, queries }) => kurus === queries * 2n)).toBe(true);
    for (const [quarter, queries] of Object.entries(counts)) {
      const { document } = await house.view(quarter);
      expect(document.total).toEqual({ queries, units: queries, amountKurus: queries * 2 });
    }
  });

  it('are those by which the function in the database goes on from quarter to quarter', async () => {
    const [row] = await house.sql<Record<string, string>>(
      `SELECT bridge.next_quarter('2026-Q1') AS a, bridge.next_quarter('2026-Q2') AS b, bridge.next_quarter('2026-Q3') AS c,
        bridge.next_quarter('2026-Q4') AS d, bridge.next_quarter('2099-Q4') AS e`,
    );
    expect(Object.values(row ?? {})).toEqual(['2026-Q2', '2026-Q3', '2026-Q4', '2027-Q1', '2100-Q1']);
  });
});

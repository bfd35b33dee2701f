import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../src/audit/canonical-json.js';
import { quarterFile } from '../../../src/fees/export/quarter-file.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from '../quarter/support/quarter-house.js';
import { bytesOf, csvRows, csvTotal, readCsv, sumBy } from './support/read-back.js';
import { writeCorrection } from './support/write-correction.js';

const QUARTER = '2026-Q2';

let house: QuarterHouse;
beforeAll(async () => {
  house = await openQuarterHouse('2026-07-02T06:00:00.000Z');
  const lines = Array.from({ length: 5 }, (_, i) => ({ sentAt: new Date(Date.UTC(2026, 4, i + 1, 9)) }));
  const [id = ''] = await house.book(...lines);
  await correct(id);
});
afterAll(() => house.close());

const correct = (id: string) => writeCorrection(house.sql, id, QUARTER);
const fileOf = (format: 'csv' | 'json') =>
  quarterFile({ db: house.test.db, settings: house.settings, now: () => house.now }, QUARTER, format);

it('a sealed quarter’s file is of the very document that was kept, corrections listed; with others there is none', async () => {
  const live = csvRows(await readCsv((await fileOf('csv')).stream), 'düzeltmeler');
  expect(live).toHaveLength(1);

  await house.freeze(QUARTER, officerOf(1));
  await house.decide(QUARTER, officerOf(2));
  await house.seal(QUARTER, officerOf(1));
  const records = await readCsv((await fileOf('csv')).stream);
  expect(csvRows(records, 'düzeltmeler')).toEqual(live);
  expect(sumBy(live, 'düzeltme_tutarı_kurus')).toBe(
    BigInt(csvTotal(records, 'özet').düzeltme_tutarı_kurus ?? ''),
  );
  const whole = JSON.parse((await bytesOf((await fileOf('json')).stream)).toString('utf8'));
  const { account, corrections, due, payBy, quarter, state, statementSha256, ...document } = whole;
  expect([account, quarter, state, corrections.length]).toEqual([null, QUARTER, 'sealed', 1]);
  expect([due, payBy]).toEqual(['2026-07-31', '2026-07-31']);
  expect(createHash('sha256').update(canonicalJson(document)).digest('hex')).toBe(statementSha256);
  expect(records.map(({ bilgi }) => bilgi)).toContain(`Cetvel SHA-256: ${statementSha256}`);

  const [other] = await house.sql<{ id: string }>(
    'SELECT query_id AS id FROM bridge.fee_line WHERE query_id NOT IN (SELECT query_id FROM bridge.fee_correction) LIMIT 1',
  );
  await correct(other?.id ?? '');
  await expect(fileOf('csv')).rejects.toMatchObject({ code: 'LOG_INCONSISTENT' });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay, istanbulMidnight } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { dataOf, expectSound } from '../support/system-authority.js';
import { FinanceDesk } from '../support/system-finance.js';
import { killAt } from '../support/system-killed.js';
import { checkInPast } from '../support/system-past.js';

const TODAY = istanbulDay(new Date());
const DAY = addDays(TODAY, -1);
/** One more than a page of settlements, and then some: two transactions. */
const UNKNOWN = 600;
const MATCHES = 5;
/** Unknown outcomes that the Interior Ministry did not count. */
const FEWER = 250;
const PAGE = 500;

let system: System;
let desk: FinanceDesk;
let importing: readonly string[];
let settling: readonly string[];

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  const at = new Date(istanbulMidnight(DAY).getTime() + 12 * 3_600_000);
  const about = { client: 'union-portal', at } as const;
  await checkInPast(system, [
    { ...about, count: MATCHES, end: 'match' },
    { ...about, count: UNKNOWN, end: 'unknown' },
  ]);
  desk = await FinanceDesk.open(system);
  const file = join(system.layout.directory, 'nvi.csv');
  const theirs = MATCHES + UNKNOWN - FEWER;
  const lira = `${Math.floor((theirs * 2) / 100)},${String((theirs * 2) % 100).padStart(2, '0')}`;
  const day = DAY.split('-').reverse().join('.');
  writeFileSync(
    file,
    `Tarih;Hizmet;Adet;Tutar\r\n${day};BilesikKutukSorgulaKimlikNoServis;${theirs};${lira}\r\nTOPLAM;;${theirs};${lira}\r\n`,
  );
  const days = ['--from', DAY, '--to', TODAY];
  importing = ['reconcile', 'import', '--account', 'birlik', ...days, '--file', file, ...desk.asFirst];
});
afterAll(() => system?.stop());

async function rows() {
  const [counts] = await system.sql(`SELECT (SELECT count(*)::int FROM bridge.fee_import) AS imports,
      (SELECT count(*)::int FROM bridge.fee_figure) AS figures, (SELECT count(*)::int FROM bridge.fee_difference) AS differences,
      (SELECT count(*)::int FROM bridge.fee_correction) AS corrections`);
  return counts;
}
const entries = async (kind: string) => (await dataOf(system, `fees.${kind}`)).length;

describe('taking their figures in, killed inside its transaction', () => {
  it.each(['fee_import', 'fee_figure', 'fee_difference'])('at %s: nothing was taken in', async (table) => {
    await killAt(system, ['fees', ...importing], { table, mode: 'SHARE' });
    expect(await rows()).toEqual({ imports: 0, figures: 0, differences: 0, corrections: 0 });
    expect(await entries('figures-imported')).toBe(0);
  });

  it('the repeated command takes all of it in, once', async () => {
    const { differences } = await desk.json(...importing);
    const sum = { queries: -FEWER, amountKurus: -2 * FEWER, behind: UNKNOWN, day: DAY };
    expect(differences).toMatchObject([{ class: 'unknown-outcome', ...sum }]);
    expect(await rows()).toEqual({ imports: 1, figures: 1, differences: 1, corrections: 0 });
    settling = ['reconcile', 'decide', differences[0].id, '--note', 'sayımlarına göre', ...desk.asFirst];
    const again = await desk.run(...importing);
    expect([again.code, again.err, await entries('figures-imported')]).toEqual([
      1,
      expect.stringMatching(/^STATE_CONFLICT/),
      1,
    ]);
  });
});

describe('settling unknown outcomes, killed on the way', () => {
  it('inside the first transaction: nothing is settled', async () => {
    await killAt(system, ['fees', ...settling, '--decision', 'settle'], {
      table: 'fee_correction',
      mode: 'SHARE',
    });
    expect(await rows()).toMatchObject({ corrections: 0 });
    expect([await entries('unknown-settled'), await entries('difference-decided')]).toEqual([0, 0]);
  });

  it('inside the last one: what came before stands, and the difference is not decided', async () => {
    await killAt(system, ['fees', ...settling, '--decision', 'settle'], {
      table: 'fee_difference',
      mode: 'SHARE',
    });
    expect(await rows()).toMatchObject({ corrections: PAGE });
    expect([await entries('unknown-settled'), await entries('difference-decided')]).toEqual([PAGE, 0]);
    const other = await desk.run(...settling, '--decision', 'explained');
    expect([other.code, other.err]).toEqual([1, expect.stringMatching(/^STATE_CONFLICT/)]);
  });

  it('the repeated command ends it: one correction for each, as many not counted as they have fewer', async () => {
    const { settled } = await desk.json(...settling, '--decision', 'settle');
    expect(settled).toBe(UNKNOWN);
    const [sums] = await system.sql(`SELECT count(DISTINCT query_id)::int AS queries,
        count(*) FILTER (WHERE NOT counted)::int AS dropped, sum(amount_kurus)::int AS kurus FROM bridge.fee_correction`);
    expect(sums).toEqual({ queries: UNKNOWN, dropped: FEWER, kurus: -2 * FEWER });
    expect([await entries('unknown-settled'), await entries('difference-decided')]).toEqual([UNKNOWN, 1]);
    const again = await desk.run(...settling, '--decision', 'settle');
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/^STATE_CONFLICT/)]);
  });

  it('the book then says what they count, and agrees with the log', async () => {
    const { body } = await desk.read(`/v1/fees/usage?from=${DAY}&to=${TODAY}&account=birlik`);
    const units = MATCHES + UNKNOWN - FEWER;
    expect(body.total).toEqual({ queries: MATCHES + UNKNOWN, units, amountKurus: 2 * units });
    await expectSound(system);
  });
});

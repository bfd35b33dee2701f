import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import { istanbulQuarter, previousQuarter, quarterBounds } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { FinanceDesk } from '../support/system-finance.js';
import { startCommand } from '../support/system-killed.js';

const QUARTER = previousQuarter(istanbulQuarter(new Date()));
/** Enough that a file takes seconds to write. */
const LINES = 30_000;
const UNITS = 2;

let system: System;
let desk: FinanceDesk;
let folder: string;

// Only lines are needed, not what they rest on: nothing here reads the log. The sums are made from them anew.
const FILL = `BEGIN;
  INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose, cooperative, il,
      ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
    SELECT gen_random_uuid(), 0, 'birlik', 'paying', 'union-portal', 'BilesikKutukSorgulaKimlikNoServis', '2024/04/01', 'ortak-kayit',
      '0123456789000015', 'Ankara', 'ticaret', 'kooperatif', 'per-query', decode(md5(n::text), 'hex'),
      '${quarterBounds(QUARTER).from.toISOString()}'::timestamptz + n * interval '1 minute', '${QUARTER}', 'match', true, 1, ${UNITS}, ${UNITS}
    FROM generate_series(1, ${LINES}) AS n;
  DELETE FROM bridge.fee_rollup; DELETE FROM bridge.fee_by_cooperative; DELETE FROM bridge.fee_by_actor;
  UPDATE bridge.fee_fold SET size = 0;
  COMMIT`;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  await system.sql(FILL);
  desk = await FinanceDesk.open(system);
  folder = join(system.layout.directory, 'statements');
  mkdirSync(folder);
});
afterAll(() => system?.stop());

const writing = (file: string) => ['statement', QUARTER, '--lines', '--format', 'xlsx', '--out', file];

/** Kills the command once its file, whatever it is called meanwhile, has grown to this; gives what stands in the folder then. */
async function killedWhileWriting(file: string, bytes: number): Promise<readonly string[]> {
  const before = new Set(readdirSync(folder));
  const command = startCommand(system, ['fees', ...writing(file), ...desk.asFirst]);
  const isGrown = () =>
    readdirSync(folder).some((name) => !before.has(name) && statSync(join(folder, name)).size > bytes);
  await until(async () => command.isOver() || isGrown(), 60_000);
  expect([command.isOver(), command.err()]).toEqual([false, '']);
  await command.kill9();
  return readdirSync(folder);
}

async function expectWhole(file: string): Promise<void> {
  const { sheets } = await readXlsx(new Uint8Array(readFileSync(file)));
  const lines = sheets.find(({ name }) => name === 'Satırlar')?.rows ?? [];
  const sent = lines.filter(([moment]) => /^\d{2}\.\d{2}\.\d{4} /.test(String(moment)));
  expect([sent.length, JSON.stringify(lines.at(-1))]).toEqual([
    LINES,
    expect.stringContaining(String((LINES * UNITS) / 100)),
  ]);
}

describe('a statement that is written to a file, killed on the way', () => {
  const file = () => join(folder, 'kps.xlsx');

  it.each([0, 100_000, 400_000])('has no name yet after %d bytes', async (bytes) => {
    const names = await killedWhileWriting(file(), bytes);
    expect(names).not.toContain('kps.xlsx');
    expect(names.every((name) => name.startsWith('.kps.xlsx.'))).toBe(true);
  });

  it('is written whole by the repeated command, which leaves nothing of the others', async () => {
    const { bytes, sha256 } = await desk.json(...writing(file()), ...desk.asFirst);
    expect(readdirSync(folder)).toEqual(['kps.xlsx']);
    expect([bytes, sha256]).toEqual([statSync(file()).size, expect.stringMatching(/^[0-9a-f]{64}$/)]);
    await expectWhole(file());
  });

  it('leaves the one from before as it was', async () => {
    const whole = readFileSync(file());
    await killedWhileWriting(file(), 100_000);
    expect(readFileSync(file()).equals(whole)).toBe(true);
    const ran = await desk.run(...writing(file()), ...desk.asFirst);
    expect([ran.code, ran.err, readdirSync(folder)]).toEqual([0, '', ['kps.xlsx']]);
    await expectWhole(file());
  });

  it('touches no file of somebody else in the folder', async () => {
    const other = join(folder, '.kps.xlsx.partial');
    writeFileSync(other, 'mine');
    expect((await desk.run(...writing(file()), ...desk.asFirst)).code).toBe(0);
    expect(existsSync(other)).toBe(true);
  });
});

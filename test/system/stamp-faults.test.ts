import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAULTS_OF_ANY, faultOfRow, readFaultsTable } from '../support/faults-table.js';
import { BUILT, type Sibling, type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';

const COLUMNS = ['system', 'kind', 'given', 'kamusm', 'second', 'export', 'API'] as const;
const rows = readFaultsTable(COLUMNS);
/** Longer than many looks of the schedule, which come every five seconds. */
const TWO_LOOKS_MS = 75_000;

let system: System;
let asking: Asking;
let exports_ = 0;

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      // The schedule rests after the first stamp: a fault for one request must meet the export.
      yaml.audit.timestamps.everyMinutes = 1440;
      for (const authority of yaml.audit.timestamps.authorities) authority.timeoutMs = 1500;
    },
  });
  asking = new Asking(system);
  expect(await takeStamp()).toEqual({ kamusm: 'stamp', second: '-', code: 0 });
});
afterAll(() => system?.stop());

/** An export takes a stamp over what no stamp covers yet: what each authority did, and the exit status. */
async function takeStamp() {
  exports_ += 1;
  const out = join(system.layout.directory, `export-${exports_}`);
  const before = await stamps();
  const { code, err } = await bridge('audit', 'export', '--out', out);
  const given = (await stamps()).slice(before.length);
  expect(existsSync(out)).toBe(code === 0);
  const of = (authority: string) =>
    new RegExp(`no time stamp of ${authority}: (\\S+)`).exec(err)?.[1] ??
    (given.includes(authority) ? 'stamp' : '-');
  return { kamusm: of('kamusm'), second: of('second'), code };
}

/** Names of the authorities of all stamps, in the order in which they came. */
async function stamps(): Promise<string[]> {
  const found = await system.sql('SELECT authority FROM bridge.log_timestamp ORDER BY received_at, size');
  return found.map(({ authority }) => authority);
}

function bridge(...args: string[]): Promise<{ code: number; err: string }> {
  const env = { ...process.env, BRIDGE_CONFIG: system.layout.configFile };
  return new Promise((resolve) =>
    execFile(process.execPath, [join(BUILT, 'src/cli.js'), ...args], { env }, (error, _out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), err }),
    ),
  );
}

describe('the table of docs/faults.md', () => {
  it('has a row for every kind of fault of CONTRACT §3 for the time stamping authority, and for no other', () => {
    expect([...new Set(rows.map(({ kind }) => kind))].sort()).toEqual(
      [...FAULTS_OF_ANY, 'error-200', 'wrong-imprint'].sort(),
    );
    expect(rows.filter((row) => row.system !== 'tsa')).toEqual([]);
  });
});

describe.each(rows.map((row, place) => ({ ...row, place })))('tsa $kind ($given)', (row) => {
  it(`is ${row.kamusm} and then ${row.second}; the caller of the API sees ${row.API}`, async () => {
    await system.control.fault(faultOfRow(row));
    const { body } = await asking.ask({ about: { subject: plain(asking.people.subject(row.place)) } });
    expect(`${body.outcome} ${body.units} unit`).toBe(row.API);
    const { kamusm, second, code } = await takeStamp();
    expect([kamusm, second, String(code)]).toEqual([row.kamusm, row.second, row.export]);
    await system.control.clear();
  });
});

describe('an outage of all authorities', () => {
  let other: Sibling;

  it('is told once, with the reason of each, and the service goes on', async () => {
    await asking.ask();
    await system.sql(`UPDATE bridge.log_timestamp SET gen_time = gen_time - interval '1 hour',
      received_at = received_at - interval '1 hour'`);
    await system.control.fault({ system: 'tsa', kind: 'error-200' });
    other = await system.sibling((yaml) => {
      yaml.audit.timestamps.everyMinutes = 1;
      yaml.audit.timestamps.budgetHours = 1;
    });
    await until(async () => (await told('timestamp.outage')).length > 0, TWO_LOOKS_MS);
    const [outage] = await told('timestamp.outage');
    expect(outage.authorities).toEqual([
      { authority: 'kamusm', reason: 'status-2' },
      { authority: 'second', reason: 'status-2' },
    ]);
    expect((await asking.ask({ api: other.api })).status).toBe(200);
    expect(await gauge('bridge_log_seconds_unstamped')).toBeGreaterThan(0);
  });

  it('beyond its budget lets nothing more be asked, on any call', async () => {
    // An entry that has waited for two hours: only a test can bring that about today.
    await system.sql(`UPDATE bridge.entry SET at = at - interval '2 hours'
      WHERE leaf_index = (SELECT max(size) FROM bridge.log_timestamp)`);
    await until(async () => (await fetch(`${other.ops}/readyz`)).status === 503);
    expect(await (await fetch(`${other.ops}/readyz`)).text()).toContain('time-stamps');
    await asking.refused(() => asking.ask({ api: other.api }), 503, 'AUDIT_UNAVAILABLE');
    expect(await gauge('bridge_log_timestamp_outage')).toBe(1);
    expect(await gauge('bridge_log_timestamp_budget_seconds')).toBe(0);
  });

  it('ends with the next stamp, also one that an export took, and is told as ended once', async () => {
    await system.control.clear();
    expect((await takeStamp()).code).toBe(0);
    await until(async () => (await told('timestamp.restored')).length > 0, TWO_LOOKS_MS);
    await until(async () => (await fetch(`${other.ops}/readyz`)).status === 200);
    expect((await asking.ask({ api: other.api })).status).toBe(200);
    expect([(await told('timestamp.outage')).length, (await told('timestamp.restored')).length]).toEqual([
      1, 1,
    ]);
  });

  const told = async (kind: string) =>
    (await system.sql('SELECT line FROM bridge.entry WHERE kind = $1', [kind])).map(
      ({ line }) => JSON.parse(line).data,
    );

  async function gauge(name: string): Promise<number> {
    const text = await (await fetch(`${other.ops}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }
});

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { authorityCommand } from '../../src/commands/authority/authority.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { RECORDING_APPLIERS } from '../../src/house/authority/record-ports.js';
import { openLog } from '../../src/house/open-log.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const A = '0123456789000015';
const MERGED = '0123456789000023';
const UNKNOWN = '0123456789000031';
const OFFICERS = new Map([
  [50, 'administrator'],
  [51, 'security-officer'],
  [52, 'log-inspector'],
]);
const [OFFICER, MANAGER, BOARD, AUDITOR] = [51, 55, 60, 61];
const TODAY = istanbulDay(new Date());

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
let log: ReturnType<typeof openLog>;
const urls = () => ({ APP_URL: test.appUrl });

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
  }, urls());
  log = openLog(config, test.db, RECORDING_APPLIERS);
  for (const [n, role] of [...OFFICERS, [MANAGER, 'ministry-manager'] as const]) {
    const text = 'INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)';
    await test.db.query({ text, values: [randomUUID(), log.tagger.tag('authority', personOf(n)), role] });
  }
  const seats = [
    seatReading(log.tagger, personOf(BOARD), { endsOn: addDays(TODAY, 30) }),
    seatReading(log.tagger, personOf(AUDITOR), { role: 'denetci', representation: 'MUNFERIDEN' }),
  ];
  const merged = { durum: 'birleşme', durumSince: '2025-02-01', successor: A };
  await record([cooperativeReading(A, { seats }), cooperativeReading(MERGED, merged)]);
});
afterAll(async () => {
  await log.appender.close();
  await test.drop();
  workplace.remove();
});

const record = (readings: Parameters<typeof recordReadings>[3]) =>
  recordReadings(log.appender, test.db, portsOf(log), readings, new Date());
const tokenOf = async (n: number) => {
  const tools = { ...log, log: log.appender, db: test.db };
  return (await signInForTest(tools, { person: personOf(n) })).accessToken;
};
const command = (args: readonly string[], token: string): Promise<Ran> => {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ authority: authorityCommand }, ['authority', 'who', ...args], env, token);
};
const who = async (args: readonly string[], by = OFFICER) => command(args, await tokenOf(by));
const json = async (...args: readonly string[]) => JSON.parse((await who([...args, '--json'])).out);

describe('bridge authority who', () => {
  it('prints who could act by seats and days, with the entry that says so, and nobody’s number', async () => {
    const ran = await who(['--cooperative', A]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [question, cooperative, read, ...seats] = ran.out.split('\n');
    expect(question).toBe(`who could act on ${TODAY}, as known now`);
    expect(cooperative).toMatch(new RegExp(`^cooperative ${A}: faal; version 1, leaf [0-9]+$`));
    expect(read).toMatch(/^read /);
    expect(seats.map((line) => line.split(':')[0]).sort()).toEqual(['board', 'denetci']);
    expect(seats.join()).toContain(`2025-01-01 to ${addDays(TODAY, 30)}, registered 2025-01-05`);
    for (const n of [BOARD, AUDITOR]) expect(ran.out).not.toContain(digitsOf(n));
  });

  it('says the same in JSON, without persons', async () => {
    const told = await json('--cooperative', A, '--at', addDays(TODAY, 30));
    expect(told).toMatchObject({
      mersisNo: A,
      at: addDays(TODAY, 30),
      knownAt: null,
      version: 1,
      knownFrom: null,
    });
    const leaf = (await readEntries(test.db))[told.entry.leafIndex];
    expect(leaf?.kind).toBe('authority.recorded');
    expect(told.authorities).toEqual([
      {
        ...{ role: 'denetci', seat: expect.any(String), from: '2025-01-01', to: null },
        ...{ registeredOn: '2025-01-05', representation: 'MUNFERIDEN' },
      },
    ]);
  });

  it('goes to the cooperative that it went into', async () => {
    const { out } = await who(['--cooperative', MERGED]);
    expect(out).toMatch(new RegExp(`cooperative ${MERGED}: birleşme; .*\\nwent into ${A}: faal; `));
    expect(out).toMatch(/^board: seat /m);
  });

  it('tells what was known then', async () => {
    const other = '0123456789000049';
    const seats = [seatReading(log.tagger, personOf(BOARD))];
    await record([cooperativeReading(other, { seats })]);
    const { rows } = await test.db.query<{ at: Date }>({ text: 'SELECT last_at AS at FROM bridge.log_head' });
    const knownAt = rows[0]?.at.toISOString() ?? '';
    // The next entry is of a later millisecond.
    while (Date.now() <= Date.parse(knownAt) + 1) await new Promise((resolve) => setImmediate(resolve));
    await record([cooperativeReading(other, { durum: 'terkin', durumSince: '2025-06-01', seats })]);
    expect(await json('--cooperative', other)).toMatchObject({
      durum: 'terkin',
      version: 2,
      authorities: [],
    });
    const then = await json('--cooperative', other, '--known-at', knownAt);
    expect(then).toMatchObject({ durum: 'faal', version: 1, knownAt, readAt: null });
    expect(then.authorities).toHaveLength(1);
    expect(await who(['--cooperative', other, '--known-at', '2020-01-01'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^NOT_FOUND: /),
    });
  });

  it('is an entry with whoever asked, before anything is shown', async () => {
    await who(['--cooperative', A]);
    const [use, acted] = (await readEntries(test.db)).slice(-2).map(({ line }) => JSON.parse(line));
    expect([use.kind, acted.kind]).toEqual(['command.run', 'command.acted']);
    expect(acted.data).toMatchObject({ command: 'authority who', operation: null });
  });

  it('is for the officers whom the table of rights names', async () => {
    for (const n of OFFICERS.keys()) expect(await who(['--cooperative', A], n)).toMatchObject({ code: 0 });
    for (const n of [MANAGER, BOARD])
      expect(await who(['--cooperative', A], n)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^ROLE_REQUIRED: /),
      });
  });

  it('of a cooperative that nobody knows is not found', async () => {
    expect(await who(['--cooperative', UNKNOWN])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^NOT_FOUND: /),
    });
  });

  it.each([
    ['a natural person’s number', ['--cooperative', `${digitsOf(BOARD)}00001`]],
    ['no cooperative', []],
    ['a day that is none', ['--cooperative', A, '--at', '2026-02-30']],
    ['a number as a day', ['--cooperative', A, '--at', digitsOf(BOARD)]],
    ['an instant without a zone', ['--cooperative', A, '--known-at', '2026-01-01T00:00:00']],
    ['an instant that is to come', ['--cooperative', A, '--known-at', '2999-01-01']],
    ['a number as an argument', ['--cooperative', A, digitsOf(BOARD)]],
    ['an option that is none', ['--cooperative', A, '--person', digitsOf(BOARD)]],
  ])('with %s is wrong use, and repeats nothing of it', async (_what, args) => {
    const entries = (await readEntries(test.db)).length;
    const ran = await command(args, 'T'.repeat(43));
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatch(/^WRONG_USE/);
    expect(ran.err).not.toContain(digitsOf(BOARD));
    expect((await readEntries(test.db)).length).toBe(entries);
  });
});

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../src/authority/appliers.js';
import { readRecords } from '../../src/authority/recording/records.js';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { importLegacyCommand } from '../../src/commands/authority/import-legacy.js';
import { liftCommand } from '../../src/commands/authority/lift.js';
import { suspendCommand } from '../../src/commands/authority/suspend.js';
import { commandGroup } from '../../src/commands/command-group.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER, BOARD, LEGACY] = [50, 51, 60, 61];
const TODAY = istanbulDay(new Date());
const YESTERDAY = addDays(TODAY, -1);
const authorityCommand = commandGroup('authority', 'who may act', {
  'import-legacy': importLegacyCommand,
  suspend: suspendCommand,
  lift: liftCommand,
});

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
/** Another one for each test. */
let cooperative: string;
/** Everything that any command has written. */
const written: string[] = [];

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
  }, urls());
  await hold(ADMIN, 'administrator');
  await hold(OFFICER, 'security-officer');
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});
let made = 0;
beforeEach(async () => {
  made += 1;
  cooperative = `0${String(300_000_000_000_000 + made)}`;
  await withLog(async (log) => {
    const seats = [seatReading(log.tagger, personOf(BOARD))];
    const readings = [cooperativeReading(cooperative, { seats })];
    await recordReadings(log.appender, test.db, portsOf(log), readings, new Date());
  });
});

const urls = () => ({ APP_URL: test.appUrl });
const sql = (text: string, values: readonly unknown[] = []) => test.db.query({ text, values });

async function withLog<T>(work: (log: ReturnType<typeof openLog>) => Promise<T>): Promise<T> {
  const appliers = [...AUTHORITY_APPLIERS, ...SESSION_APPLIERS] as readonly EffectApplier[];
  const log = openLog(config, test.db, appliers);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

const hold = (n: number, role: string) =>
  withLog((log) =>
    sql('INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)', [
      randomUUID(),
      log.tagger.tag('authority', personOf(n)),
      role,
    ]),
  );
const tokenOf = (n: number, stepUp = true) =>
  withLog(async (log) => {
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });

function inFile(text: string | Buffer): string {
  const path = join(workplace.folder, randomUUID());
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function authority(args: readonly string[], n: number | null = ADMIN, stepUp = true): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  const input = n === null ? '' : await tokenOf(n, stepUp);
  const ran = await run({ authority: authorityCommand }, ['authority', ...args], env, input);
  written.push(ran.out, ran.err);
  return ran;
}

const decisionArgs = (no: string, ...more: readonly string[]) =>
  ['--cooperative', cooperative, '--decision-no', no, '--decided-on', YESTERDAY, ...more] as const;
const recordOf = async () => (await readRecords(test.db, [cooperative])).get(cooperative)?.record;
const suspensions = async () => (await recordOf())?.suspensions;
const legacySeats = async () =>
  (await recordOf())?.seats.filter(({ role }) => role === 'legacy-appointee') ?? [];
const lastKinds = async (n: number) => (await readEntries(test.db)).slice(-n).map(({ kind }) => kind);
const refusal = (code: string, word = '') => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: .*${word}`)),
});
const wrongUse = { code: 2, out: '', err: expect.stringMatching(/^WRONG_USE/) };

describe('bridge authority suspend and lift', () => {
  it('record a ministry’s decision from its day on, by an administrator, and its end', async () => {
    const ran = await authority(['suspend', ...decisionArgs('B-9', '--from', YESTERDAY), '--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({ decision: 'suspended', cooperative, from: YESTERDAY });
    const open = { decisionNo: 'B-9', decidedOn: YESTERDAY, from: YESTERDAY, to: null };
    expect(await suspensions()).toEqual([open]);
    expect(await lastKinds(3)).toEqual(['command.acted', 'suspension.decided', 'authority.recorded']);
    expect(await authority(['lift', ...decisionArgs('B-10')])).toMatchObject({
      code: 0,
      out: expect.stringMatching(`lifted: ${cooperative} from ${TODAY} on`),
    });
    expect(await suspensions()).toEqual([{ ...open, to: TODAY }]);
  });

  it('end the sessions of those who have nothing left', async () => {
    const number = `0${String(400_000_000_000_000 + made)}`;
    const alone = 80;
    const tag = await withLog(async (log) => {
      const seats = [seatReading(log.tagger, personOf(alone))];
      const readings = [cooperativeReading(number, { seats })];
      await recordReadings(log.appender, test.db, portsOf(log), readings, new Date());
      return log.tagger.tag('authority', personOf(alone));
    });
    await tokenOf(alone);
    cooperative = number;
    await authority(['suspend', ...decisionArgs('B-9')]);
    const text = 'SELECT ended_at IS NOT NULL AS ended FROM bridge.sign_in_session WHERE person_tag = $1';
    expect((await sql(text, [tag])).rows).toEqual([{ ended: true }]);
    expect(await lastKinds(1)).toEqual(['session.ended']);
  });

  it('are refused where it is suspended already, or not at all, and each refusal is an entry', async () => {
    expect(await authority(['lift', ...decisionArgs('B-8')])).toEqual(
      refusal('STATE_CONFLICT', 'not-suspended'),
    );
    await authority(['suspend', ...decisionArgs('B-9')]);
    expect(await authority(['suspend', ...decisionArgs('B-10')])).toEqual(
      refusal('STATE_CONFLICT', 'already-suspended'),
    );
    expect(await lastKinds(1)).toEqual(['command.refused']);
    expect(await suspensions()).toHaveLength(1);
  });

  it('are refused to whoever is no administrator', async () => {
    expect(await authority(['suspend', ...decisionArgs('B-9')], OFFICER)).toEqual(refusal('ROLE_REQUIRED'));
    expect(await authority(['suspend', ...decisionArgs('B-9')], null)).toEqual(refusal('TOKEN_INVALID'));
    expect(await authority(['suspend', ...decisionArgs('B-9')], ADMIN, false)).toEqual(
      refusal('STEP_UP_REQUIRED'),
    );
    expect(await suspensions()).toEqual([]);
  });

  it('are refused for days that have not come', async () => {
    const tomorrow = addDays(TODAY, 1);
    expect(await authority(['suspend', ...decisionArgs('B-9', '--from', tomorrow)])).toEqual(
      refusal('STATE_CONFLICT', 'from-in-future'),
    );
  });

  it.each<[string, readonly string[]]>([
    ['no cooperative', ['--decision-no', '1', '--decided-on', '2026-01-01']],
    [
      'a natural person’s number',
      ['--cooperative', `${digitsOf(LEGACY)}00001`, '--decision-no', '1', '--decided-on', '2026-01-01'],
    ],
    ['no decision', ['--cooperative', '0123456789000015', '--decided-on', '2026-01-01']],
    [
      'an identity number as decision',
      ['--cooperative', '0123456789000015', '--decision-no', digitsOf(LEGACY), '--decided-on', '2026-01-01'],
    ],
    [
      'a day that is none',
      ['--cooperative', '0123456789000015', '--decision-no', '1', '--decided-on', '2026-02-30'],
    ],
    [
      'a first day that is none',
      [
        '--cooperative',
        '0123456789000015',
        '--decision-no',
        '1',
        '--decided-on',
        '2026-02-03',
        '--from',
        'now',
      ],
    ],
    ['an unknown option', ['--force']],
  ])('are wrong use with %s', async (_what, args) => {
    for (const name of ['suspend', 'lift']) expect(await authority([name, ...args])).toEqual(wrongUse);
  });
});

describe('bridge authority import-legacy', () => {
  const lineOf = (n: number, no = cooperative) => `${no};${digitsOf(n)};2020-01-01;2021-01-01`;

  it('brings the lines of a file in as ended, and a second time nothing', async () => {
    const path = inFile(`\uFEFFMERSİS no;kimlik no;başlangıç;bitiş\r\n${lineOf(LEGACY)}\r\n`);
    const first = await authority(['import-legacy', path, '--json']);
    expect([first.code, JSON.parse(first.out)]).toEqual([0, { imported: 1, lines: 1 }]);
    expect(await legacySeats()).toMatchObject([
      { endsOn: '2021-01-01', registeredOn: null, source: 'legacy' },
    ]);
    expect(await lastKinds(3)).toEqual(['seat.recorded', 'authority.recorded', 'legacy.imported']);
    expect(await authority(['import-legacy', path])).toMatchObject({
      code: 0,
      out: 'imported: 0 of 1 lines were new or corrected',
    });
    expect(await lastKinds(1)).toEqual(['command.acted']);
  });

  it('brings in nothing where any line is bad, and names the lines alone', async () => {
    const lines = [lineOf(LEGACY), 'x;y', lineOf(62, '0999999999000015'), `${cooperative};1;2020-01-01`];
    const ran = await authority(['import-legacy', inFile(lines.join('\n'))]);
    expect(ran).toEqual({
      code: 1,
      out: '',
      err: 'line 2: columns\nline 4: number-invalid\nnothing was imported',
    });
    expect(await lastKinds(1)).toEqual(['command.refused']);
    const unknown = await authority(['import-legacy', inFile(lines.slice(2, 3).join('\n')), '--json']);
    expect([unknown.code, JSON.parse(unknown.out)]).toEqual([
      1,
      { imported: 0, refused: [{ line: 1, reason: 'cooperative-unknown' }] },
    ]);
    expect(await legacySeats()).toEqual([]);
  });

  it('is refused with a file that is empty, not UTF-8, too long or not there, and to others than administrators', async () => {
    expect(await authority(['import-legacy', inFile('MERSIS;x;y\n')])).toEqual(refusal('REQUEST_INVALID'));
    expect(await authority(['import-legacy', inFile(Buffer.from([0xff, 0xfe]))])).toEqual(
      refusal('REQUEST_INVALID', 'UTF-8'),
    );
    expect(await authority(['import-legacy', inFile(Buffer.alloc(16_777_217, 0x0a))])).toEqual(
      refusal('REQUEST_INVALID', 'too long'),
    );
    expect(await authority(['import-legacy', join(workplace.folder, digitsOf(LEGACY))])).toEqual(wrongUse);
    expect(await authority(['import-legacy', inFile(lineOf(LEGACY))], OFFICER)).toEqual(
      refusal('ROLE_REQUIRED'),
    );
    expect(await authority(['import-legacy'])).toEqual(wrongUse);
    expect(await legacySeats()).toEqual([]);
  });
});

describe('whatever they do', () => {
  it('no command has written an identity number, and none stands in the log', async () => {
    const log = (await readEntries(test.db)).map(({ line }) => line);
    const all = [...written, ...log].join('\n');
    for (const n of [ADMIN, OFFICER, BOARD, LEGACY, 62]) expect(all).not.toContain(digitsOf(n));
  });
});

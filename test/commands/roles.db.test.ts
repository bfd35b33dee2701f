import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { parseRole } from '../../src/authority/roles/role-list.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { rolesCommand } from '../../src/commands/roles/roles.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER, MANAGER, DESK, NOBODY, SOMEBODY, OTHER] = [50, 51, 52, 53, 54, 60, 61];
const MERSIS = '0123456789000015';
const HELD = [
  [ADMIN, 'administrator'],
  [OFFICER, 'security-officer'],
  [MANAGER, 'ministry-manager:ticaret'],
  [DESK, 'directorate:ticaret/Ankara'],
] as const;
const TODAY = istanbulDay(new Date());
const TOMORROW = istanbulDay(new Date(Date.now() + 86_400_000));
const LETTER = ['--letter-no', 'E-45', '--letter-date', '2026-05-04'];

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
/** Everything that any command has written. */
const written: string[] = [];

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
  }, urls());
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});
beforeEach(async () => {
  await sql('DELETE FROM bridge.authority_role');
  for (const [n, text] of HELD) await hold(n, text);
});

const urls = () => ({ APP_URL: test.appUrl });
const sql = (text: string, values: readonly unknown[] = []) => test.db.query({ text, values });

async function withLog<T>(work: (log: ReturnType<typeof openLog>) => Promise<T>): Promise<T> {
  const log = openLog(config, test.db, [openSessionApplier] as readonly EffectApplier[]);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

const hold = (n: number, text: string) =>
  withLog(async (log) => {
    const role = parseRole(text);
    await sql(
      'INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES ($1, $2, $3, $4, $5)',
      [randomUUID(), log.tagger.tag('authority', personOf(n)), role?.role, role?.ministry, role?.il],
    );
  });

const tokenOf = (n: number, stepUp = true) =>
  withLog(async (log) => {
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });

async function tokenFile(n: number, stepUp = true): Promise<string> {
  return inFile(await tokenOf(n, stepUp));
}

function inFile(text: string): string {
  const path = join(workplace.folder, randomUUID());
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function roles(args: readonly string[], input = ''): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  const ran = await run({ roles: rolesCommand }, ['roles', ...args], env, input);
  written.push(ran.out, ran.err);
  return ran;
}

const refusal = (code: string, word = '') => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: .*${word}`)),
});
const heldBy = (n: number) =>
  withLog(async (log) => {
    const { rows } = await sql('SELECT role FROM bridge.authority_role WHERE person_tag = $1 ORDER BY role', [
      log.tagger.tag('authority', personOf(n)),
    ]);
    return rows.map(({ role }) => role);
  });
const lastEntries = async (n: number) =>
  (await readEntries(test.db)).slice(-n).map(
    ({ line }) =>
      JSON.parse(line) as {
        kind: string;
        data: Record<string, unknown>;
        sealed: Record<string, unknown>;
      },
  );

describe('bridge roles grant', () => {
  it('gives the person on standard input the role, the token before it or in a file', async () => {
    const inline = await roles(
      ['grant', 'finance', '--json'],
      `${await tokenOf(ADMIN)}\n${digitsOf(SOMEBODY)}\n`,
    );
    expect(inline).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(inline.out)).toMatchObject({ decision: 'granted', role: 'finance' });
    const file = await tokenFile(MANAGER);
    const args = ['grant', 'directorate:ticaret/Van', '--token-file', file, ...LETTER, '--reason', 'yazı'];
    expect(await roles(args, digitsOf(OTHER))).toMatchObject({ code: 0 });
    expect([await heldBy(SOMEBODY), await heldBy(OTHER)]).toEqual([['finance'], ['directorate']]);
    const [use, acted, granted, decided] = await lastEntries(4);
    expect([use?.kind, acted?.kind, granted?.kind, decided?.kind]).toEqual([
      'command.run',
      'command.acted',
      'role.granted',
      'role.decided',
    ]);
    expect(use?.data.command).toBe('roles grant');
    expect(acted?.data).toMatchObject({ command: 'roles grant', operation: 'roles.decide' });
    expect(acted?.data.actor).toEqual(decided?.data.actor);
    expect(decided?.data).toMatchObject({ letter: { no: 'E-45', date: '2026-05-04' }, reason: 'yazı' });
    expect(decided?.data.osUser).toBe(use?.data.osUser);
  });

  it.each([
    ['without step-up', ADMIN, 'finance', false, 'STEP_UP_REQUIRED', ''],
    ['by somebody without a role', NOBODY, 'finance', true, 'ROLE_REQUIRED', ''],
    ['by a security officer', OFFICER, 'finance', true, 'ROLE_REQUIRED', ''],
    [
      'by a manager outside the own ministry',
      MANAGER,
      'directorate:tarim/Van',
      true,
      'STATE_CONFLICT',
      'outside-own-ministry',
    ],
    ['alone, where two are needed', ADMIN, 'administrator', true, 'SECOND_PERSON_REQUIRED', ''],
    [
      'of a representative by an administrator',
      ADMIN,
      `ministry-representative:${MERSIS}`,
      true,
      'ROLE_REQUIRED',
      '',
    ],
  ])('%s is refused', async (_name, n, role, stepUp, code, word) => {
    const ran = await roles(['grant', role], `${await tokenOf(n, stepUp)}\n${digitsOf(SOMEBODY)}`);
    expect(ran).toMatchObject(refusal(code, word));
    expect(await heldBy(SOMEBODY)).toEqual([]);
    const last = (await lastEntries(1))[0];
    expect(last).toMatchObject({
      kind: 'command.refused',
      data: { command: 'roles grant', code, reason: word === '' ? null : word },
      sealed: { 'actor.number': expect.anything() },
    });
    expect(last?.data.actor).toMatchObject({ session: expect.any(String) });
  });

  it('by nobody known is refused, and told without a person', async () => {
    expect(await roles(['grant', 'finance'], `no token\n${digitsOf(SOMEBODY)}`)).toMatchObject(
      refusal('TOKEN_INVALID'),
    );
    expect((await lastEntries(1))[0]).toMatchObject({
      kind: 'command.refused',
      data: { actor: null, code: 'TOKEN_INVALID', command: 'roles grant', reason: null },
      sealed: {},
    });
  });

  it('needs two persons for an administrator, with step-up each, neither of whom gets it', async () => {
    const grant = async (second: string, person = SOMEBODY) =>
      roles(
        ['grant', 'administrator', '--token-file', await tokenFile(ADMIN), '--second-token-file', second],
        digitsOf(person),
      );
    expect(await grant(await tokenFile(ADMIN))).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect(await grant(await tokenFile(OFFICER, false))).toMatchObject(refusal('STEP_UP_REQUIRED'));
    expect(await grant(await tokenFile(MANAGER))).toMatchObject(refusal('ROLE_REQUIRED'));
    expect(await grant(await tokenFile(OFFICER), OFFICER)).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect(await grant(inFile('no token'))).toMatchObject(refusal('TOKEN_INVALID'));
    expect(await heldBy(SOMEBODY)).toEqual([]);
    expect(await grant(await tokenFile(OFFICER))).toMatchObject({ code: 0 });
    expect(await heldBy(SOMEBODY)).toEqual(['administrator']);
    const [one, other, , decided] = await lastEntries(4);
    expect([one?.kind, other?.kind]).toEqual(['command.acted', 'command.acted']);
    expect(one?.data.actor).toEqual(decided?.data.actor);
    expect(other?.data.actor).toEqual(decided?.data.second);
  });

  it('refuses a number that is none, and never repeats it', async () => {
    const typed = `${digitsOf(SOMEBODY).slice(0, 10)}x`;
    const ran = await roles(['grant', 'finance'], `${await tokenOf(ADMIN)}\n${typed}`);
    expect(ran).toMatchObject(refusal('IDENTITY_NUMBER_INVALID'));
    expect(ran.err).not.toContain(typed.slice(0, 9));
  });

  it('sends a representative for the days of one assembly', async () => {
    await sql(
      `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
       VALUES ($1, 'u', 't', 'k', 's', 'Ankara', 'ticaret', 'faal', now()) ON CONFLICT DO NOTHING`,
      [MERSIS],
    );
    const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const role = `ministry-representative:${MERSIS}`;
    const grant = async (...days: string[]) =>
      roles(['grant', role, ...days, '--token-file', await tokenFile(DESK)], digitsOf(SOMEBODY));
    expect(await grant()).toMatchObject(refusal('STATE_CONFLICT', 'days-invalid'));
    expect(await grant('--from', day(3), '--to', day(40))).toMatchObject(
      refusal('STATE_CONFLICT', 'days-invalid'),
    );
    expect(await grant('--from', day(3), '--to', day(5))).toMatchObject({ code: 0 });
    const { rows } = await sql(
      'SELECT starts_on::text AS f, ends_on::text AS t FROM bridge.authority_role WHERE mersis_no = $1',
      [MERSIS],
    );
    expect(rows).toEqual([{ f: day(3), t: day(5) }]);
  });

  it.each([
    ['an unknown role', ['grant', 'king']],
    ['no role', ['grant']],
    ['an identity number as a role', ['grant', digitsOf(SOMEBODY)]],
    [
      'a second person where one decides',
      ['grant', 'finance', '--token-file', '/dev/null', '--second-token-file', '/dev/null'],
    ],
    ['half a letter', ['grant', 'finance', '--letter-no', 'E-45']],
    ['a letter of a day to come', ['grant', 'finance', '--letter-no', 'E-45', '--letter-date', TOMORROW]],
    [
      'an import by a letter of a day to come',
      ['import', '/dev/null', '--letter-no', 'E-45', '--letter-date', TOMORROW],
    ],
    ['a letter of no day', ['grant', 'finance', '--letter-no', 'E-45', '--letter-date', '2026-02-30']],
    [
      'an identity number in the letter',
      ['grant', 'finance', '--letter-no', digitsOf(SOMEBODY), '--letter-date', '2026-05-04'],
    ],
    ['an identity number in the reason', ['grant', 'finance', '--reason', `için ${digitsOf(SOMEBODY)}`]],
    ['bootstrap of another role', ['grant', 'finance', '--bootstrap']],
    ['bootstrap with a token', ['grant', 'administrator', '--bootstrap', '--token-file', '/dev/null']],
    ['an import without a letter', ['import', '/dev/null']],
    ['an unknown command', ['give', 'finance']],
    ['no command', []],
  ])('%s is wrong use, and nothing of it is repeated', async (_name, args) => {
    const ran = await roles(args, digitsOf(SOMEBODY));
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).not.toContain(digitsOf(SOMEBODY));
  });

  it('takes a letter of today, and tells why one of tomorrow is refused', async () => {
    const grant = async (day: string) =>
      roles(
        [
          'grant',
          'finance',
          '--token-file',
          await tokenFile(ADMIN),
          '--letter-no',
          'E-1',
          '--letter-date',
          day,
        ],
        digitsOf(SOMEBODY),
      );
    expect((await grant(TOMORROW)).err).toMatch(/^WRONG_USE: --letter-date lies in the future/);
    expect(await heldBy(SOMEBODY)).toEqual([]);
    expect(await grant(TODAY)).toMatchObject({ code: 0 });
  });

  it('--bootstrap makes the first administrator without a token, once', async () => {
    const bootstrap = (n: number) => roles(['grant', 'administrator', '--bootstrap'], `${digitsOf(n)}\n`);
    expect(await bootstrap(SOMEBODY)).toMatchObject(refusal('STATE_CONFLICT', 'administrator-exists'));
    await sql("DELETE FROM bridge.authority_role WHERE role = 'administrator'");
    expect(await bootstrap(SOMEBODY)).toMatchObject({ code: 0 });
    expect((await lastEntries(1))[0]?.data).toMatchObject({ bootstrap: true, actor: null });
    expect(await bootstrap(OTHER)).toMatchObject(refusal('STATE_CONFLICT', 'administrator-exists'));
    expect(await heldBy(OTHER)).toEqual([]);
  });
});

describe('bridge roles revoke', () => {
  it('takes a role away with one person, at once', async () => {
    await hold(SOMEBODY, 'administrator');
    const ran = await roles(
      ['revoke', 'administrator', '--json'],
      `${await tokenOf(ADMIN)}\n${digitsOf(SOMEBODY)}`,
    );
    expect(ran).toMatchObject({ code: 0 });
    expect(JSON.parse(ran.out)).toMatchObject({ decision: 'revoked', role: 'administrator' });
    expect(await heldBy(SOMEBODY)).toEqual([]);
  });

  it('leaves the last administrator, and refuses what is not held', async () => {
    const revoke = async (role: string, n: number) =>
      roles(['revoke', role], `${await tokenOf(ADMIN)}\n${digitsOf(n)}`);
    expect(await revoke('administrator', ADMIN)).toMatchObject(
      refusal('STATE_CONFLICT', 'last-administrator'),
    );
    expect(await revoke('finance', SOMEBODY)).toMatchObject(refusal('STATE_CONFLICT', 'not-held'));
    expect(await revoke('security-officer', OFFICER)).toMatchObject(
      refusal('STATE_CONFLICT', 'last-second-person'),
    );
  });
});

describe('bridge roles list', () => {
  it.each([
    ['an administrator', ADMIN, 4],
    ['a security officer', OFFICER, 4],
    ['a manager the own ministry’s', MANAGER, 2],
  ])('shows %s the roles, and nobody’s number', async (_name, n, expected) => {
    await hold(OTHER, 'directorate:tarim/Van');
    const all = n === MANAGER ? expected : expected + 1;
    const ran = await roles(['list', '--json'], await tokenOf(n, false));
    expect(ran).toMatchObject({ code: 0 });
    const { roles: listed } = JSON.parse(ran.out) as { roles: { role: string; roleId: string }[] };
    expect(listed).toHaveLength(all);
    const table = await roles(['list', '--role', 'directorate'], await tokenOf(n, false));
    expect(table.out.split('\n').every((line) => line.includes('directorate:') && line.includes('***'))).toBe(
      true,
    );
  });

  it('is for nobody else, and knows no other roles', async () => {
    expect(await roles(['list'], await tokenOf(DESK))).toMatchObject(refusal('ROLE_REQUIRED'));
    expect(await roles(['list'], 'no token')).toMatchObject(refusal('TOKEN_INVALID'));
    expect(await roles(['list', '--role', 'king'], await tokenOf(ADMIN))).toMatchObject({ code: 2 });
  });
});

describe('bridge roles import', () => {
  const importFile = async (text: string | Buffer, more: readonly string[] = [], n = ADMIN) => {
    const path = join(workplace.folder, randomUUID());
    writeFileSync(path, text);
    return roles(['import', path, ...LETTER, '--token-file', await tokenFile(n), ...more]);
  };
  const [A, B, C] = [digitsOf(80), digitsOf(81), digitsOf(82)];

  it('grants every line of the letter’s file, as a spreadsheet saves it', async () => {
    const text = `\uFEFFkimlikNo;role\r\n${A};directorate:tarim/Şanlıurfa\r\n"${B}";"ministry-central:tarim"\r\n\r\n`;
    const ran = await importFile(text, ['--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({ granted: 2 });
    expect([await heldBy(80), await heldBy(81)]).toEqual([['directorate'], ['ministry-central']]);
    expect(await importFile(`${C},ministry-central:tarim\n`)).toMatchObject({ code: 0 });
    const decided = (await lastEntries(1))[0];
    expect(decided?.data).toMatchObject({ decision: 'granted', letter: { no: 'E-45', date: '2026-05-04' } });
  });

  it('tells every bad line by number and code, and grants nothing', async () => {
    const bad = [
      'kimlikNo;role',
      `${A};finance`,
      `${A.slice(0, 10)};finance`,
      `${B};king`,
      `${C};finance;x`,
      'x',
    ];
    const ran = await importFile(bad.join('\n'));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err.split('\n')).toEqual([
      'line 3: IDENTITY_NUMBER_INVALID (number-invalid)',
      'line 4: REQUEST_INVALID (role-unknown)',
      'line 5: REQUEST_INVALID (columns)',
      'line 6: REQUEST_INVALID (columns)',
      'nothing was granted',
    ]);
    expect(await heldBy(80)).toEqual([]);
  });

  it('tells every line that a rule stands against, and grants nothing', async () => {
    const lines = [
      `${A};finance`,
      '',
      `${A};log-inspector`,
      `${B};security-officer`,
      `${digitsOf(ADMIN)};finance`,
      `${C};ministry-representative:${MERSIS}`,
      `${digitsOf(MANAGER)};ministry-manager:ticaret`,
    ];
    const ran = await importFile(lines.join('\n'), ['--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toEqual({
      granted: 0,
      refused: [
        { line: 3, code: 'STATE_CONFLICT', reason: 'pair-forbidden' },
        { line: 4, code: 'SECOND_PERSON_REQUIRED', reason: null },
        { line: 5, code: 'STATE_CONFLICT', reason: 'own-person' },
        { line: 6, code: 'ROLE_REQUIRED', reason: null },
        { line: 7, code: 'STATE_CONFLICT', reason: 'already-held' },
      ],
    });
    expect([await heldBy(80), await heldBy(81)]).toEqual([[], []]);
    expect((await lastEntries(1))[0]).toMatchObject({
      kind: 'command.refused',
      data: { command: 'roles import', code: 'STATE_CONFLICT', reason: 'pair-forbidden' },
    });
  });

  it('takes a second person for the lines that need two', async () => {
    const text = `${A};security-officer\n${B};finance\n`;
    const more = ['--second-token-file', await tokenFile(OFFICER)];
    expect(await importFile(text, more)).toMatchObject({ code: 0 });
    expect([await heldBy(80), await heldBy(81)]).toEqual([['security-officer'], ['finance']]);
  });

  it.each<[string, string | Buffer]>([
    ['in another encoding', Buffer.from(`${digitsOf(80)};directorate:tarim/\xdeanl\xfdurfa`, 'latin1')],
    ['that is empty', ''],
    ['with a header alone', 'kimlikNo;role\n'],
    ['with more lines than are taken at once', `${digitsOf(80)};finance\n`.repeat(5001)],
    ['that is longer than any letter', 'x'.repeat(1_048_577)],
  ])('refuses a file %s', async (_name, text) => {
    expect(await importFile(text)).toMatchObject(refusal('REQUEST_INVALID'));
  });

  it('refuses a file that is not there, as wrong use', async () => {
    const ran = await roles(['import', `/nowhere/${A}`, ...LETTER, '--token-file', await tokenFile(ADMIN)]);
    expect(ran).toMatchObject({ code: 2 });
  });
});

describe('whatever is done with roles', () => {
  it('nobody’s number stands in an output or, in clear, in the log', async () => {
    const text = [...written, ...(await readEntries(test.db)).map(({ line }) => line)].join('\n');
    for (const n of [ADMIN, OFFICER, MANAGER, DESK, SOMEBODY, OTHER, 80, 81, 82])
      expect(text.includes(digitsOf(n))).toBe(false);
  });

  it('--help tells what there is', async () => {
    expect(await roles(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('roles import FILE'),
    });
    for (const name of ['grant', 'revoke', 'list', 'import'])
      expect((await roles([name, '--help'])).out).toContain(`bridge roles ${name}`);
  });
});

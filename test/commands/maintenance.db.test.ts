import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { maintenanceCommand } from '../../src/commands/maintenance/maintenance.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER] = [60, 50];
const ROLES = new Map([
  [ADMIN, 'administrator'],
  [OFFICER, 'security-officer'],
]);
const HOUR_MS = 3_600_000;

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
let hours = 0;

const urls = () => ({ APP_URL: test.appUrl });
const at = (h: number) => new Date(Date.now() + h * HOUR_MS).toISOString();

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

async function tokenOf(n: number, stepUp = true): Promise<string> {
  const log = openLog(config, test.db, SESSION_APPLIERS);
  try {
    await test.db.query({
      text: `INSERT INTO bridge.authority_role (role_id, person_tag, role)
        SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_role WHERE person_tag = $2)`,
      values: [randomUUID(), log.tagger.tag('authority', personOf(n)), ROLES.get(n)],
    });
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  } finally {
    await log.appender.close();
  }
}

function maintenance(args: readonly string[], token = ''): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ maintenance: maintenanceCommand }, ['maintenance', ...args], env, token);
}

/** Arguments of a window that overlaps none of the others. */
function wish(changes: Readonly<Record<string, string>> = {}): string[] {
  hours += 2;
  const options = { system: 'kps', from: at(hours), to: at(hours + 1), reason: 'NVİ duyurusu', ...changes };
  return ['open', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
}

const windows = async () => (await test.db.query({ text: 'SELECT 1 FROM bridge.maintenance_window' })).count;
const told = async (from: number) => (await readEntries(test.db)).slice(from);

describe('bridge maintenance open', () => {
  it('announces a window as an administrator with the second step, and writes it down', async () => {
    const token = await tokenOf(ADMIN);
    const from = (await readEntries(test.db)).length;
    const ran = await maintenance([...wish(), '--json'], token);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const opened = JSON.parse(ran.out);
    const entries = await told(from);
    expect(entries.map(({ kind }) => kind)).toEqual(['command.run', 'command.acted', 'maintenance.opened']);
    const { data } = JSON.parse(entries.at(-1)?.line ?? '{}');
    expect(data).toMatchObject({
      system: 'kps',
      window: opened.window,
      reason: 'NVİ duyurusu',
      to: opened.to,
    });
    expect(typeof data.osUser).toBe('string');
    const { rows } = await test.db.query({
      text: 'SELECT system, ends_at AS to FROM bridge.maintenance_window WHERE window_id = $1',
      values: [opened.window],
    });
    expect(rows).toEqual([{ system: 'kps', to: new Date(opened.to) }]);
  });

  it('is refused to others, and without the second step, with nothing opened', async () => {
    const before = await windows();
    expect(await maintenance(wish(), await tokenOf(OFFICER))).toMatchObject({
      code: 1,
      err: expect.stringContaining('ROLE_REQUIRED'),
    });
    expect(await maintenance(wish(), await tokenOf(ADMIN, false))).toMatchObject({
      code: 1,
      err: expect.stringContaining('STEP_UP_REQUIRED'),
    });
    expect(await maintenance(wish())).toMatchObject({
      code: 1,
      err: expect.stringContaining('TOKEN_INVALID'),
    });
    expect(await windows()).toBe(before);
  });

  it.each([
    ['an unknown system', { system: 'e-devlet' }, 'usage'],
    ['no instant', { to: 'tomorrow' }, '--to'],
    ['an end before its begin', { to: at(-1) }, '--to: not-after-begin'],
    ['more than thirty days', { to: at(40 * 24) }, '--to: too-long'],
    ['a begin too far ahead', { from: at(91 * 24), to: at(92 * 24) }, '--from: too-far-ahead'],
    [
      'a person’s number in the reason',
      { reason: `${digitsOf(1)} için` },
      'must not hold an identity number',
    ],
  ])('with %s is wrong use, asks for no token and repeats nothing', async (_name, changes, words) => {
    const before = await windows();
    const ran = await maintenance(wish(changes as Record<string, string>));
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    expect(ran.err).not.toContain(digitsOf(1));
    expect(await windows()).toBe(before);
  });

  it('that overlaps another window fails', async () => {
    const token = await tokenOf(ADMIN);
    const args = wish({ system: 'mersis' });
    expect((await maintenance(args, token)).code).toBe(0);
    expect(await maintenance(args, token)).toMatchObject({
      code: 1,
      err: expect.stringContaining('STATE_CONFLICT'),
    });
  });
});

describe('bridge maintenance close and list', () => {
  it('takes a window back by its id, once, and the list says so to anybody', async () => {
    const token = await tokenOf(ADMIN);
    const { window } = JSON.parse((await maintenance([...wish(), '--json'], token)).out);
    expect(JSON.parse((await maintenance(['close', window, '--json'], token)).out)).toMatchObject({
      ...{ window, system: 'kps', closed: true },
    });
    expect(await maintenance(['close', window], token)).toMatchObject({
      code: 1,
      err: expect.stringContaining('STATE_CONFLICT'),
    });
    expect(await maintenance(['close', randomUUID()], token)).toMatchObject({
      code: 1,
      err: expect.stringContaining('NOT_FOUND'),
    });
    expect((await maintenance(['close', 'x'], token)).code).toBe(2);
    const listed = JSON.parse((await maintenance(['list', '--json'])).out).windows;
    expect(listed.find((one: { window: string }) => one.window === window)).toMatchObject({
      state: 'closed',
    });
    const text = (await maintenance(['list'])).out;
    expect(text).toContain(`${window}  kps  closed`);
    expect(text).toContain('kps  ahead');
  });

  it('is refused to whoever is no administrator', async () => {
    const { window } = JSON.parse((await maintenance([...wish(), '--json'], await tokenOf(ADMIN))).out);
    expect(await maintenance(['close', window], await tokenOf(OFFICER))).toMatchObject({
      code: 1,
      err: expect.stringContaining('ROLE_REQUIRED'),
    });
  });
});

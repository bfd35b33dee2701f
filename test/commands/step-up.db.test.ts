import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { auditCommand } from '../../src/commands/audit/audit.js';
import { stepUpCommand } from '../../src/commands/step-up.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { STEP_UP_APPLIERS } from '../../src/sign-in/step-up/appliers.js';
import { bringInDevices } from '../../src/sign-in/step-up/bring-in-devices.js';
import { readDevices } from '../../src/sign-in/step-up/device.js';
import { STEP_UP_POLICY, type StepUpOperation } from '../../src/sign-in/step-up/policy.js';
import { newSecret } from '../../src/sign-in/step-up/totp.js';
import { BASIS } from '../audit/search/support/officer.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [OFFICER, ADMIN, NOBODY, SOMEONE] = [50, 60, 70, 2];
const ROLES = new Map([
  [OFFICER, 'security-officer'],
  [ADMIN, 'administrator'],
]);
const REASON = 'telefonunu kaybetti';
const ID = '00000000-0000-4000-8000-000000000000';

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;

const urls = () => ({ APP_URL: test.appUrl, OWNER_URL: test.ownerUrl });

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  await load(null);
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});

/** Settings that ask for the second step for `operations`; null: without any sign-in in them. */
async function load(operations: readonly string[] | null): Promise<void> {
  config = await workplace.load((settings: Loose) => {
    settings.database = { url: { env: 'APP_URL' }, ownerUrl: { env: 'OWNER_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
    if (operations === null) return;
    settings.edevlet = { clientId: 'ticaret', clientSecret: { env: 'KPS_PASSWORD' } };
    settings.signIn = {
      issuer: 'https://localhost:8444',
      apiOrigin: 'https://localhost:8443',
      cookieKeys: [{ file: 'master.key' }],
      pairwiseKey: { file: 'tag.key' },
      stepUp: { operations: [...operations] },
    };
  }, urls());
}

async function withLog<T>(work: (log: ReturnType<typeof openLog>) => Promise<T>): Promise<T> {
  const log = openLog(config, test.db, [openSessionApplier, ...STEP_UP_APPLIERS] as readonly EffectApplier[]);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

async function tokenOf(n: number, stepUp = true): Promise<string> {
  return withLog(async (log) => {
    const role = ROLES.get(n);
    if (role !== undefined)
      await test.db.query({
        text: `INSERT INTO bridge.authority_role (role_id, person_tag, role)
          SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_role WHERE person_tag = $2)`,
        values: [randomUUID(), log.tagger.tag('authority', personOf(n)), role],
      });
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });
}

async function bridge(args: readonly string[], input: string): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ audit: auditCommand, 'step-up': stepUpCommand }, args, env, input);
}

const reset = (token: string, body: unknown, ...args: string[]) =>
  bridge(['step-up', 'reset', ...args], `${token}\n${JSON.stringify(body)}`);

const hasDevice = (n = SOMEONE) =>
  withLog(async (log) => {
    const tag = log.tagger.tag('authority', personOf(n));
    return (await readDevices(test.db, [tag])).get(tag.toString('hex'))?.box != null;
  });

describe('bridge step-up reset', () => {
  beforeEach(async () => {
    await withLog((log) =>
      bringInDevices(log.appender, log, [{ person: personOf(SOMEONE), secret: newSecret() }], new Date()),
    );
  });

  it('takes away the second step of a person who is named on standard input alone, once', async () => {
    const token = await tokenOf(ADMIN);
    const ran = await reset(token, { person: digitsOf(SOMEONE), reason: REASON }, '--json');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toEqual({ removed: true });
    expect(await hasDevice()).toBe(false);
    const lines = (await readEntries(test.db)).slice(-3);
    expect(lines.map(({ kind }) => kind)).toEqual(['command.run', 'command.acted', 'step-up.removed']);
    expect(JSON.parse(lines[2]?.line ?? '').data).toMatchObject({ reason: REASON });
    const again = await reset(token, { person: digitsOf(SOMEONE), reason: REASON });
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/^NOT_FOUND: /) });
    const all = [ran, again].map(({ out, err }) => out + err).join() + lines.map(({ line }) => line).join();
    for (const n of [SOMEONE, ADMIN]) expect(all).not.toContain(digitsOf(n));
  });

  it('is refused to an administrator for the own second step, and that is told', async () => {
    await withLog((log) =>
      bringInDevices(log.appender, log, [{ person: personOf(ADMIN), secret: newSecret() }], new Date()),
    );
    const ran = await reset(await tokenOf(ADMIN), { person: digitsOf(ADMIN), reason: REASON });
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^STATE_CONFLICT: /) });
    expect(await hasDevice(ADMIN)).toBe(true);
    expect(JSON.parse((await readEntries(test.db)).at(-1)?.line ?? '')).toMatchObject({
      kind: 'command.refused',
      data: { code: 'STATE_CONFLICT', command: 'step-up reset', reason: 'own-person' },
    });
  });

  it('reads the token from its file', async () => {
    const file = join(workplace.folder, 'token');
    writeFileSync(file, await tokenOf(ADMIN));
    const body = JSON.stringify({ person: digitsOf(SOMEONE), reason: REASON });
    expect(await bridge(['step-up', 'reset', '--token-file', file], body)).toMatchObject({ code: 0 });
    expect(await hasDevice()).toBe(false);
  });

  it.each([
    ['nobody known', async () => 'unknown', 'TOKEN_INVALID'],
    ['somebody without a role', () => tokenOf(NOBODY), 'ROLE_REQUIRED'],
    ['a security officer', () => tokenOf(OFFICER), 'ROLE_REQUIRED'],
    ['an administrator without a second step', () => tokenOf(ADMIN, false), 'STEP_UP_REQUIRED'],
  ])('is refused to %s', async (_name, token, code) => {
    const ran = await reset(await token(), { person: digitsOf(SOMEONE), reason: REASON });
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(new RegExp(`^${code}: `)) });
    expect(await hasDevice()).toBe(true);
  });

  it.each([
    [{ person: digitsOf(SOMEONE) }, 'REQUEST_INVALID'],
    [{ reason: REASON }, 'REQUEST_INVALID'],
    [{ person: digitsOf(SOMEONE), reason: ' ' }, 'REQUEST_INVALID'],
    [{ person: digitsOf(SOMEONE), reason: `${digitsOf(SOMEONE)} istedi` }, 'REQUEST_INVALID'],
    [{ person: digitsOf(SOMEONE), reason: REASON, more: digitsOf(SOMEONE) }, 'REQUEST_INVALID'],
    [{ person: '12345678901', reason: REASON }, 'IDENTITY_NUMBER_INVALID'],
    ['no object', 'REQUEST_INVALID'],
  ])('refuses an order that is not whole, and repeats nothing of it: %#', async (body, code) => {
    const ran = await reset(await tokenOf(ADMIN), body);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(new RegExp(`^${code}: `)) });
    expect(ran.err).not.toContain(digitsOf(SOMEONE));
    expect(await hasDevice()).toBe(true);
  });

  it.each([[[]], [['list']], [['reset', digitsOf(SOMEONE)]]])(
    'called otherwise is wrong use, and no argument is repeated: %#',
    async (args: string[]) => {
      const ran = await bridge(['step-up', ...args], await tokenOf(ADMIN));
      expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('step-up reset') });
      expect(ran.err).not.toContain(digitsOf(SOMEONE));
    },
  );
});

describe('the settings of the second step', () => {
  const all = Object.keys(STEP_UP_POLICY) as StepUpOperation[];
  const file = (name: string, content: string) => {
    const path = join(workplace.folder, name);
    writeFileSync(path, content);
    return path;
  };
  const criteria = () => JSON.stringify({ basis: BASIS, criteria: {} });
  const basis = () => JSON.stringify({ basis: BASIS, reason: 'mahkeme yazısı' });

  const CASES: readonly [string, StepUpOperation, () => Promise<Ran>][] = [
    [
      'audit search --reveal',
      'audit.reveal',
      async () => {
        const path = file('criteria.json', criteria());
        const args = ['audit', 'search', '--criteria-file', path, '--reveal'];
        return bridge(args, await tokenOf(OFFICER, false));
      },
    ],
    [
      'audit evidence --reveal',
      'audit.reveal',
      async () => {
        const path = file('basis.json', basis());
        const out = join(workplace.folder, 'evidence');
        const args = ['audit', 'evidence', '--query', ID, '--basis-file', path, '--out', out, '--reveal'];
        return bridge(args, await tokenOf(OFFICER, false));
      },
    ],
    [
      'audit hold list',
      'audit.decide',
      async () => bridge(['audit', 'hold', 'list'], await tokenOf(OFFICER, false)),
    ],
    [
      'audit signals decide',
      'audit.decide',
      async () => {
        const body = JSON.stringify({ decision: 'justified', note: 'görev gereği' });
        return bridge(
          ['audit', 'signals', 'decide', '--signal', ID],
          `${await tokenOf(OFFICER, false)}\n${body}`,
        );
      },
    ],
    [
      'audit detach',
      'audit.ranges',
      async () => {
        const out = join(workplace.folder, 'detached');
        return bridge(['audit', 'detach', '0', '--out', out], await tokenOf(ADMIN, false));
      },
    ],
    [
      'audit attach',
      'audit.ranges',
      async () => bridge(['audit', 'attach', join(workplace.folder, 'none')], await tokenOf(ADMIN, false)),
    ],
    [
      'audit continue',
      'audit.continue',
      async () => {
        const first = file('first', await tokenOf(ADMIN, false));
        const second = file('second', await tokenOf(OFFICER, false));
        const args = ['--token-file', first, '--second-token-file', second, '--reason', 'yedekten dönüldü'];
        return bridge(['audit', 'continue', ...args], '');
      },
    ],
    [
      'step-up reset',
      'sessions.end',
      async () => reset(await tokenOf(ADMIN, false), { person: digitsOf(NOBODY), reason: REASON }),
    ],
  ];

  it.each(CASES)('decide whether bridge %s needs %s', async (_name, operation, act) => {
    const asked = { code: 1, err: expect.stringMatching(/^STEP_UP_REQUIRED/) };
    await load([operation]);
    expect(await act()).toMatchObject(asked);
    await load(all.filter((one) => one !== operation));
    expect((await act()).err).not.toMatch(
      /STEP_UP_REQUIRED|CONFIG_INVALID|TOKEN_INVALID|ROLE_REQUIRED|WRONG_USE/,
    );
    // Without settings of sign-in everything needs it.
    await load(null);
    expect(await act()).toMatchObject(asked);
  });

  it('never ask for it where nothing is opened', async () => {
    await load([...all]);
    const path = file('criteria.json', criteria());
    const ran = await bridge(['audit', 'search', '--criteria-file', path], await tokenOf(OFFICER, false));
    expect(ran).toMatchObject({ code: 0 });
  });
});

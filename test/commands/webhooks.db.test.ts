import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { webhooksCommand } from '../../src/commands/webhooks/webhooks.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER, NOBODY] = [60, 50, 70];
const ROLES = new Map([
  [ADMIN, 'administrator'],
  [OFFICER, 'security-officer'],
]);
const AT = '2026-05-04T09:00:00.000Z';

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;

const urls = () => ({ APP_URL: test.appUrl, HOOK: `whsec_${Buffer.alloc(32, 7).toString('base64')}` });

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
    settings.clients[0].permissions.push('events');
    settings.clients[0].webhook = { url: 'https://receiver.example/hook', secret: { env: 'HOOK' } };
  }, urls());
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});
beforeEach(async () => {
  for (const table of ['webhook_delivery', 'webhook_receiver'])
    await test.db.query({ text: `DELETE FROM bridge.${table}` });
});

async function tokenOf(n: number): Promise<string> {
  const log = openLog(config, test.db, SESSION_APPLIERS);
  try {
    const role = ROLES.get(n);
    if (role !== undefined)
      await test.db.query({
        text: `INSERT INTO bridge.authority_role (role_id, person_tag, role)
          SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_role WHERE person_tag = $2)`,
        values: [randomUUID(), log.tagger.tag('authority', personOf(n)), role],
      });
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp: true })).accessToken;
  } finally {
    await log.appender.close();
  }
}

async function webhooks(args: readonly string[], token = ''): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ webhooks: webhooksCommand }, ['webhooks', ...args], env, token);
}

/** Two that wait and two dead letters for the receiver, one of each for a client that is none any longer. */
async function fill(): Promise<void> {
  await test.db.query({
    text: "INSERT INTO bridge.webhook_receiver VALUES ('koopbis-core', 9), ('old-portal', 4)",
  });
  await test.db.query({
    text: `INSERT INTO bridge.webhook_delivery (client_id, position, queued_at, next_at, attempts, problem, dead_at) VALUES
      ('koopbis-core', 3, $1, $1, 31, 'timeout', $1), ('koopbis-core', 5, $1, $1, 0, 'timeout', $1),
      ('koopbis-core', 8, $1, $1, 2, 'failed', NULL), ('koopbis-core', 9, $1, $1, 0, NULL, NULL),
      ('old-portal', 3, $1, $1, 4, 'gone', $1), ('old-portal', 4, $1, $1, 4, 'gone', NULL)`,
    values: [AT],
  });
}

const rows = async () => {
  const text = `SELECT position::int AS position, attempts, problem, dead_at IS NOT NULL AS dead, queued_at = $1 AS old
    FROM bridge.webhook_delivery WHERE client_id = 'koopbis-core' ORDER BY position`;
  return (await test.db.query({ text, values: [AT] })).rows;
};
const told = async (from: number) =>
  (await readEntries(test.db))
    .slice(from)
    .map(({ line }) => JSON.parse(line) as { kind: string; data: object; sealed: object });

describe('bridge webhooks list', () => {
  it('shows how much waits and how much was given up for each client, to anybody at the machine', async () => {
    await fill();
    const from = (await readEntries(test.db)).length;
    const ran = await webhooks(['list']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out.split('\n')).toEqual([
      `koopbis-core  waiting 2  oldest ${AT}  next ${AT}  failed  dead 2`,
      `old-portal  waiting 1  oldest ${AT}  next ${AT}  gone  dead 1  not registered`,
    ]);
    expect((await told(from)).map(({ kind }) => kind)).toEqual(['command.run']);
  });

  it('shows the dead letters of one client', async () => {
    await fill();
    const ran = await webhooks(['list', '--client', 'koopbis-core', '--json']);
    expect(JSON.parse(ran.out)).toEqual({
      receivers: [
        {
          client: 'koopbis-core',
          queuedTo: '9',
          waiting: 2,
          oldest: AT,
          next: AT,
          problem: 'failed',
          dead: 2,
          registered: true,
        },
      ],
      deadLetters: [
        { position: '3', queuedAt: AT, deadAt: AT, attempts: 31, problem: 'timeout' },
        { position: '5', queuedAt: AT, deadAt: AT, attempts: 0, problem: 'timeout' },
      ],
    });
    expect((await webhooks(['list', '--client', 'koopbis-core'])).out).toContain('\n  ae-3  queued ');
  });

  it('says that nothing was queued yet, and that nobody has an id', async () => {
    expect(await webhooks(['list'])).toMatchObject({
      code: 0,
      out: 'nothing was queued for any receiver yet',
    });
    expect(await webhooks(['list', '--client', 'koopbis-core'])).toMatchObject({ code: 0 });
    expect((await webhooks(['list', '--client', 'nobody'])).err).toMatch(/^NOT_FOUND: /);
  });
});

describe('bridge webhooks redrive', () => {
  it('has the dead letters of one receiver tried again, with the entry that says who wanted it', async () => {
    await fill();
    const token = await tokenOf(ADMIN);
    const from = (await readEntries(test.db)).length;
    expect(await webhooks(['redrive', '--client', 'koopbis-core'], token)).toMatchObject({
      code: 0,
      out: 'tried again: 2',
    });
    expect(await rows()).toEqual([
      { position: 3, attempts: 0, problem: null, dead: false, old: false },
      { position: 5, attempts: 0, problem: null, dead: false, old: false },
      { position: 8, attempts: 2, problem: 'failed', dead: false, old: true },
      { position: 9, attempts: 0, problem: null, dead: false, old: true },
    ]);
    const entries = await told(from);
    expect(entries.map(({ kind }) => kind)).toEqual(['command.run', 'command.acted', 'webhook.redriven']);
    expect(entries.at(-1)).toMatchObject({
      data: {
        client: 'koopbis-core',
        count: 2,
        osUser: expect.any(String),
        actor: { session: expect.any(String) },
      },
      sealed: { 'actor.number': expect.anything() },
    });
    expect((await readEntries(test.db)).at(-1)?.line).not.toContain(digitsOf(ADMIN));
  });

  it('is refused, and changes nothing, without an administrator, a receiver, or dead letters', async () => {
    await fill();
    const admin = await tokenOf(ADMIN);
    const cases = [
      ['koopbis-core', await tokenOf(OFFICER), 'ROLE_REQUIRED'],
      ['koopbis-core', await tokenOf(NOBODY), 'ROLE_REQUIRED'],
      ['koopbis-core', 'x'.repeat(43), 'TOKEN_INVALID'],
      ['old-portal', admin, 'NOT_FOUND'],
      ['nobody', admin, 'NOT_FOUND'],
    ] as const;
    const before = await rows();
    for (const [client, token, code] of cases)
      expect((await webhooks(['redrive', '--client', client], token)).err).toMatch(new RegExp(`^${code}: `));
    expect(await rows()).toEqual(before);
    await test.db.query({ text: 'DELETE FROM bridge.webhook_delivery' });
    const from = (await readEntries(test.db)).length;
    expect((await webhooks(['redrive', '--client', 'koopbis-core'], admin)).err).toMatch(/^NOT_FOUND: /);
    expect((await told(from)).map(({ kind }) => kind)).toEqual([
      'command.run',
      'command.acted',
      'command.refused',
    ]);
  });

  it('by two administrators at once takes each letter once', async () => {
    await fill();
    const token = await tokenOf(ADMIN);
    const both = await Promise.all(
      [1, 2].map(() => webhooks(['redrive', '--client', 'koopbis-core', '--json'], token)),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(both.find(({ code }) => code === 0)?.out).toBe('{"redriven":2}');
  });

  it.each([[[]], [['--client']], [['koopbis-core']], [['--client', 'koopbis-core', digitsOf(NOBODY)]]])(
    'is wrong use without one client: %j',
    async (args) => {
      const ran = await webhooks(['redrive', ...args]);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err).not.toContain(digitsOf(NOBODY));
    },
  );
});

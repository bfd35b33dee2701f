import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionsCommand } from '../../src/commands/sessions/sessions.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest, type TestSignIn } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER, NOBODY, SOMEONE] = [60, 50, 70, 2];
const ROLES = new Map([
  [ADMIN, 'administrator'],
  [OFFICER, 'security-officer'],
]);
const REASON = { reason: 'ekran açık kalmış' };

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;

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

const urls = () => ({ APP_URL: test.appUrl });

async function signIn(n: number, changes: Partial<TestSignIn> = {}, clients: readonly string[] = []) {
  const log = openLog(config, test.db, SESSION_APPLIERS);
  try {
    const role = ROLES.get(n);
    const tag = log.tagger.tag('authority', personOf(n));
    if (role !== undefined)
      await test.db.query({
        text: `INSERT INTO bridge.authority_role (role_id, person_tag, role)
          SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_role WHERE person_tag = $2)`,
        values: [randomUUID(), tag, role],
      });
    const tools = { ...log, log: log.appender, db: test.db };
    const opened = await signInForTest(tools, { person: personOf(n), ...changes });
    for (const clientId of clients)
      await joinSession(
        log.appender,
        { sessionId: opened.sessionId, clientId, sid: randomUUID() },
        new Date(),
      );
    return opened;
  } finally {
    await log.appender.close();
  }
}

const tokenOf = async (n: number, stepUp = true) => (await signIn(n, { stepUp })).accessToken;

async function sessions(args: readonly string[], token: string, body?: unknown): Promise<Ran> {
  const input = body === undefined ? token : `${token}\n${JSON.stringify(body)}`;
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ sessions: sessionsCommand }, ['sessions', ...args], env, input);
}

const kinds = async (from: number) => (await readEntries(test.db)).slice(from).map((row) => row.kind);
const isLiving = async (sessionId: string) => {
  const text = 'SELECT 1 FROM bridge.sign_in_session WHERE session_id = $1 AND ended_at IS NULL';
  return (await test.db.query({ text, values: [sessionId] })).count === 1;
};

describe('bridge sessions list', () => {
  it('shows the sessions of one person, named on standard input alone, and repeats no number', async () => {
    const theirs = await signIn(SOMEONE, {}, ['core', 'portal']);
    const other = await signIn(NOBODY);
    for (const officer of [ADMIN, OFFICER]) {
      const ran = await sessions(['list', '--person'], await tokenOf(officer, false), {
        person: digitsOf(SOMEONE),
      });
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toMatch(new RegExp(`^${theirs.sessionId}  since .*  two-step  core,portal$`));
      expect(ran.out).not.toContain(other.sessionId);
      expect(ran.out + ran.err).not.toContain(digitsOf(SOMEONE));
      const [use, acted] = (await readEntries(test.db)).slice(-2).map(({ line }) => JSON.parse(line));
      expect([use.kind, acted.kind]).toEqual(['command.run', 'command.acted']);
      expect(acted.data).toMatchObject({ command: 'sessions list', operation: null });
      expect(Object.keys(acted.sealed).sort()).toEqual(['actor.number', 'subject.number']);
    }
  });

  it('shows everybody’s living ones in pages, without a number', async () => {
    const [one, ended] = [await signIn(SOMEONE), await signIn(SOMEONE)];
    const token = await tokenOf(ADMIN);
    await sessions(['end', ended.sessionId], token, REASON);
    await signIn(SOMEONE, { now: new Date(Date.now() - 10_000_000) });
    const ran = await sessions(['list', '--json'], token);
    const ids = (JSON.parse(ran.out) as { sessions: { sessionId: string }[] }).sessions.map(
      ({ sessionId }) => sessionId,
    );
    expect(ids).toContain(one.sessionId);
    expect(ids).not.toContain(ended.sessionId);
    expect(ids).toEqual([...ids].sort());
    const behind = await sessions(['list', '--json', '--after', String(ids[0])], token);
    expect(
      (JSON.parse(behind.out) as { sessions: { sessionId: string }[] }).sessions.map((s) => s.sessionId),
    ).toEqual(ids.slice(1));
    for (const n of [SOMEONE, ADMIN]) expect(ran.out).not.toContain(digitsOf(n));
    const { kind, sealed } = JSON.parse((await readEntries(test.db)).at(-1)?.line ?? '');
    expect([kind, Object.keys(sealed)]).toEqual(['command.acted', ['actor.number']]);
  });

  it('is for administrators and security officers', async () => {
    expect(await sessions(['list'], await tokenOf(NOBODY))).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ROLE_REQUIRED: /),
    });
    expect((await sessions(['list'], 'x'.repeat(43))).err).toMatch(/^TOKEN_INVALID: /);
  });

  it.each([
    [['list', '--person'], { person: '12345678901' }, 1, 'IDENTITY_NUMBER_INVALID'],
    [['list', '--person'], { persons: digitsOf(SOMEONE) }, 1, 'REQUEST_INVALID'],
    [['list', '--after', digitsOf(SOMEONE)], undefined, 2, 'WRONG_USE'],
    [['list', '--after', randomUUID(), '--person'], { person: digitsOf(SOMEONE) }, 2, 'WRONG_USE'],
    [['list', digitsOf(SOMEONE)], undefined, 2, 'WRONG_USE'],
  ] as const)('refuses %j with %j and repeats nothing of it', async (args, body, code, name) => {
    const ran = await sessions(args, await tokenOf(ADMIN), body);
    expect(ran.code).toBe(code);
    if (code === 1) expect(ran.err).toMatch(new RegExp(`^${name}: `));
    expect(ran.out + ran.err).not.toContain(digitsOf(SOMEONE));
    expect(ran.out + ran.err).not.toContain('12345678901');
  });
});

describe('bridge sessions end', () => {
  it('ends a session at once, and says who did and why', async () => {
    const { sessionId } = await signIn(SOMEONE, {}, ['core']);
    const token = await tokenOf(ADMIN);
    const from = (await readEntries(test.db)).length;
    expect(await sessions(['end', sessionId], token, REASON)).toMatchObject({
      code: 0,
      out: `ended: ${sessionId}`,
    });
    expect(await kinds(from)).toEqual([
      'command.run',
      'command.acted',
      'session.end-ordered',
      'session.ended',
    ]);
    const line = (await readEntries(test.db)).at(-2)?.line ?? '';
    expect(JSON.parse(line)).toMatchObject({ data: { ...REASON, session: sessionId } });
    expect(line).not.toContain(digitsOf(ADMIN));
    expect(await isLiving(sessionId)).toBe(false);
    const text = 'SELECT client_id FROM bridge.back_channel_logout WHERE session_id = $1';
    expect((await test.db.query({ text, values: [sessionId] })).rows).toEqual([{ client_id: 'core' }]);
    expect((await sessions(['end', sessionId], token, REASON)).err).toMatch(/^STATE_CONFLICT: /);
    expect((await kinds(from)).slice(-3)).toEqual(['command.run', 'command.acted', 'command.refused']);
  });

  it('takes the token from a file, and the own session of the administrator as any other', async () => {
    const admin = await signIn(ADMIN, { stepUp: true });
    const file = join(workplace.folder, 'token');
    writeFileSync(file, admin.accessToken);
    const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
    const args = ['sessions', 'end', admin.sessionId, '--token-file', file, '--json'];
    const ran = await run({ sessions: sessionsCommand }, args, env, JSON.stringify(REASON));
    expect(JSON.parse(ran.out)).toEqual({ session: admin.sessionId, ended: true });
    expect((await sessions(['list'], admin.accessToken)).err).toMatch(/^TOKEN_INVALID: /);
  });

  it('needs an administrator with step-up, and a reason that holds no identity number', async () => {
    const { sessionId } = await signIn(SOMEONE);
    const from = (await readEntries(test.db)).length;
    const cases = [
      [await tokenOf(OFFICER), REASON, 'ROLE_REQUIRED'],
      [await tokenOf(ADMIN, false), REASON, 'STEP_UP_REQUIRED'],
      ['x'.repeat(43), REASON, 'TOKEN_INVALID'],
      [await tokenOf(ADMIN), {}, 'REQUEST_INVALID'],
      [await tokenOf(ADMIN), { reason: '  ' }, 'REQUEST_INVALID'],
      [await tokenOf(ADMIN), { reason: `için ${digitsOf(SOMEONE)}` }, 'REQUEST_INVALID'],
    ] as const;
    for (const [token, body, code] of cases) {
      const ran = await sessions(['end', sessionId], token, body);
      expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(new RegExp(`^${code}: `)) });
      expect(ran.err).not.toContain(digitsOf(SOMEONE));
    }
    expect(await kinds(from)).not.toContain('session.ended');
    expect(await isLiving(sessionId)).toBe(true);
  });

  it.each([[[]], [['x']], [[digitsOf(SOMEONE)]], [[randomUUID(), randomUUID()]]] as const)(
    'is wrong use without one session id: %j',
    async (args) => {
      const ran = await sessions(['end', ...args], 'x', REASON);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err).not.toContain(digitsOf(SOMEONE));
    },
  );
});

describe('bridge sessions', () => {
  it('names its subcommands, and refuses others', async () => {
    const help = await sessions(['--help'], '');
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('sessions end SESSION') });
    expect(await sessions(['end', '--help'], '')).toMatchObject({
      code: 0,
      out: expect.stringContaining('"reason"'),
    });
    expect((await sessions(['open'], '')).code).toBe(2);
    expect((await sessions(['constructor'], '')).code).toBe(2);
  });
});

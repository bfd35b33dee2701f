import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { commandGroup } from '../../src/commands/command-group.js';
import { mersisReleaseCommand } from '../../src/commands/mersis/release.js';
import { mersisReviewCommand } from '../../src/commands/mersis/review.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER, INSPECTOR, MEMBER] = [50, 51, 52, 60];
const HELD = [
  [ADMIN, 'administrator'],
  [OFFICER, 'security-officer'],
  [INSPECTOR, 'log-inspector'],
] as const;
const MERSIS = '0123456789000015';
const SEATS = ['22222222-2222-4222-8222-222222222221', '22222222-2222-4222-8222-222222222222'];
const mersis = commandGroup('mersis', 'MERSİS', {
  review: mersisReviewCommand,
  release: mersisReleaseCommand,
});

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
  await withLog(async ({ tagger }) => {
    for (const [n, role] of HELD)
      await sql('INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)', [
        randomUUID(),
        tagger.tag('authority', personOf(n)),
        role,
      ]);
    await sql(
      `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, version, read_at)
        VALUES ($1, 'S.S. ÖRNEK KOOPERATİFİ', 't', '1163', 'birim', 'Ankara', 'ticaret', 'faal', 1, now())`,
      [MERSIS],
    );
    for (const [i, seatId] of SEATS.entries())
      await sql(
        `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on)
          VALUES ($1, $2, $3, 'board', '2025-01-01', $4, '2025-01-05')`,
        [seatId, tagger.tag('authority', personOf(MEMBER + i)), MERSIS, i === 0 ? null : '2029-01-01'],
      );
  });
  await sql(
    'INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at) VALUES ($1, now(), now())',
    [MERSIS],
  );
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});
beforeEach(async () => {
  await sql('DELETE FROM bridge.mersis_held');
  await sql(`UPDATE bridge.mersis_run SET state = 'rejected'`);
  await sql('UPDATE bridge.mersis_cooperative SET wished_at = NULL');
});

const urls = () => ({ APP_URL: test.appUrl });
const sql = <R extends object>(text: string, values: readonly unknown[] = []) =>
  test.db.query<R>({ text, values });

async function withLog<T>(work: (log: ReturnType<typeof openLog>) => Promise<T>): Promise<T> {
  const log = openLog(config, test.db, [openSessionApplier] as readonly EffectApplier[]);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

const tokenOf = (n: number, stepUp = true) =>
  withLog(async (log) => {
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });

async function tokenFile(n: number, stepUp = true): Promise<string> {
  const path = join(workplace.folder, randomUUID());
  writeFileSync(path, await tokenOf(n, stepUp), { mode: 0o600 });
  return path;
}

/** A run that has stopped and holds one cooperative; `runId` is answered. */
async function stop(): Promise<string> {
  const runId = randomUUID();
  await sql(
    `INSERT INTO bridge.mersis_run (run_id, kind, state, started_at, asked, losses, loss_limit)
      VALUES ($1, 'poll', 'stopped', now(), 40, 6, 5)`,
    [runId],
  );
  await sql(
    `INSERT INTO bridge.mersis_held (mersis_no, digest, why, run_id, seen_at, second_after, held, lost, gained)
      VALUES ($1, '\\x00', 'run-stopped', $2, now() - interval '1 minute', now(), 2, $3, 0)`,
    [MERSIS, runId, SEATS],
  );
  return runId;
}

async function bridge(args: readonly string[], input = ''): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  const ran = await run({ mersis }, ['mersis', ...args], env, input);
  written.push(ran.out, ran.err);
  return ran;
}

const stateOf = async (runId: string) =>
  (await sql<{ state: string }>('SELECT state FROM bridge.mersis_run WHERE run_id = $1', [runId])).rows[0]
    ?.state;
const refusal = (code: string) => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: `)),
});
const lastEntries = async (count: number) =>
  (await readEntries(test.db))
    .slice(-count)
    .map(({ line }) => JSON.parse(line) as { kind: string; data: Record<string, unknown> });

describe('bridge mersis review', () => {
  it('shows number, title, why and the seats that would be lost, with nobody’s number', async () => {
    const runId = await stop();
    const ran = await bridge(['review', '--token-file', await tokenFile(OFFICER, false)]);
    expect(ran.code).toBe(0);
    const lines = ran.out.split('\n');
    expect(lines[0]).toContain(`run ${runId} (poll, `);
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      `${MERSIS}  S.S. ÖRNEK KOOPERATİFİ`,
      expect.stringMatching(/^run-stopped: 2 of 2 seats lost, 0 new; since .*, waits for release$/),
      'board  2025-01-01 to -',
      'board  2025-01-01 to 2029-01-01',
    ]);
    expect(ran.err).toMatch(/^reviewed: 1 cooperative\(s\), 2 seat\(s\)/);
    const [use, acted, reviewed] = await lastEntries(3);
    expect([use?.kind, acted?.kind, reviewed?.kind]).toEqual([
      'command.run',
      'command.acted',
      'mersis.reviewed',
    ]);
    expect(reviewed?.data).toMatchObject({ cooperatives: 1, lost: 2, run: runId, osUser: use?.data.osUser });
  });

  it('reads the token from standard input, and without one it is a look and no review', async () => {
    const runId = await stop();
    const look = await bridge(['review', '--json']);
    expect(look).toMatchObject({ code: 0, err: expect.stringContaining('not reviewed') });
    expect(JSON.parse(look.out)).toMatchObject({
      run: { runId, reviewedAt: null },
      changes: [{ mersisNo: MERSIS, ofRun: true, lost: [{ role: 'board' }, { role: 'board' }] }],
      total: 1,
      reviewed: null,
    });
    expect((await lastEntries(1))[0]?.kind).toBe('command.run');
    const ran = await bridge(['review', '--json'], `${await tokenOf(ADMIN)}\n`);
    expect(JSON.parse(ran.out)).toMatchObject({
      run: { reviewedAt: expect.any(String) },
      reviewed: { cooperatives: 1, lost: 2, leafIndex: expect.any(Number) },
    });
  });

  it('says so where nothing waits', async () => {
    const ran = await bridge(['review'], await tokenOf(ADMIN));
    expect(ran).toMatchObject({ code: 0, out: 'no run stands stopped\nnothing waits', err: '' });
  });

  it.each([
    ['nobody known', async () => 'unknown', 'TOKEN_INVALID'],
    ['a log inspector', () => tokenOf(INSPECTOR), 'ROLE_REQUIRED'],
    ['a board member', () => tokenOf(MEMBER), 'ROLE_REQUIRED'],
  ])('is refused to %s', async (_name, token, code) => {
    await stop();
    expect(await bridge(['review'], await token())).toMatchObject(refusal(code));
    expect((await lastEntries(1))[0]).toMatchObject({ kind: 'command.refused', data: { code } });
  });
});

describe('bridge mersis release', () => {
  it('lets pass what another officer has reviewed, with step-up', async () => {
    const runId = await stop();
    await bridge(['review'], await tokenOf(ADMIN));
    const ran = await bridge(['release', '--json'], await tokenOf(OFFICER));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({ run: runId, decision: 'released', cooperatives: 1, anew: 0 });
    expect(await stateOf(runId)).toBe('released');
    const { rows } = await sql(
      `SELECT h.released_at IS NOT NULL AND c.wished_at IS NOT NULL AS due FROM bridge.mersis_held h
        JOIN bridge.mersis_cooperative c USING (mersis_no)`,
    );
    expect(rows).toEqual([{ due: true }]);
  });

  it('takes both tokens at one terminal: the first one reviews, the second one decides', async () => {
    const runId = await stop();
    const args = [
      '--token-file',
      await tokenFile(OFFICER, false),
      '--second-token-file',
      await tokenFile(ADMIN),
    ];
    const ran = await bridge(['release', '--reject', '--reason', 'MERSİS bozuk', ...args]);
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^rejected: 1 cooperative/) });
    expect(await stateOf(runId)).toBe('rejected');
    const entries = await lastEntries(5);
    expect(entries.map(({ kind }) => kind)).toEqual([
      'command.run',
      'command.acted',
      'command.acted',
      'mersis.reviewed',
      'mersis.released',
    ]);
    expect(entries[4]?.data).toMatchObject({ decision: 'rejected', reason: 'MERSİS bozuk', run: runId });
    expect([entries[3]?.data.actor, entries[4]?.data.actor]).toEqual([
      entries[1]?.data.actor,
      entries[2]?.data.actor,
    ]);
  });

  it.each([
    ['without a review', [ADMIN, true], null, 'SECOND_PERSON_REQUIRED'],
    ['by the one who reviewed', [ADMIN, true], ADMIN, 'SECOND_PERSON_REQUIRED'],
    ['without step-up', [ADMIN, false], OFFICER, 'STEP_UP_REQUIRED'],
    ['by somebody else', [INSPECTOR, true], OFFICER, 'ROLE_REQUIRED'],
  ] as const)('is refused %s, and nothing passes', async (_name, [n, stepUp], reviewer, code) => {
    const runId = await stop();
    if (reviewer !== null) await bridge(['review'], await tokenOf(reviewer));
    expect(await bridge(['release'], await tokenOf(n, stepUp))).toMatchObject(refusal(code));
    expect(await stateOf(runId)).toBe('stopped');
    expect((await sql('SELECT 1 FROM bridge.mersis_held WHERE released_at IS NOT NULL')).count).toBe(0);
  });

  it('is refused where both tokens are one person’s, in two sessions too', async () => {
    const runId = await stop();
    const args = ['--token-file', await tokenFile(ADMIN), '--second-token-file', await tokenFile(ADMIN)];
    expect(await bridge(['release', ...args])).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect(await stateOf(runId)).toBe('stopped');
    expect((await lastEntries(1))[0]?.kind).toBe('command.refused');
  });

  it('is refused where no run stands stopped', async () => {
    expect(await bridge(['release'], await tokenOf(ADMIN))).toMatchObject(refusal('STATE_CONFLICT'));
  });

  it.each([
    ['a rejection without a reason', ['--reject']],
    ['an empty reason', ['--reason', ' ']],
    ['an identity number as a reason', ['--reason', `${digitsOf(MEMBER)} istedi`]],
    ['a second token without a first', ['--second-token-file', 'x']],
    ['an argument', [digitsOf(MEMBER)]],
  ])('does not take %s, and repeats nothing of it', async (_name, args) => {
    const runId = await stop();
    const ran = await bridge(['release', ...args], await tokenOf(ADMIN));
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('mersis release') });
    expect(await stateOf(runId)).toBe('stopped');
  });

  it('never wrote anybody’s number', async () => {
    const all = written.join('\n') + (await readEntries(test.db)).map(({ line }) => line).join('\n');
    for (const n of [ADMIN, OFFICER, INSPECTOR, MEMBER, MEMBER + 1]) expect(all).not.toContain(digitsOf(n));
  });
});

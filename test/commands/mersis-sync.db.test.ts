import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import { createLogGate } from '../../src/audit/log-gate.js';
import { mersisCommand } from '../../src/commands/mersis/mersis.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { NO_METRICS } from '../../src/house/mersis/metrics.js';
import { openMersis } from '../../src/house/mersis/open-mersis.js';
import { MERSIS_COMMAND_APPLIERS } from '../../src/house/mersis/poll-parts.js';
import { openLog } from '../../src/house/open-log.js';
import { NO_MAINTENANCE } from '../../src/maintenance/known-windows.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { createLog } from '../../src/telemetry/log.js';
import { createSystemHealth } from '../../src/telemetry/system-health.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import { cooperative, duty, type Json, vkn } from '../mersis/client/support/answers.js';
import { certificates, PASSWORD, type Registry, startRegistry } from '../mersis/client/support/registry.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [ADMIN, OFFICER, INSPECTOR] = [50, 51, 52];
const HELD = [
  [ADMIN, 'administrator'],
  [OFFICER, 'security-officer'],
  [INSPECTOR, 'log-inspector'],
] as const;
const no = (n: number) => `0${vkn(String(100_000_000 + n))}00017`;
const nos = (count: number) => Array.from({ length: count }, (_, i) => no(i));
const NATURAL = `${digitsOf(9)}00015`;

let workplace: Workplace;
let test: TestDatabase;
let registry: Registry;
let config: BridgeConfig;
/** Duties that the registry names for a cooperative; null: it does not know it. */
let duties: (mersisNo: string) => readonly Json[] | null;

const env = () => ({ APP_URL: test.appUrl, MERSIS_PASSWORD: PASSWORD });

function withMersis(settings: Loose, changes: Json = {}): void {
  settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
  settings.audit.timestamps = { authorities: [] };
  settings.mersis = {
    adapter: 'rest',
    url: registry.url,
    userName: 'köprü',
    password: { env: 'MERSIS_PASSWORD' },
    clientCertificate: { certificate: 'mersis.crt', key: { file: 'mersis.key' } },
    extraCa: ['mersis-ca.crt'],
    poll: { requestsPerSecond: 1000 },
    ...changes,
  };
}

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  registry = await startRegistry('rest');
  const { ca, client } = await certificates();
  workplace.write('mersis.crt', client.certPem);
  workplace.write('mersis.key', client.keyPem);
  workplace.write('mersis-ca.crt', ca.certPem);
  config = await workplace.load(withMersis, env());
  const log = openLog(config, test.db, []);
  for (const [n, role] of HELD)
    await sql('INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)', [
      randomUUID(),
      log.tagger.tag('authority', personOf(n)),
      role,
    ]);
  await log.appender.close();
});
afterAll(async () => {
  await registry.close();
  await test.drop();
  workplace.remove();
});
beforeEach(async () => {
  await sql('DELETE FROM bridge.mersis_held');
  await sql('DELETE FROM bridge.mersis_cooperative');
  await sql('DELETE FROM bridge.mersis_budget');
  await sql(`DELETE FROM bridge.log_state WHERE name = 'mersis.pause'`);
  await sql(`UPDATE bridge.mersis_run SET state = 'rejected' WHERE state IN ('running', 'stopped')`);
  registry.seen.length = 0;
  duties = () => [duty()];
  registry.reply = (seen, response) => {
    const { mersisNo } = JSON.parse(seen.body) as { mersisNo: string };
    const gorevler = duties(mersisNo);
    const bilgiTarihi = new Date().toISOString();
    const vergiNo = mersisNo.slice(1, 11);
    const data =
      gorevler === null
        ? { kod: 'BULUNAMADI', bilgiTarihi }
        : { kod: 'BULUNDU', bilgiTarihi, kooperatif: cooperative({ mersisNo, vergiNo, gorevler }) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
  };
});

const sql = <R extends object>(text: string, values: readonly unknown[] = []) =>
  test.db.query<R>({ text, values });

async function tokenOf(n: number): Promise<string> {
  const log = openLog(config, test.db, SESSION_APPLIERS);
  try {
    return (await signInForTest({ ...log, log: log.appender, db: test.db }, { person: personOf(n) }))
      .accessToken;
  } finally {
    await log.appender.close();
  }
}

async function mersis(args: readonly string[], token = ''): Promise<Ran> {
  const all = { ...workplace.env, ...env(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ mersis: mersisCommand }, ['mersis', ...args], all, token);
}

const told = async (from = 0) => (await readEntries(test.db)).slice(from).map(({ line }) => checkLine(line));
const size = async () => (await readEntries(test.db)).length;
const register = (mersisNos: readonly string[], dueAt = new Date(), readAt: Date | null = null) =>
  sql(
    `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at, read_at) SELECT n, $2, $2, $3 FROM unnest($1::text[]) AS n`,
    [mersisNos, dueAt, readAt],
  );
const asked = () =>
  registry.seen.map(({ body }) => (JSON.parse(body) as { mersisNo: string }).mersisNo).sort();

describe('bridge mersis sync', () => {
  it('reads what is due, where no instance polls, takes it in, and counts', async () => {
    await register(nos(12));
    await register([no(20)], new Date(Date.now() + 3_600_000), new Date());
    const from = await size();
    const ran = await mersis(['sync', '--json'], await tokenOf(ADMIN));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({
      end: 'done',
      run: { kind: 'sync', state: 'done', asked: 12, changed: 12, failed: 0, refused: 0, losses: 0 },
    });
    expect(asked()).toEqual(nos(12));
    const kinds = (await told(from)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith('command.'))).toEqual(['command.run', 'command.acted']);
    expect(kinds.indexOf('command.acted')).toBeLessThan(kinds.indexOf('mersis.run-started'));
    expect(kinds.filter((kind) => kind === 'authority.recorded')).toHaveLength(12);
    expect(kinds.at(-1)).toBe('mersis.run-ended');
    const again = await mersis(['sync'], await tokenOf(OFFICER));
    expect(again).toMatchObject({ code: 0, out: 'nothing is due', err: '' });
  });

  it('asks nothing while MERSİS is under maintenance, and says until when; the run goes on afterwards', async () => {
    await register(nos(5));
    await sql(
      `INSERT INTO bridge.maintenance_window (window_id, system, starts_at, ends_at, reason, opened_leaf)
       VALUES (gen_random_uuid(), 'mersis', now() - interval '1 minute', '2999-01-01T00:00:00Z', 'bakım', 0)`,
    );
    const ran = await mersis(['sync', '--json'], await tokenOf(ADMIN));
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('2999-01-01T00:00:00.000Z') });
    expect(JSON.parse(ran.out)).toMatchObject({ end: 'maintenance', run: { state: 'running', asked: 0 } });
    expect(asked()).toEqual([]);
    await sql('UPDATE bridge.maintenance_window SET closed_at = now(), closed_leaf = 0');
    expect((await mersis(['sync'], await tokenOf(ADMIN))).code).toBe(0);
    expect(asked()).toEqual(nos(5));
  });

  it('reads every cooperative with --all, and unchanged ones leave no entry of their own', async () => {
    await register(nos(12));
    await mersis(['sync'], await tokenOf(ADMIN));
    registry.seen.length = 0;
    const from = await size();
    const ran = await mersis(['sync', '--all'], await tokenOf(ADMIN));
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^run [0-9a-f-]{36}: asked 12, changed 0, refused 0, failed 0, losses 0 of 5$/);
    expect(asked()).toEqual(nos(12));
    const kinds = (await told(from)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith('mersis.'))).toEqual([
      'mersis.run-started',
      'mersis.asking',
      'mersis.run-ended',
    ]);
    expect(kinds).not.toContain('authority.recorded');
  });

  it('waits for the instance that leads, and asks nothing itself', async () => {
    const other = { ...config, instance: 'bridge-2' };
    const log = openLog(other, test.db, MERSIS_COMMAND_APPLIERS);
    const open = await openMersis({
      config: other,
      db: test.db,
      log,
      gate: createLogGate([]),
      maintenance: NO_MAINTENANCE,
      told: createLog({ level: 'error' }),
      metrics: NO_METRICS,
      health: createSystemHealth([], () => new Date()),
    });
    const stop = open?.startChores();
    try {
      while (!(await leads())) await new Promise((resolve) => setTimeout(resolve, 50));
      await register(nos(150), new Date(Date.now() + 3_600_000), new Date());
      const from = await size();
      const ran = await mersis(['sync', '--all', '--json'], await tokenOf(ADMIN));
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(asked()).toEqual(nos(150));
      const asking = (await told(from)).filter(({ kind }) => kind === 'mersis.asking');
      expect(asking.map(({ data }) => (data as { instance: string }).instance)).toEqual([
        'bridge-2',
        'bridge-2',
      ]);
    } finally {
      await stop?.();
      await log.appender.close();
      await open?.close();
    }
    expect(await leads()).toBe(false);
  });

  it('stops where too many would lose their boards, says how to go on, and takes no right away', async () => {
    await register(nos(9));
    await mersis(['sync'], await tokenOf(ADMIN));
    const seats = async () =>
      (await sql<{ n: number }>('SELECT count(*)::int AS n FROM bridge.authority_seat WHERE gone_on IS NULL'))
        .rows[0]?.n;
    const before = await seats();
    duties = () => [];
    const ran = await mersis(['sync', '--all'], await tokenOf(ADMIN));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/has stopped; two persons look at it: bridge mersis review$/);
    expect(await seats()).toBe(before);
    const status = await mersis(['status']);
    expect(status.out).toMatch(/: stopped; .*\n[\s\S]*bridge mersis review$/);
    registry.seen.length = 0;
    expect((await mersis(['sync', '--all'], await tokenOf(ADMIN))).code).toBe(1);
    expect(registry.seen).toEqual([]);
  });

  it.each([
    [401, /^MERSİS refuses us/],
    [500, /^MERSİS does not answer/],
  ])('ends with exit 1 where MERSİS answers %s', async (status, message) => {
    await register(nos(3));
    registry.reply = (_seen, response) => void response.writeHead(status).end();
    const ran = await mersis(['sync'], await tokenOf(ADMIN));
    expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(message)]);
    expect(ran.err + ran.out).not.toContain(PASSWORD);
    const shown = JSON.parse((await mersis(['status', '--json'])).out) as { pause: { reason: string } };
    expect(shown.pause.reason).toBe(status === 401 ? 'refused' : 'unavailable');
  });

  it('says once how many answers have check digits that do not hold', async () => {
    const odd = ['123456789', '123456788'].map((nine) => `0${nine}${(Number(vkn(nine)[9]) + 1) % 10}00017`);
    await register(odd);
    const ran = await mersis(['sync'], await tokenOf(ADMIN));
    expect(ran).toMatchObject({
      code: 0,
      err: 'warning: in 2 answers check digits of numbers do not hold',
    });
  });

  it('ends with exit 1 where some could not be read', async () => {
    await register(nos(40));
    const { reply } = registry;
    registry.reply = (seen, response) => {
      if (seen.body.includes(no(7))) response.writeHead(500).end();
      else reply(seen, response);
    };
    const ran = await mersis(['sync'], await tokenOf(ADMIN));
    expect(ran).toMatchObject({
      code: 1,
      err: 'cooperatives that could not be read: 1, whose answer was not believed: 0; they are tried again',
    });
    expect(ran.out).toContain('failed 1');
  });

  it('is for administrators and security officers', async () => {
    await register(nos(2));
    for (const token of [await tokenOf(INSPECTOR), 'x'.repeat(43)])
      expect((await mersis(['sync', '--all'], token)).code).toBe(1);
    expect(registry.seen).toEqual([]);
    expect((await mersis(['sync', NATURAL], '')).code).toBe(2);
  });
});

const leads = async () =>
  (
    await sql(
      `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE locktype = 'advisory' AND classid = 7202 AND objid = 11 AND d.datname = current_database()`,
    )
  ).rows.length > 0;

describe('bridge mersis register', () => {
  const file = (text: string | Buffer) => {
    const path = join(workplace.folder, `${randomUUID()}.txt`);
    writeFileSync(path, text);
    return path;
  };
  const known = async () =>
    (await sql<{ n: string }>('SELECT mersis_no AS n FROM bridge.mersis_cooperative ORDER BY 1')).rows.map(
      ({ n }) => n,
    );

  it('takes up what is new, with one entry that names who, how many and of which file', async () => {
    await register([no(1)]);
    const from = await size();
    const path = file(`\ufeff# bizim\r\n${no(0)}\r\n\r\n${no(1)} # var\r\n${no(2)}`);
    const ran = await mersis(['register', path, '--json'], await tokenOf(OFFICER));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({ added: 2, known: 1 });
    expect(await known()).toEqual(nos(3));
    const entries = await told(from);
    const entry = entries.at(-1);
    expect(entry).toMatchObject({ kind: 'mersis.registered', data: { added: 2 } });
    expect((entry?.data as { fileSha256?: string } | undefined)?.fileSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(entry?.sealed ?? {})).toEqual(['actor.number']);
    const again = await mersis(['register', path], await tokenOf(ADMIN));
    expect(again.out).toMatch(/^taken up: 0, known before: 3 \(leaf \d+\)$/);
  });

  it('refuses a file with any wrong line as a whole, tells each by its number, and repeats nothing of it', async () => {
    const text = `${no(0)}\n${NATURAL}\nabc\n${no(0)}\n${no(3)}\n`;
    const ran = await mersis(['register', file(text)], await tokenOf(ADMIN));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err.split('\n')).toEqual([
      'line 2: natural-person',
      'line 3: form',
      'line 4: duplicate',
      'nothing was taken up',
    ]);
    expect(await known()).toEqual([]);
    expect((await told()).at(-1)).toMatchObject({
      kind: 'command.refused',
      data: { code: 'REQUEST_INVALID', reason: 'natural-person' },
    });
    const lines = (await readEntries(test.db)).map(({ line }) => line).join('\n');
    expect(lines + ran.err).not.toContain(digitsOf(9));
  });

  it.each([
    ['# nothing\n', 1, /^REQUEST_INVALID: the file holds no number/],
    [Buffer.from([0xff, 0xfe, 0x30]), 1, /^REQUEST_INVALID: the file is not UTF-8/],
    ['#'.repeat(4_194_305), 1, /^REQUEST_INVALID: the file is too long/],
  ])('refuses what is no list (%#)', async (content, code, message) => {
    const ran = await mersis(['register', file(content)], await tokenOf(ADMIN));
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(message)]);
  });

  it('refuses a file that is not there, and whoever is no officer', async () => {
    expect(
      (await mersis(['register', join(workplace.folder, NATURAL)], await tokenOf(ADMIN))).err,
    ).not.toContain(NATURAL);
    const ran = await mersis(['register', file(no(5))], await tokenOf(INSPECTOR));
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/^ROLE_REQUIRED: /) });
    expect(await known()).toEqual([]);
  });
});

it('bridge mersis status needs nobody’s token and names nobody', async () => {
  await register(nos(3));
  const from = await size();
  const ran = await mersis(['status']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('cooperatives: 3, due 3 (waited for: 0), never read 3, in trouble 0, held 0');
  expect(ran.out).toContain('requests today: 0 of 120000');
  expect(ran.out).not.toContain(no(0));
  expect((await told(from)).map(({ kind }) => kind)).toEqual(['command.run']);
});

it('without MERSİS in the settings every one of them says so', async () => {
  await workplace.load((settings) => {
    withMersis(settings);
    delete settings.mersis;
  }, env());
  try {
    const ran = await mersis(['status']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/^CONFIG_INVALID: mersis/)]);
  } finally {
    await workplace.load(withMersis, env());
  }
});

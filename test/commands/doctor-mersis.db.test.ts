import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import { doctorCommand } from '../../src/commands/doctor.js';
import { readEntries } from '../audit/support/log.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import { AYSE, cooperative, duty, type Json, vkn } from '../mersis/client/support/answers.js';
import {
  certificates,
  PASSWORD,
  type Registry,
  raw,
  startRegistry,
} from '../mersis/client/support/registry.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { run } from './support.js';

const NO = `0${vkn('100000000')}00017`;
const OTHER = `0${vkn('100000001')}00017`;
const HOUR = 3_600_000;

let workplace: Workplace;
let test: TestDatabase;
let registry: Registry;
const env = () => ({ ...workplace.env, APP_URL: test.appUrl, MERSIS_PASSWORD: PASSWORD });
const ago = (ms: number) => new Date(Date.now() - ms);
const sql = <R extends object>(text: string, values: readonly unknown[] = []) =>
  test.db.query<R>({ text, values });

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  registry = await startRegistry('rest');
  const { ca, client } = await certificates();
  workplace.write('mersis.crt', client.certPem);
  workplace.write('mersis.key', client.keyPem);
  workplace.write('mersis-ca.crt', ca.certPem);
});
afterAll(async () => {
  await registry.close();
  await test.drop();
  workplace.remove();
});
beforeEach(async () => {
  for (const table of [
    'mersis_held',
    'mersis_cooperative',
    'mersis_budget',
    'webhook_delivery',
    'webhook_receiver',
  ])
    await sql(`DELETE FROM bridge.${table}`);
  await sql(`DELETE FROM bridge.log_state WHERE name = 'mersis.pause'`);
  await sql(`UPDATE bridge.mersis_run SET state = 'rejected' WHERE state IN ('running', 'stopped')`);
  registry.seen.length = 0;
  registry.reply = (_seen, response) => answer(response, { kod: 'BULUNDU', kooperatif: known() });
});

const known = () => cooperative({ mersisNo: NO, vergiNo: NO.slice(1, 11), gorevler: [duty()] });
function answer(response: Parameters<Registry['reply']>[1], content: Json): void {
  const data = { bilgiTarihi: new Date().toISOString(), ...content };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
}

/** What the doctor says by name, and what it wrote down for MERSİS. */
async function doctor(mersis: Json | null = {}, change: (settings: Loose) => void = () => undefined) {
  const from = (await readEntries(test.db)).length;
  await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.kps.sts.url = 'https://127.0.0.1:1/sts';
    settings.kps.routing.url = 'https://127.0.0.1:1/kps';
    settings.audit.timestamps = { authorities: [] };
    if (mersis !== null)
      settings.mersis = {
        adapter: 'rest',
        url: registry.url,
        userName: 'köprü',
        password: { env: 'MERSIS_PASSWORD' },
        clientCertificate: { certificate: 'mersis.crt', key: { file: 'mersis.key' } },
        extraCa: ['mersis-ca.crt'],
        ...mersis,
      };
    change(settings);
  }, env());
  const ran = await run({ doctor: doctorCommand }, ['doctor', '--json'], {
    ...env(),
    BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml'),
  });
  const list = JSON.parse(ran.out) as { name: string; ok: boolean; text: string }[];
  const found = new Map(list.map(({ name, ok, text }) => [name, `${ok ? 'ok' : 'FAIL'} ${text}`]));
  const entries = (await readEntries(test.db)).slice(from).map(({ line }) => checkLine(line));
  const told = entries.filter(({ kind }) => kind.startsWith('mersis.'));
  return { found, told, kinds: entries.map(({ kind }) => kind), ran };
}

const poll = (mersisNo: string, readAt: Date | null) =>
  sql(
    `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, read_at, due_at) VALUES ($1, now(), $2, now())`,
    [mersisNo, readAt],
  );
const used = async () => (await sql<{ used: number }>('SELECT used FROM bridge.mersis_budget')).rows[0]?.used;

describe('bridge doctor about MERSİS', () => {
  it('asks about one cooperative that is polled, the one that was read last, behind its entry and on the day’s budget', async () => {
    await poll(OTHER, ago(2 * HOUR));
    await poll(NO, ago(HOUR));
    let entriesThen: readonly string[] = [];
    registry.reply = async (_seen, response) => {
      entriesThen = (await readEntries(test.db)).slice(-1).map(({ line }) => checkLine(line).kind);
      answer(response, { kod: 'BULUNDU', kooperatif: known() });
    };
    const { found, told, ran } = await doctor();
    expect(found.get('mersis')).toBe('ok answers');
    expect(registry.seen.map(({ body }) => JSON.parse(body))).toEqual([{ mersisNo: NO }]);
    expect(entriesThen).toEqual(['mersis.asking']);
    expect(told).toMatchObject([{ data: { cooperatives: [NO], run: null }, sealed: {} }]);
    expect(await used()).toBe(1);
    expect(ran.out + ran.err).not.toContain(AYSE);
    // What came back is for nobody.
    expect((await sql('SELECT 1 FROM bridge.authority_cooperative')).rows).toEqual([]);
  });

  it('only knocks where no cooperative is polled yet: a message without content, about nobody', async () => {
    registry.reply = raw('', 'text/plain', 400);
    const { found, told } = await doctor();
    expect(found.get('mersis')).toMatch(
      /^ok lets us in; no cooperative is polled yet: bridge mersis register/,
    );
    expect(registry.seen.map(({ body }) => body)).toEqual(['']);
    expect(told).toEqual([]);
    expect((await used()) ?? 0).toBe(0);
  });

  it.each([401, 403])('says what to do where it refuses us (HTTP %d), asked or knocked', async (status) => {
    registry.reply = raw('', 'text/plain', status);
    expect((await doctor()).found.get('mersis')).toMatch(/^FAIL refuses us: are user name, password.*\?$/);
    await poll(NO, ago(HOUR));
    expect((await doctor()).found.get('mersis')).toMatch(/^FAIL refuses us: are user name, password.*\?$/);
    // A try by a person pauses nobody.
    expect((await sql(`SELECT 1 FROM bridge.log_state WHERE name = 'mersis.pause'`)).rows).toEqual([]);
  });

  it.each<[string, Json, (registry: Registry) => void, RegExp]>([
    ['nothing listens', { url: 'https://127.0.0.1:1/' }, () => undefined, /^FAIL cannot be reached: .*\?$/],
    [
      'it does not answer in time',
      { timeoutMs: 300 },
      (one) => {
        one.reply = () => undefined;
      },
      /^FAIL no answer in time: .*\?$/,
    ],
    [
      'it answers with an error',
      {},
      (one) => {
        one.reply = raw('', 'text/plain', 500);
      },
      /^FAIL answers with an error: /,
    ],
    [
      'it answers something else',
      {},
      (one) => {
        one.reply = raw('<html/>', 'text/html');
      },
      /^FAIL its answer is not one of the contract \(unreadable\)/,
    ],
    [
      'it does not know what we poll',
      {},
      (one) => {
        one.reply = (_seen, response) => answer(response, { kod: 'BULUNAMADI' });
      },
      /^FAIL answers, but does not know .*\?$/,
    ],
    [
      'its certificate is of a CA that we do not trust',
      { extraCa: [] },
      () => undefined,
      /^FAIL cannot be reached: .*\?$/,
    ],
  ])('says in one line what to do where %s', async (_name, settings, prepare, line) => {
    await poll(NO, ago(HOUR));
    prepare(registry);
    const { found, ran } = await doctor(settings);
    expect(found.get('mersis')).toMatch(line);
    expect(found.get('mersis')).not.toContain('\n');
    expect(ran.code).toBe(1);
    expect(ran.out + ran.err).not.toContain(PASSWORD);
  });

  it.each([404, 302, 503])(
    'says that something else answers where nothing is polled yet (HTTP %d)',
    async (status) => {
      registry.reply = raw('', 'text/plain', status);
      expect((await doctor()).found.get('mersis')).toBe(`FAIL HTTP ${status}: is mersis.url right?`);
    },
  );

  it('asks nothing where the day’s budget is spent, and says so', async () => {
    await poll(NO, ago(HOUR));
    await sql(`INSERT INTO bridge.mersis_budget VALUES ((now() AT TIME ZONE 'Europe/Istanbul')::date, 5)`);
    const { found, told } = await doctor({ poll: { dailyBudget: 5 } });
    expect(found.get('mersis')).toBe('FAIL not asked: the day’s budget is spent');
    expect(found.get('mersis budget')).toMatch(/^FAIL 5 of 5 requests today: .*mersis\.poll\.dailyBudget/);
    expect([registry.seen.length, told]).toEqual([0, []]);
  });

  it('asks nothing where the database cannot be reached: nothing leaves without its entry', async () => {
    const { found } = await doctor({}, (settings) => {
      settings.database = { url: { env: 'GONE_URL' }, migrateOnStart: false };
      workplace.env.GONE_URL = 'postgres://bridge_app@127.0.0.1:1/bridge';
    });
    expect(found.get('database')).toMatch(/^FAIL /);
    expect(found.get('mersis')).toMatch(/^FAIL not asked: nothing leaves without its entry/);
    expect(registry.seen).toEqual([]);
  });

  it('says that nothing is read where it is not set up', async () => {
    const { found } = await doctor(null);
    expect(found.get('mersis')).toMatch(/^ok not set up/);
    expect([...found.keys()].filter((name) => name.startsWith('mersis '))).toEqual([]);
  });
});

describe('bridge doctor about reading the register', () => {
  it('finds nothing where all is well', async () => {
    await poll(NO, ago(HOUR));
    const { found } = await doctor();
    const names = [
      'mersis',
      'mersis run',
      'mersis pause',
      'mersis oldest reading',
      'mersis budget',
      'mersis held',
    ];
    for (const name of [...names, 'webhooks', 'kinds of cooperatives'])
      expect([name, found.get(name)]).toEqual([name, expect.stringMatching(/^ok /)]);
  });

  it('says that a run stands stopped, how many losses wait for persons, and which command shows them', async () => {
    const runId = randomUUID();
    await sql(
      `INSERT INTO bridge.mersis_run (run_id, kind, state, started_at, asked, losses, loss_limit)
        VALUES ($1, 'poll', 'stopped', now(), 900, 201, 200)`,
      [runId],
    );
    await hold(NO, runId, ago(0));
    const { found } = await doctor();
    expect(found.get('mersis run')).toMatch(/^FAIL .*stands stopped: 201 of 900 .*bridge mersis review$/);
    expect(found.get('mersis held')).toMatch(
      /^FAIL 1 losses wait: 1 for two persons, .*bridge mersis review$/,
    );
  });

  it('minds a loss that waits for its second reading only once that is overdue', async () => {
    await hold(NO, null, ago(-HOUR));
    expect((await doctor()).found.get('mersis held')).toMatch(/^ok 1 losses wait/);
    await hold(OTHER, null, ago(2 * HOUR));
    expect((await doctor()).found.get('mersis held')).toMatch(
      /^FAIL 2 losses wait: 0 .*, 1 for a second reading/,
    );
  });

  it.each([
    ['refused', 'MERSİS refused us'],
    ['unavailable', 'MERSİS did not answer'],
  ])('says that nothing is read for now, and why (%s), and still tries once', async (reason, text) => {
    await poll(NO, ago(HOUR));
    const until = ago(-HOUR / 2);
    await sql(`INSERT INTO bridge.log_state (name, state) VALUES ('mersis.pause', $1)`, [
      JSON.stringify({ reason, failures: 1, until }),
    ]);
    const { found } = await doctor();
    expect(found.get('mersis pause')).toBe(
      `FAIL ${text}: nothing is read until ${until.toISOString()}, then one is tried; see mersis above`,
    );
    expect(found.get('mersis')).toBe('ok answers');
  });

  it('says that a reading is older than the limit after which rights shrink', async () => {
    await poll(NO, ago(HOUR));
    await poll(OTHER, ago(25 * HOUR));
    expect((await doctor()).found.get('mersis oldest reading')).toMatch(
      /^FAIL .*older than authority\.staleAfterHours \(24\): rights shrink there/,
    );
  });

  it('tells how many were never read', async () => {
    await poll(NO, null);
    expect((await doctor()).found.get('mersis oldest reading')).toBe(
      'ok none; 1 cooperatives were never read',
    );
  });
});

describe('bridge doctor about rights', () => {
  it('names receivers for whom webhooks were given up, and the command that tries them again', async () => {
    await dead('koopbis-core', 1);
    await dead('gone', 2);
    const { found } = await doctor();
    expect(found.get('webhooks')).toBe(
      'FAIL given up for gone: 1 (no longer registered), koopbis-core: 1 (no longer registered); mend the receiver, then bridge webhooks redrive --client ID',
    );
  });

  it('names kinds of cooperatives that the table of competences lacks', async () => {
    await sql(
      `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
        VALUES ($1, 'x', 'Uzay Madenciliği', '1163', 'birim', 'Ankara', 'ticaret', 'faal', now()),
          ($2, 'y', 'Konut Yapı', '1163', 'birim', 'Ankara', 'cevre', 'faal', now())`,
      [NO, OTHER],
    );
    const { found } = await doctor();
    expect(found.get('kinds of cooperatives')).toMatch(
      /^ok the table of competences lacks Uzay Madenciliği \(1163\): taken for Ticaret’s/,
    );
  });
});

const hold = (mersisNo: string, runId: string | null, secondAfter: Date) =>
  sql(
    `INSERT INTO bridge.mersis_held (mersis_no, digest, why, run_id, seen_at, second_after, held, lost, gained)
      VALUES ($1, '\\x00', $2, $3, now(), $4, 3, '{}', 0)`,
    [mersisNo, runId === null ? 'empty-board' : 'run-stopped', runId, secondAfter],
  );
const dead = (client: string, position: number) =>
  sql(
    `INSERT INTO bridge.webhook_delivery (client_id, position, queued_at, next_at, attempts, problem, dead_at)
      VALUES ($1, $2, now(), now(), 9, 'timeout', now())`,
    [client, position],
  );

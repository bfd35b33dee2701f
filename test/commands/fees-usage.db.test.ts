import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import { draftOf } from '../../src/audit/draft.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay, istanbulQuarter, quarterDays } from '../../src/calendar/istanbul-day.js';
import { commandGroup } from '../../src/commands/command-group.js';
import { feesAgreementsCommand } from '../../src/commands/fees/agreements.js';
import { feesUsageCommand } from '../../src/commands/fees/usage.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [FINANCE, ADMIN] = [70, 72];
const HELD = [
  [FINANCE, 'finance'],
  [ADMIN, 'administrator'],
] as const;
const TODAY = istanbulDay(new Date());
const QUARTER = istanbulQuarter(new Date());
const VERIFICATION = 'TumKutukDogrulaServis';
const fees = commandGroup('fees', 'the fee book', {
  agreements: feesAgreementsCommand,
  usage: feesUsageCommand,
});

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
    settings.accounts[0].feeClass = 'paying';
    settings.accounts[0].budget = { quarterKurus: 10 };
    settings.accounts[0].agreement.validUntil = addDays(TODAY, 20);
  }, urls());
  await withLog(async ({ appender, tagger }) => {
    for (const [n, role] of HELD)
      await sql('INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)', [
        randomUUID(),
        tagger.tag('authority', personOf(n)),
        role,
      ]);
    const data = { checkpointSize: null, instance: 'test', size: 1 };
    const { leafIndex } = await appender.submit(plainLane, draftOf('log.witness-missing', new Date(), data));
    await sql(
      `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose, cooperative,
          il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
        SELECT gen_random_uuid(), $1, 'ticaret', 'paying', 'koopbis-core', 'BilesikKutukSorgulaKimlikNoServis', '2024/04/01', 'uyelik',
          '0123456789000015', 'Ankara', 'ticaret', 'kooperatif', 'per-query', decode(repeat('07', 16), 'hex'), now(), $2, 'match', true, 1, 2, 2
        FROM generate_series(1, 5)`,
      [leafIndex, QUARTER],
    );
    await sql(`INSERT INTO bridge.fee_usage VALUES ('ticaret', $1, 5, 5, 10)`, [QUARTER]);
    await sql(`INSERT INTO bridge.fee_saved VALUES ($1, 'koopbis-core', 'IDENTITY_NUMBER_INVALID', 4)`, [
      TODAY,
    ]);
  });
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
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

async function tokenFile(n: number, stepUp = true): Promise<string> {
  const token = await withLog(async (log) => {
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });
  const path = join(workplace.folder, randomUUID());
  writeFileSync(path, token, { mode: 0o600 });
  return path;
}

function bridge(...args: readonly string[]): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ fees }, ['fees', ...args], env);
}
const as = async (n: number, ...args: readonly string[]) =>
  bridge(...args, '--token-file', await tokenFile(n));
const json = (ran: Ran) => {
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.out);
};
/** What the log says of these kinds, each held to its schema. */
const told = async (...kinds: readonly string[]) =>
  (await readEntries(test.db)).map(({ line }) => checkLine(line)).filter(({ kind }) => kinds.includes(kind));

describe('bridge fees usage', () => {
  it('tells use, forecast, budget and savings of the quarter so far without a token', async () => {
    const ran = await bridge('usage', '--json');
    expect(json(ran)).toMatchObject({
      from: quarterDays(QUARTER).from,
      to: addDays(TODAY, 1),
      quarter: QUARTER,
      accounts: [
        {
          ...{ account: 'ticaret', feeClass: 'paying', queries: 5, units: 5, amountKurus: 10 },
          days: [{ day: TODAY, queries: 5, units: 5, amountKurus: 10 }],
          quarter: { forecast: { basis: 'too-few-days' }, budget: { state: 'stopped', percentKurus: 100 } },
          savings: { precheck: { calls: 4, savedKurus: 8, listValueKurus: 0 } },
        },
      ],
      total: { queries: 5, units: 5, amountKurus: 10 },
    });
    expect(ran.err).toMatch(/^ticaret: the budget of .* is used up, .*bridge fees stop lift ticaret/);
    expect(await told('fees.read')).toEqual([]);
  });

  it('is told to people in Turkish money', async () => {
    const { out } = await bridge('usage', '--account', 'ticaret');
    expect(out).toContain('ticaret (Ticaret Bakanlığı, paying)');
    expect(out).toContain('5 queries, 5 units, 0,10 TL');
    expect(out).toMatch(/budget {5}stopped: 100 % of 0,10 TL; stops at 100 %/);
    expect(out).toContain('4 calls whose number was none: 0,08 TL saved');
    expect(out).toMatch(/forecast {3}none: \d of at least 7 days are over/);
  });

  it('with a token tells the look under its name, for a finance officer alone', async () => {
    const args = ['usage', '--from', '2026-01-01', '--to', '2026-02-01', '--json'];
    expect(json(await as(FINANCE, ...args))).toMatchObject({ total: { queries: 0 } });
    expect(await as(ADMIN, ...args)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ROLE_REQUIRED/),
    });
    const [entry, ...more] = await told('fees.read');
    expect(more).toEqual([]);
    expect(entry?.data).toMatchObject({
      client: null,
      detail: 'usage',
      format: 'json',
      from: '2026-01-01',
      to: '2026-02-01',
    });
  });

  it.each<[string, readonly string[]]>([
    ['a day that is none', ['--from', '2026-02-30']],
    ['an instant within a day', ['--to', '2026-02-03T12:00:00Z']],
    ['an end before the beginning', ['--from', '2026-02-03', '--to', '2026-02-03']],
    ['too long a time', ['--from', '2020-01-01', '--to', '2026-01-01']],
    ['a number for an account', ['--account', `${digitsOf(1)} x`]],
    ['words that are not asked for', [digitsOf(1)]],
  ])('with %s is wrong use, which repeats nothing', async (_name, args) => {
    const ran = await bridge('usage', ...args);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).not.toContain(digitsOf(1));
    expect(ran.err).not.toContain('2026-02-30');
  });

  it('names the form of a day', async () => {
    const { code, err } = await bridge('usage', '--from', '28.09.2026');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^WRONG_USE: --from: YYYY-MM-DD; usage: bridge fees usage/),
    ]);
  });

  it('of an account that nobody knows fails, and its text is not repeated', async () => {
    const ran = await bridge('usage', '--account', digitsOf(1));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^NOT_FOUND: /) });
    expect(ran.err + JSON.stringify((await readEntries(test.db)).map(({ line }) => line))).not.toContain(
      digitsOf(1),
    );
  });
});

describe('bridge fees agreements', () => {
  it('shows names to a finance officer alone', async () => {
    const { code, out } = await as(FINANCE, 'agreements');
    expect(code).toBe(0);
    expect(out).toContain('Birinci Kişi <birinci@example.org>');
    expect(out).toMatch(/state {11}renew-soon: .* 20 day\(s\) left: renew it now/);
    expect(await as(ADMIN, 'agreements', 'list')).toMatchObject({ code: 1, out: '' });
    expect(await bridge('agreements', '--json')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^TOKEN_INVALID/),
    });
  });

  it('records a request and its answer, and says that the settings have to follow', async () => {
    const asked = [
      'agreements',
      'request',
      'ticaret',
      '--kind',
      'service',
      '--wanted',
      VERIFICATION,
      '--document',
      'E-1',
      '--date',
      TODAY,
    ];
    expect(await bridge(...asked, '--token-file', await tokenFile(FINANCE, false))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^STEP_UP_REQUIRED/),
    });
    const { request } = json(await as(FINANCE, ...asked, '--json'));
    const answered = await as(
      FINANCE,
      'agreements',
      'answer',
      request,
      '--decision',
      'granted',
      '--date',
      TODAY,
    );
    expect(answered).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${VERIFICATION} can be asked once accounts`),
    });
    const { agreements } = json(await as(FINANCE, 'agreements', 'list', '--json'));
    expect(agreements).toMatchObject([
      { account: 'ticaret', grantedServices: [VERIFICATION], requests: [{ request, decision: 'granted' }] },
    ]);
    expect(
      (await told('fees.agreement-requested', 'fees.agreement-answered')).map(({ kind }) => kind),
    ).toEqual(['fees.agreement-requested', 'fees.agreement-answered']);
  });

  it.each<[string, readonly string[]]>([
    ['another action', ['cancel', 'ticaret']],
    [
      'no such kind',
      ['request', 'ticaret', '--kind', 'x', '--wanted', 'y', '--document', 'E', '--date', TODAY],
    ],
    ['no letter', ['request', 'ticaret', '--kind', 'renewal', '--wanted', 'y', '--date', TODAY]],
    ['no day', ['request', 'ticaret', '--kind', 'renewal', '--wanted', 'y', '--document', 'E']],
    ['an id that is none', ['answer', digitsOf(1), '--decision', 'granted', '--date', TODAY]],
    ['no decision', ['answer', randomUUID(), '--date', TODAY]],
    ['what belongs to another action', ['list', '--wanted', digitsOf(1)]],
  ])('with %s is wrong use, which repeats nothing', async (_name, args) => {
    const ran = await as(FINANCE, 'agreements', ...args);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).not.toContain(digitsOf(1));
  });
});

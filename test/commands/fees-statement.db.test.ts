import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Appender } from '../../src/audit/appender.js';
import { draftOf } from '../../src/audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../../src/audit/lane.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { istanbulDay, istanbulQuarter, nextQuarter, quarterDays } from '../../src/calendar/istanbul-day.js';
import { commandGroup } from '../../src/commands/command-group.js';
import { feesStatementCommand } from '../../src/commands/fees/statement.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { type FeeLine, feeLineApplier } from '../../src/fees/book/fee-line.js';
import { openLog } from '../../src/house/open-log.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { intentDraft } from '../support/drafts.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [OFFICER, ADMIN, USER] = [80, 81, 82];
const NOW = new Date();
const QUARTER = istanbulQuarter(NOW);
const TODAY = istanbulDay(NOW);
const fees = commandGroup('fees', 'the fee book', { statement: feesStatementCommand });

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
let folder: string;

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
  }, urls());
  await withLog(async ({ appender, tagger }) => {
    for (const [n, role] of [
      [OFFICER, 'finance'],
      [ADMIN, 'administrator'],
    ] as const)
      await test.db.query({
        text: 'INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)',
        values: [randomUUID(), tagger.tag('authority', personOf(n)), role],
      });
    for (let i = 0; i < 30; i += 1) await ask(appender, i);
  });
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});
beforeEach(() => {
  folder = mkdtempSync(join(workplace.folder, 'out-'));
});

const urls = () => ({ APP_URL: test.appUrl });

async function withLog<T>(work: (log: ReturnType<typeof openLog>) => Promise<T>): Promise<T> {
  const log = openLog(config, test.db, [openSessionApplier, feeLineApplier] as readonly EffectApplier[]);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

interface Asked {
  readonly n: number;
  readonly intent: bigint;
}

/** The end of a query, and its line. */
const outcomeLane: Lane<Asked, null> = {
  name: 'outcomes',
  patienceMs: 20_000,
  settle: async (_tx, items) =>
    items.map(({ intent, n }) => {
      const line = feeLine(n);
      const data = {
        code: null,
        fee: {
          account: line.account,
          amountKurus: 2,
          feeClass: line.feeClass,
          quarter: QUARTER,
          unitPriceKurus: 2,
          units: 1,
        },
        hataKod: null,
        instance: 'test',
        intent: Number(intent),
        messageIds: [],
        outcome: 'match' as const,
        query: line.queryId,
        reason: null,
        sent: true,
        sentAt: NOW.toISOString(),
        state: 'answered' as const,
      };
      return {
        entries: [draftOf('query.outcome', NOW, data)],
        effects: [line as Effect],
        answer: () => null,
      };
    }),
};

function feeLine(n: number): FeeLine {
  return {
    kind: 'fee-line',
    queryId: randomUUID(),
    account: 'ticaret-bakanligi',
    feeClass: 'paying',
    client: 'core',
    service: 'BilesikKutukSorgulaKimlikNoServis',
    serviceVersion: '2025/08/01',
    purpose: 'uyelik',
    cooperative: `012345678900001${n % 3}`,
    il: '=Şanlıurfa',
    ministry: 'ticaret',
    unit: 'kooperatif',
    basis: 'per-query',
    unitPriceKurus: 2,
    actorTag: Buffer.alloc(16, 3),
    sentAt: NOW,
    quarter: QUARTER,
    result: 'match',
    sent: true,
    units: 1,
  };
}

/** A query of USER: the number stands sealed in its intent. */
async function ask(log: Appender, n: number): Promise<void> {
  const field = { field: 'actor.number', side: 'actor', indexed: true } as const;
  const personal = [{ ...field, person: personOf(USER), text: digitsOf(USER) }];
  const { leafIndex } = await log.submit(plainLane, intentDraft({}, personal));
  await log.submit(outcomeLane, { n, intent: leafIndex });
}

const tokenOf = (n: number, stepUp = false) =>
  withLog(async (log) => {
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });

async function statement(args: readonly string[], token = ''): Promise<Ran> {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ fees }, ['fees', 'statement', ...args], env, token);
}

const asOfficer = async (args: readonly string[], stepUp = false) =>
  statement(args, await tokenOf(OFFICER, stepUp));
const size = async () => (await readEntries(test.db)).length;
const readings = async (from: number) =>
  (await readEntries(test.db))
    .slice(from)
    .map(({ line }) => JSON.parse(line) as { kind: string; data: Record<string, unknown> })
    .filter(({ kind }) => kind === 'fees.read')
    .map(({ data }) => data);

describe('totals on the command line', () => {
  it('need no token, and say the quarter of today where none is named', async () => {
    const before = await size();
    const ran = await statement([]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(`${QUARTER} from ${quarterDays(QUARTER).from}`);
    expect(ran.out).toContain('30 queries, 30 units, 0,60 TL');
    expect(await readings(before)).toEqual([]);
  });

  it('are one JSON document where they are asked for so', async () => {
    const named = await statement([QUARTER, '--json']);
    const json = JSON.parse(named.out);
    expect(json).toMatchObject({
      quarter: QUARTER,
      state: 'open',
      total: { queries: 30, units: 30, amountKurus: 60 },
    });
    const again = JSON.parse((await statement(['--quarter', QUARTER, '--format', 'json'])).out);
    expect(again.accounts).toEqual(json.accounts);
  });

  it('go by half-open days where a range is asked for', async () => {
    const [next, last] = [1, 2].map((days) => istanbulDay(new Date(NOW.getTime() + days * 86_400_000)));
    const on = await statement(['--from', TODAY, '--to', next ?? '', '--json']);
    const after = await statement(['--from', next ?? '', '--to', last ?? '', '--json']);
    expect(JSON.parse(on.out)).toMatchObject({ quarter: null, state: null, total: { queries: 30 } });
    expect(JSON.parse(after.out).total).toEqual({ queries: 0, units: 0, amountKurus: 0 });
  });

  it('are refused of a quarter that has not begun, as the API refuses it', async () => {
    const next = nextQuarter(QUARTER);
    for (const args of [[next], ['--quarter', next, '--json']])
      expect(await statement(args)).toEqual({
        code: 1,
        out: '',
        err: `NOT_FOUND: ${next} has not begun: it begins on ${quarterDays(next).from}`,
      });
  });

  it('are CSV on standard output, whole', async () => {
    const { out } = await statement(['--format', 'csv']);
    const records = parse(out, { bom: true, columns: true, delimiter: ';' }) as Record<string, string>[];
    expect(records.filter((one) => one.kayıt === 'toplam').map((one) => one.kayıtlı_tutar_kurus)).toEqual(
      Array.from({ length: 11 }, () => '60'),
    );
  });
});

describe('what is read under a name', () => {
  it.each([['--users'], ['--cooperatives'], ['--lines'], ['--out', 'cetvel.csv']])(
    'needs a finance officer (%s)',
    async (...args) => {
      const paths = args.map((arg) => (arg.startsWith('--') ? arg : join(folder, arg)));
      expect(await statement(paths, 'nobody')).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^TOKEN_INVALID/),
      });
      expect(await statement(paths, await tokenOf(ADMIN))).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^ROLE_REQUIRED/),
      });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.each([['nothing on standard input'], ['an empty file']])(
    'says how a token is given (%s)',
    async (how) => {
      const empty = join(folder, 'empty.token');
      if (how === 'an empty file') writeFileSync(empty, '\n');
      const file = how === 'an empty file' ? ['--token-file', empty] : [];
      const out = join(folder, 'cetvel.csv');
      expect(await statement(['--out', out, ...file])).toEqual({
        code: 1,
        out: '',
        err: 'TOKEN_INVALID: no token was given: --token-file FILE, or standard input',
      });
      expect(existsSync(out)).toBe(false);
      const last = JSON.parse((await readEntries(test.db)).at(-1)?.line ?? '{}');
      expect(last).toMatchObject({ kind: 'command.refused', data: { code: 'TOKEN_INVALID', actor: null } });
    },
  );

  it('is written down before it is shown, each detail by itself', async () => {
    const before = await size();
    const ran = await asOfficer(['--users', '--cooperatives', '--lines']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('*** (1)');
    expect(ran.out).not.toContain(digitsOf(USER));
    const read = await readings(before);
    expect(read.map(({ detail, format, revealed }) => [detail, format, revealed])).toEqual([
      ['totals', 'text', false],
      ['users', 'text', false],
      ['cooperatives', 'text', false],
      ['lines', 'text', false],
    ]);
    expect(read[0]).toMatchObject({ ...quarterDays(QUARTER), account: null, reason: null });
  });

  it('has numbers with a second step and a reason alone, and both are written down', async () => {
    const args = ['--users', '--reveal', '--reason', 'Sayıştay denetimi', '--json'];
    expect(await asOfficer(args)).toMatchObject({ code: 1, err: expect.stringMatching(/^STEP_UP_REQUIRED/) });
    const before = await size();
    const ran = await asOfficer(args, true);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out).users).toMatchObject([{ user: digitsOf(USER), lines: 30, amountKurus: 60 }]);
    const [, users] = await readings(before);
    expect(users).toMatchObject({ detail: 'users', revealed: true, reason: 'Sayıştay denetimi' });
  });

  it('takes no reason with an identity number in it, and repeats none', async () => {
    const before = await size();
    const ran = await asOfficer(['--users', '--reveal', '--reason', `bkz. ${digitsOf(USER)}`], true);
    expect(ran.code).toBe(2);
    expect(ran.err).not.toContain(digitsOf(USER));
    expect(await readings(before)).toEqual([]);
  });

  it('lets no typed text come into an entry as an account', async () => {
    const before = await size();
    const ran = await asOfficer(['--users', '--account', digitsOf(USER)]);
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/^NOT_FOUND/) });
    expect(ran.err).not.toContain(digitsOf(USER));
    expect(await readings(before)).toEqual([]);
  });
});

describe('a statement in a file', () => {
  it.each(['json', 'csv', 'xlsx', 'pdf'])(
    'is whole, for its owner alone, and told with its hash (%s)',
    async (format) => {
      const out = join(folder, `cetvel.${format}`);
      const ran = await asOfficer(['--lines', '--users', '--out', out, '--json']);
      expect(ran).toMatchObject({ code: 0, err: '' });
      const { size: bytes, mode } = statSync(out);
      expect(JSON.parse(ran.out)).toMatchObject({ out, format, bytes });
      expect(mode & 0o777).toBe(0o600);
      expect(readdirSync(folder)).toEqual([`cetvel.${format}`]);
    },
  );

  it('has lines that add up to its total, and no formula', async () => {
    const out = join(folder, 'cetvel.csv');
    await asOfficer(['--lines', '--out', out]);
    const records = parse(readFileSync(out), { bom: true, columns: true, delimiter: ';' }) as Record<
      string,
      string
    >[];
    const lines = records.filter((one) => one.bölüm === 'satırlar' && one.kayıt === 'satır');
    expect(lines.reduce((sum, one) => sum + Number(one.kayıtlı_tutar_kurus), 0)).toBe(60);
    expect(new Set(lines.map((one) => one.il))).toEqual(new Set(["'=Şanlıurfa"]));
  });

  it('is refused where no file can be, and nothing is left', async () => {
    const ran = await asOfficer(['--out', join(folder, 'none', 'cetvel.csv')]);
    expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(/^WRONG_USE: --out/) });
  });
});

describe('wrong use', () => {
  it.each([
    [['2026-Q5']],
    [['--quarter', '1999-Q1']],
    [[QUARTER, '--from', '2026-01-01']],
    [['--from', '2026-02-30']],
    [['--from', '2026-02-01', '--to', '2026-02-01']],
    [['--format', 'xlsx']],
    [['--format', 'pdf']],
    [['--format', 'xml']],
    [['--out', 'cetvel']],
    [['--out', 'cetvel.csv', '--format', 'text']],
    [['--json', '--format', 'csv']],
    [['--reveal', '--reason', 'denetim']],
    [['--users', '--reveal']],
    [['--users', '--reason', 'denetim']],
    [['--account', '../x']],
    [['one', 'two']],
    [['--kimlik', '1']],
  ])('is told with the usage, and nothing is opened: %j', async (args) => {
    const before = await size();
    const ran = await statement(args);
    expect(ran).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('usage: bridge fees statement'),
    });
    expect(await size()).toBe(before);
  });

  it('says in its help that the last day is not included', async () => {
    const { out } = await statement(['--help']);
    expect(out).toContain('--to is not included');
  });

  it('leaves a file of the name from before alone', async () => {
    const out = join(folder, 'cetvel.csv');
    writeFileSync(out, 'before');
    await statement(['--out', out], 'nobody');
    expect(readFileSync(out, 'utf8')).toBe('before');
  });
});

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServiceApi, type FinishedCall } from '../../../src/api/service-api.js';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { draftOf } from '../../../src/audit/draft.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { createLogGate } from '../../../src/audit/log-gate.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { catchUp } from '../../../src/audit/search/index-entries.js';
import { addDays } from '../../../src/calendar/add-days.js';
import {
  istanbulDay,
  istanbulQuarter,
  nextQuarter,
  quarterDays,
} from '../../../src/calendar/istanbul-day.js';
import type { BridgeConfig } from '../../../src/config/schema.js';
import { type OpenFees, openFees } from '../../../src/house/fees/open-fees.js';
import { type OpenLog, openLog } from '../../../src/house/open-log.js';
import { createClientRegistry } from '../../../src/network/client-registry.js';
import { createRefusalCounter } from '../../../src/network/refusal-counter.js';
import { ACR_ONE_STEP } from '../../../src/sign-in/access-tokens.js';
import { openSessionApplier } from '../../../src/sign-in/open-session.js';
import type { Log } from '../../../src/telemetry/log.js';
import { requireSoundLog } from '../../audit/support/log.js';
import { digitsOf, personOf } from '../../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { signInForTest, type TestSignIn } from '../../support/sign-in.js';

const CERTIFICATE = 'cd'.repeat(32);
const [FINANCE, CLERK, PAST] = [70, 71, 72];
const TODAY = istanbulDay(new Date());
const QUARTER = istanbulQuarter(new Date());
const QUIET: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (event, fields) => {
    throw new Error(event, { cause: fields?.error });
  },
  child: () => QUIET,
};

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
let log: OpenLog;
let fees: OpenFees;
let server: Server | undefined;
let port: number;
const logged: FinishedCall[] = [];
const sql = (text: string, values: readonly unknown[] = []) => test.db.query({ text, values });

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load(
    (settings) => {
      settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
      settings.audit.timestamps = { authorities: [] };
      settings.clients.push({
        ...structuredClone(settings.clients[0]),
        ...{ id: 'koopbis-reports', account: null, certificates: [CERTIFICATE], permissions: ['fees'] },
      });
    },
    { APP_URL: test.appUrl },
  );
  log = openLog(config, test.db, [openSessionApplier] as readonly EffectApplier[]);
  for (const [n, role, ends] of [
    [FINANCE, 'finance', null],
    [CLERK, 'ministry-central', null],
    [PAST, 'finance', TODAY],
  ] as const)
    await sql(
      `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, ends_on) VALUES ($1, $2, $3, $4, $5)`,
      [
        randomUUID(),
        log.tagger.tag('authority', personOf(n)),
        role,
        role === 'finance' ? null : 'ticaret',
        ends,
      ],
    );
  await bookLines();
  fees = openFees({ config, db: test.db, log, gate: createLogGate([]), told: QUIET });
  await listen();
});
afterAll(async () => {
  server?.close();
  await log.appender.close();
  await test.drop();
  workplace.remove();
});

/** Three queries of today in the book, and two calls that never left. */
async function bookLines(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    const data = { checkpointSize: null, instance: 'test', size: 1 };
    const { leafIndex } = await log.appender.submit(
      plainLane,
      draftOf('log.witness-missing', new Date(), data),
    );
    await sql(
      `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose, cooperative,
          il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
        VALUES ($1, $2, 'ticaret', 'outside', 'koopbis-core', 'BilesikKutukSorgulaKimlikNoServis', '2024/04/01', 'uyelik', '0123456789000015',
          'Ankara', 'ticaret', 'kooperatif', 'per-query', decode(repeat('07', 16), 'hex'), now(), $3, 'match', true, 1, 0, 0)`,
      [randomUUID(), leafIndex, QUARTER],
    );
  }
}

async function listen(): Promise<void> {
  const unused = async () => {
    throw new Error('not for this call');
  };
  const handler = createServiceApi({
    ...fees,
    registry: createClientRegistry(config.clients),
    refusals: createRefusalCounter(),
    ...{ maxInFlight: 8, maxBodyBytes: 4096, hot: [], now: () => new Date() },
    ...{ verify: unused, read: unused, search: unused, openId: async () => false },
    observe: (call) => logged.push(call),
  });
  const listening = createServer((request, response) => {
    void handler(request, response, { certificateSha256: CERTIFICATE, address: '127.0.0.1' });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  port = (listening.address() as AddressInfo).port;
}

const tokenOf = async (n: number, over: Partial<TestSignIn> = {}) =>
  (
    await signInForTest(
      { ...log, log: log.appender, db: test.db },
      {
        ...{ person: personOf(n), client: 'koopbis-reports' },
        ...{ certificateSha256: Buffer.from(CERTIFICATE, 'hex'), ...over },
      },
    )
  ).accessToken;

async function get(path: string, token: string | null) {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { ...headers, 'x-request-id': 'r-1' },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: isJson ? JSON.parse(String(bytes)) : null,
  };
}

/** What the log has come to say of the fee book since `from`, each held to its schema. */
async function told(from: number) {
  const lines = (await requireSoundLog(test.db)).slice(from).map(({ line }) => checkLine(line));
  return lines.filter(({ kind }) => kind === 'fees.read' || kind === 'call.refused');
}
const size = async () => (await requireSoundLog(test.db)).length;

describe('a quarter, read by a finance officer over the service API', () => {
  it('has the accounts of the book, and the reading is an entry under that name', async () => {
    const from = await size();
    const { json, status } = await get(`/v1/fees/quarters/${QUARTER}`, await tokenOf(FINANCE));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      quarter: QUARTER,
      state: 'open',
      statementSha256: null,
      accounts: [
        {
          account: 'ticaret',
          feeClass: 'outside',
          queries: 3,
          units: 3,
          amountKurus: 0,
          notice: null,
          payments: [],
        },
      ],
      total: { queries: 3, units: 3, amountKurus: 0 },
    });
    const [entry, ...more] = await told(from);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      kind: 'fees.read',
      data: {
        ...{ account: null, client: 'koopbis-reports', detail: 'totals', format: 'json', revealed: false },
        ...{ osUser: null, reason: null, requestId: 'r-1', ...quarterDays(QUARTER) },
      },
    });
    expect(Object.keys(entry?.sealed ?? {})).toEqual(['actor.number']);
  });

  it('comes as CSV, XLSX and PDF, whole', async () => {
    const from = await size();
    const token = await tokenOf(FINANCE);
    const starts = { csv: null, xlsx: 'PK', pdf: '%PDF-' } as const;
    for (const format of ['csv', 'xlsx', 'pdf'] as const) {
      const { bytes, headers, status } = await get(`/v1/fees/quarters/${QUARTER}.${format}`, token);
      expect(status).toBe(200);
      expect(headers.get('content-disposition')).toContain(`kps-${QUARTER}.${format}`);
      expect(bytes.length).toBeGreaterThan(100);
      const start = starts[format];
      if (start !== null) expect(bytes.subarray(0, start.length).toString('latin1')).toBe(start);
      else expect(bytes.toString('utf8')).toContain('ticaret');
    }
    expect((await told(from)).map(({ data }) => data.format)).toEqual(['csv', 'xlsx', 'pdf']);
  });

  it('is empty for a time before the bridge, and not found for one that has not begun', async () => {
    const token = await tokenOf(FINANCE);
    expect((await get('/v1/fees/quarters/2006-Q4', token)).json).toMatchObject({ total: { queries: 0 } });
    expect((await get('/v1/fees/quarters/2001-Q1', token)).status).toBe(200);
    expect((await get(`/v1/fees/quarters/${nextQuarter(QUARTER)}`, token)).status).toBe(404);
  });
});

describe('use, read over the service API', () => {
  it('tells use, budget and what was spared, as the log has it', async () => {
    const refused = {
      ...{ actor: null, client: 'koopbis-core', code: 'IDENTITY_NUMBER_INVALID', cooperative: null },
      ...{ instance: 'bridge-1', institution: 'Ticaret Bakanlığı', purpose: null, reason: null },
      ...{ requestId: null, screen: null },
    };
    await log.appender.submit(plainLane, draftOf('query.refused', new Date(), refused));
    await catchUp(test.db);
    const { json } = await get('/v1/fees/usage', await tokenOf(FINANCE));
    expect(json).toMatchObject({
      from: quarterDays(QUARTER).from,
      to: addDays(TODAY, 1),
      quarter: QUARTER,
      accounts: [
        {
          ...{ account: 'ticaret', queries: 3, days: [{ queries: 3 }] },
          quarter: { used: { queries: 3 }, budget: { state: 'none' } },
          savings: { precheck: { calls: 1, savedKurus: 0, listValueKurus: 2 } },
        },
      ],
    });
  });

  it('of an account that nobody knows is not found, and its text stands nowhere', async () => {
    const from = await size();
    const token = await tokenOf(FINANCE);
    expect((await get(`/v1/fees/usage?account=${digitsOf(1)}`, token)).status).toBe(404);
    expect((await get('/v1/fees/usage?account=ticaret', token)).status).toBe(200);
    const entries = await told(from);
    expect(entries.map(({ kind }) => kind)).toEqual(['call.refused', 'fees.read']);
    expect(entries[1]?.data).toMatchObject({ account: 'ticaret', detail: 'usage' });
    expect(JSON.stringify([entries, logged])).not.toContain(digitsOf(1));
  });
});

describe('a refusal', () => {
  const refusal = async (path: string, token: string | null) => {
    const from = await size();
    const { json, status } = await get(path, token);
    return {
      status,
      code: json.code,
      entries: (await told(from)).map(({ data, kind }) => [
        kind,
        data.operation,
        data.code,
        data.tokenFault,
        data.actor !== null,
      ]),
    };
  };

  it('comes in the order of the contract, each with its entry', async () => {
    const [usage, quarter] = ['/v1/fees/usage', `/v1/fees/quarters/${QUARTER}`];
    expect(await refusal(usage, null)).toEqual({
      status: 401,
      code: 'TOKEN_INVALID',
      entries: [['call.refused', 'fees-usage', 'TOKEN_INVALID', null, false]],
    });
    // A wrong form says nothing to whoever has no token.
    expect(await refusal(`${usage}?from=x`, 'x'.repeat(43))).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await refusal(`${usage}?from=x`, await tokenOf(CLERK, { acr: ACR_ONE_STEP }))).toMatchObject({
      code: 'TWO_STEP_REQUIRED',
      entries: [['call.refused', 'fees-usage', 'TWO_STEP_REQUIRED', null, true]],
    });
    expect(await refusal(`${usage}?from=x`, await tokenOf(CLERK))).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await refusal(`/v1/fees/quarters/${nextQuarter(QUARTER)}`, await tokenOf(CLERK))).toEqual({
      status: 403,
      code: 'ROLE_REQUIRED',
      entries: [['call.refused', 'fees-quarter', 'ROLE_REQUIRED', null, true]],
    });
    expect(await refusal(quarter, await tokenOf(PAST))).toMatchObject({ code: 'ROLE_REQUIRED' });
  });

  it('meets a token that is bound to another certificate or client, with the reason in the entry alone', async () => {
    const elsewhere = await tokenOf(FINANCE, {
      certificateSha256: createHash('sha256').update('x').digest(),
    });
    const { code, entries } = await refusal('/v1/fees/usage', elsewhere);
    expect([code, entries[0]?.[3]]).toEqual(['TOKEN_INVALID', expect.any(String)]);
    const another = await tokenOf(FINANCE, { client: 'koopbis-core' });
    expect(await refusal('/v1/fees/usage', another)).toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('comes while the log cannot be relied on, before anything is written or read', async () => {
    const from = await size();
    const closed = openFees({
      config,
      db: test.db,
      log,
      gate: createLogGate([() => 'log-inconsistent' as never]),
      told: QUIET,
    });
    const route = closed.routes.find(({ path }) => path === '/v1/fees/usage');
    const caller = {
      client: { ...config.clients[1], permissions: ['fees'] },
      certificateSha256: Buffer.alloc(32),
      requestId: 'r',
    };
    await expect(
      Promise.resolve(route?.handle({ url: '/v1/fees/usage', headers: {} } as never, caller as never)),
    ).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await size()).toBe(from);
  });
});

describe('the chore', () => {
  it('adds lines up by itself', async () => {
    await bookLines();
    const stop = fees.startChores();
    try {
      const folded = async () =>
        (await sql('SELECT 1 FROM bridge.fee_fold f, bridge.log_head h WHERE f.size = h.size')).rows.length >
        0;
      while (!(await folded())) await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await stop();
    }
  });
});

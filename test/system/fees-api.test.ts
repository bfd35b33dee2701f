import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay, istanbulQuarter, quarterDays } from '../../src/calendar/istanbul-day.js';
import { pdfLines } from '../fees/export/support/pdf-text.js';
import { csvTotal, readCsv, readSheets } from '../fees/export/support/read-back.js';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain } from '../support/system-asking.js';
import { dataOf } from '../support/system-authority.js';
import type { Answer, Call } from '../support/system-call.js';
import { FinanceDesk } from '../support/system-finance.js';
import { kimlikNumbers, placesWith, printedByBridge } from '../support/system-traces.js';

type Client = 'koopbis-core' | 'union-portal';

const NOW = new Date();
const QUARTER = istanbulQuarter(NOW);
const PATH = `/v1/fees/quarters/${QUARTER}`;
/** KPS user names of the accounts. */
const USER_NAMES = { ticaret: 'KRM-100001', birlik: 'KRM-100002' } as const;

/** What each client asks: sent to KPS, charged. */
const MINISTRY = { queries: 6, units: 5, amountKurus: 0 };
const UNION = { queries: 8, units: 6, amountKurus: 12 };
const TOTAL = { queries: 14, units: 11, amountKurus: 12 };

let system: System;
let asking: Asking;
let desk: FinanceDesk;
const answers: Answer[] = [];

beforeAll(async () => {
  system = await startSystem({
    people: 300,
    cooperatives: 30,
    settings: (yaml) => {
      Object.assign(yaml.kps, { connectTimeoutMs: 500, timeoutMs: 700, stsTimeoutMs: 700 });
      yaml.limits = { answerDeadlineMs: 4000, queriesPerUserPerMinute: 2000 };
    },
  });
  asking = new Asking(system);
  desk = await FinanceDesk.open(system);
  await ministryAsks();
  await unionAsks();
});
afterAll(() => system?.stop());

async function expectEnd(client: Client, subject: number, end: string, over: Call = {}): Promise<Answer> {
  const about = { subject: plain(asking.people.subject(subject)) };
  const answer = await asking.ask({ client, about, ...over });
  answers.push(answer);
  expect(answer.body.code ?? answer.body.outcome).toBe(end);
  return answer;
}

async function under(kind: string, work: () => Promise<unknown>): Promise<void> {
  await system.control.fault({ system: 'kps', kind });
  await work();
  await system.control.clear();
}

/** Three answered, HataBilgisi counted, unknown counted; not counted: a refused message. */
async function ministryAsks(): Promise<void> {
  const client = 'koopbis-core';
  for (const subject of [0, 1, 2]) await expectEnd(client, subject, 'match');
  await under('hata-10', () => expectEnd(client, 3, 'KPS_REFUSED'));
  await under('hang', () => expectEnd(client, 4, 'KPS_OUTCOME_UNKNOWN'));
  await under('invalid-security', () => expectEnd(client, 5, 'KPS_REFUSED'));
}

/** Four answered, one of them twice; a number that is none is never sent. */
async function unionAsks(): Promise<void> {
  const client = 'union-portal';
  for (const subject of [10, 11, 12]) await expectEnd(client, subject, 'match');
  const key = { headers: { 'Idempotency-Key': 'fees-1' } };
  const first = await expectEnd(client, 13, 'match', key);
  const again = await expectEnd(client, 13, 'match', key);
  expect([again.headers['idempotency-replayed'], again.body.id]).toEqual(['true', first.body.id]);
  await under('hata-10', () => expectEnd(client, 14, 'KPS_REFUSED'));
  await under('hang', () => expectEnd(client, 15, 'KPS_OUTCOME_UNKNOWN'));
  await under('invalid-security', () => expectEnd(client, 16, 'KPS_REFUSED'));
  await under('http-503', () => expectEnd(client, 17, 'KPS_REFUSED'));
  await under('refuse-connection', () => expectEnd(client, 18, 'KPS_UNAVAILABLE'));
  const none = { ...plain(asking.people.subject(19)), kimlikNo: '10000000000' };
  const answer = await asking.ask({ client, about: { subject: none } });
  answers.push(answer);
  expect(answer.body.code).toBe('IDENTITY_NUMBER_INVALID');
}

async function read(path: string, over: Call = {}): Promise<Answer> {
  const answer = await desk.read(path, over);
  answers.push(answer);
  return answer;
}

/** A whole file. */
async function fileOf(extension: string): Promise<Buffer> {
  const { bytes, headers, status } = await read(`${PATH}.${extension}`);
  expect([status, headers['content-disposition']]).toEqual([
    200,
    expect.stringContaining(`kps-${QUARTER}.${extension}`),
  ]);
  return bytes;
}

const pieces = async function* (bytes: Buffer) {
  yield bytes;
};
const sumsOf = ({ amountKurus, queries, units }: typeof TOTAL) => ({ queries, units, amountKurus });

describe('the fee book over the service API, for a finance officer', () => {
  it('has exact counts, units and kuruş of every end, by account', async () => {
    const { body, status } = await read(PATH);
    expect(status).toBe(200);
    expect(body).toMatchObject({ quarter: QUARTER, state: 'open', statementSha256: null, total: TOTAL });
    expect(body.due).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const of = (account: string) => body.accounts.find((one: { account: string }) => one.account === account);
    expect([of('ticaret').feeClass, sumsOf(of('ticaret'))]).toEqual(['outside', MINISTRY]);
    expect([of('birlik').feeClass, sumsOf(of('birlik'))]).toEqual(['paying', UNION]);
    const outcomes = of('birlik').by.outcome.map((one: { key: string; queries: number; units: number }) => [
      one.key,
      one.queries,
      one.units,
    ]);
    expect(outcomes.sort()).toEqual([
      ['match', 4, 4],
      ['not-sent', 0, 0],
      ['refused', 3, 1],
      ['unknown', 1, 1],
    ]);
  });

  it('agrees with what KPS counted for itself', async () => {
    const { from, to } = quarterDays(QUARTER);
    for (const [account, { amountKurus, units }] of [
      ['ticaret', MINISTRY],
      ['birlik', UNION],
    ] as const) {
      const csv = await system.control.figures(USER_NAMES[account], from, to);
      expect(csv.trimEnd().split('\r\n').at(-1)).toBe(
        `TOPLAM;;${units};0,${String(amountKurus).padStart(2, '0')}`,
      );
    }
  });

  it('comes as CSV, XLSX and PDF with the same totals', async () => {
    const records = await readCsv(pieces(await fileOf('csv')));
    const csv = csvTotal(records, 'özet');
    expect([csv.sorgu, csv.birim_adedi, csv.tutar_kurus, csv.tutar]).toEqual(['14', '11', '12', '0,12 TL']);
    const sheets = await readSheets(pieces(await fileOf('xlsx')));
    const sheet = sheets.get('Özet');
    const total = sheet?.findLast((row) => row.includes(11)) ?? [];
    expect([total.includes(14), total.includes(0.12)]).toEqual([true, true]);
    // Nothing was settled: the table of corrections is there, and empty.
    expect(csvTotal(records, 'düzeltmeler').düzeltme_tutarı_kurus).toBe('0');
    expect(sheets.get('Düzeltmeler')).toHaveLength(2);
    const pdf = pdfLines(await fileOf('pdf')).map((line) => line.join(' '));
    expect(pdf.some((line) => line.includes('0,12 TL'))).toBe(true);
  });

  it('has the use of the quarter so far, and what checks before sending have spared', async () => {
    const { body, status } = await read('/v1/fees/usage');
    expect([status, body.quarter, body.total]).toEqual([200, QUARTER, TOTAL]);
    const to = addDays(istanbulDay(new Date()), 1);
    const union = await read(`/v1/fees/usage?from=${quarterDays(QUARTER).from}&to=${to}&account=birlik`);
    expect([union.body.total, union.body.accounts.length]).toEqual([UNION, 1]);
    const saved = { calls: 1, savedKurus: 2 };
    expect(union.body.accounts[0].savings).toMatchObject({ precheck: saved, replayed: saved });
  });
});

describe('the fee book over the service API, for anybody else', () => {
  /** A refusal, and whether the log has it under its code. */
  async function refused(call: Call, status: number, code: string, path = PATH): Promise<unknown> {
    const answer = await read(path, call);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain('amountKurus');
    return answer.body.reason;
  }

  it('is refused without a token, and with one of another client', async () => {
    await refused({ token: undefined }, 401, 'TOKEN_INVALID');
    await refused({ token: await system.token(desk.first.kimlikNo, 'koopbis-core') }, 401, 'TOKEN_INVALID');
  });

  it('is refused to a board member, whatever is asked', async () => {
    const token = await system.token(asking.board.kimlikNo, 'koopbis-reports');
    for (const path of [PATH, `${PATH}.pdf`, '/v1/fees/usage'])
      await refused({ token }, 403, 'ROLE_REQUIRED', path);
  });

  it('is refused to clients without the permission, and to those whom nobody registered', async () => {
    const token = await system.token(desk.first.kimlikNo, 'koopbis-core');
    await refused({ client: 'koopbis-core', token }, 403, 'CLIENT_NOT_PERMITTED');
    await refused({ client: 'stranger' }, 403, 'CLIENT_CERTIFICATE_UNKNOWN');
  });

  it('has no quarter of another name, and none that has not begun', async () => {
    for (const [name, reason] of [
      ['2026-Q9', 'quarter: 2000-Q1 to 2099-Q4'],
      ['2099-Q1', 'quarter: has not begun'],
      ['2026-Q9.csv', 'quarter: 2000-Q1 to 2099-Q4'],
    ])
      expect(await refused({}, 404, 'NOT_FOUND', `/v1/fees/quarters/${name}`)).toBe(reason);
    await refused({}, 400, 'REQUEST_INVALID', '/v1/fees/usage?from=2026-07-02T12:00:00Z');
  });
});

describe('afterwards', () => {
  it('every reading is an entry under a name, and every refusal too', async () => {
    const reads = await dataOf(system, 'fees.read');
    expect(reads.map(({ detail, format }) => `${detail} ${format}`).sort()).toEqual(
      ['totals csv', 'totals json', 'totals pdf', 'totals xlsx', 'usage json', 'usage json'].sort(),
    );
    expect(reads.every(({ actor, client }) => actor !== null && client === 'koopbis-reports')).toBe(true);
    const fees = (await dataOf(system, 'call.refused')).filter(({ operation }) =>
      operation?.startsWith('fees-'),
    );
    const codes = fees.map(({ code }) => code);
    expect(codes.filter((code) => code === 'ROLE_REQUIRED')).toHaveLength(3);
    expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(3);
    expect(codes).toEqual(expect.arrayContaining(['TOKEN_INVALID', 'REQUEST_INVALID']));
  });

  it('no identity number stands in what was answered, logged or measured', async () => {
    const said = answers.map(
      ({ headers, text }, i) => [`answer ${i}`, `${JSON.stringify(headers)}${text}`] as const,
    );
    const numbers = kimlikNumbers(system);
    expect(placesWith(numbers, [['planted', `at ${numbers.at(-1)}00011`]])).toEqual(['planted']);
    expect(placesWith(numbers, [...said, ...(await printedByBridge(system))])).toEqual([]);
  });
});

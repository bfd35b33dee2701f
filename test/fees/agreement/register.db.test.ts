import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AgreementSetting } from '../../../src/fees/agreement/agreement.js';
import { readAgreements } from '../../../src/fees/agreement/read-agreements.js';
import { type AnswerWish, recordAnswer } from '../../../src/fees/agreement/record-answer.js';
import {
  type RecordedRequest,
  type RequestWish,
  recordRequest,
} from '../../../src/fees/agreement/record-request.js';
import type { ActingOfficer } from '../../../src/proposals/officer.js';
import type { Verdict } from '../../../src/proposals/verdict.js';
import { digitsOf } from '../../audit/support/parts.js';
import { type Desk, openDesk } from '../../proposals/support/desk.js';

const [REGISTER, VERIFICATION] = ['BilesikKutukSorgulaKimlikNoServis', 'TumKutukDogrulaServis'] as const;
const ACCOUNTS: readonly AgreementSetting[] = [
  {
    id: 'birlik',
    institution: 'Örnek Birlik',
    feeClass: 'paying',
    feeClassChanges: [],
    staticIp: '192.0.2.1',
    administrativeUser: { name: 'Birinci Kişi', email: 'birinci@example.org' },
    technicalUser: { name: 'İkinci Kişi', email: 'ikinci@example.org' },
    agreement: { services: [REGISTER], validFrom: '2026-01-01', validUntil: '2026-12-31' },
  },
];

let desk: Desk;
let officer: ActingOfficer;
beforeEach(async () => {
  desk = await openDesk('2026-11-22T09:00:00.000Z');
  officer = await desk.officer(90);
});
afterEach(() => desk.close());

const answerOf = <T>(verdict: Verdict<T>): T | string =>
  verdict.kind === 'done' ? verdict.value : `${verdict.code} ${verdict.message}`;
const request = async (change: Partial<RequestWish> = {}, log = desk.log) =>
  answerOf(
    await recordRequest(
      log,
      { ...desk.ports, accounts: ACCOUNTS, services: [REGISTER, VERIFICATION] },
      {
        ...{ account: 'birlik', kind: 'service', wanted: VERIFICATION, documentNo: 'E-2026/77' },
        ...{ requestedOn: '2026-11-20', officer, ...change },
      },
    ),
  );
const requested = async (change: Partial<RequestWish> = {}) =>
  ((await request(change)) as RecordedRequest).request;
const answer = async (id: string, change: Partial<AnswerWish> = {}) =>
  answerOf(
    await recordAnswer(desk.log, desk.ports, {
      ...{ request: id, decision: 'granted', decidedOn: '2026-11-22', officer, ...change },
    }),
  );
const register = async (today = '2026-11-22') =>
  (await readAgreements({ accounts: ACCOUNTS, renewalNoticeDays: 60 }, desk.test.db, today))[0];

describe('the register', () => {
  it('shows the agreement of an account with its days, persons, address and requests', async () => {
    const id = await requested();
    expect(await register()).toEqual({
      account: 'birlik',
      institution: 'Örnek Birlik',
      feeClass: 'paying',
      feeClassChanges: [],
      services: [REGISTER],
      grantedServices: [],
      validFrom: '2026-01-01',
      validUntil: '2026-12-31',
      state: 'renew-soon',
      daysLeft: 39,
      staticIp: '192.0.2.1',
      administrativeUser: { name: 'Birinci Kişi', email: 'birinci@example.org' },
      technicalUser: { name: 'İkinci Kişi', email: 'ikinci@example.org' },
      requests: [
        {
          ...{
            request: id,
            account: 'birlik',
            kind: 'service',
            wanted: VERIFICATION,
            documentNo: 'E-2026/77',
          },
          ...{ requestedOn: '2026-11-20', decision: null, decidedOn: null },
        },
      ],
    });
  });

  it('names a granted service that the settings do not have yet, newest request first', async () => {
    const id = await requested();
    const ip = await requested({ kind: 'static-ip', wanted: 'ikinci adres', documentNo: 'E-2026/78' });
    await answer(id);
    expect(await register()).toMatchObject({
      grantedServices: [VERIFICATION],
      requests: [{ request: ip }, { request: id, decision: 'granted', decidedOn: '2026-11-22' }],
    });
  });

  it('does not take a refused service for a granted one', async () => {
    await answer(await requested(), { decision: 'refused' });
    expect(await register()).toMatchObject({ grantedServices: [], requests: [{ decision: 'refused' }] });
  });
});

describe('a request', () => {
  it('is recorded with its entry, in one transaction', async () => {
    const id = await requested();
    const [told] = await desk.told('fees.agreement-requested');
    expect(told?.data).toMatchObject({
      ...{ account: 'birlik', documentNo: 'E-2026/77', instance: 'bridge-1', kind: 'service' },
      ...{ request: id, requestedOn: '2026-11-20', wanted: VERIFICATION },
    });
    expect(await desk.sql('SELECT request_id, leaf FROM bridge.fee_agreement_request')).toEqual([
      { request_id: id, leaf: told?.leaf },
    ]);
  });

  it.each<[string, Partial<RequestWish>, RegExp]>([
    ['about an account that the settings do not have', { account: 'yok' }, /^NOT_FOUND /],
    ['for a service that is in the agreement', { wanted: REGISTER }, /^STATE_CONFLICT .*already/],
    ['for what is no service', { wanted: 'AdresSorgula' }, /^REQUEST_INVALID wanted/],
    ['dated in the future', { requestedOn: '2026-11-23' }, /^REQUEST_INVALID .*future/],
    ['with an identity number as document number', { documentNo: digitsOf(1) }, /^REQUEST_INVALID document/],
    [
      'with an identity number in its words',
      { kind: 'technical-user', wanted: `${digitsOf(1)} yeni` },
      /^REQUEST_INVALID wanted/,
    ],
    [
      'with somebody’s address',
      { kind: 'technical-user', wanted: 'ayse@example.org' },
      /^REQUEST_INVALID wanted/,
    ],
    ['with more than one line', { kind: 'renewal', wanted: 'bir\niki' }, /^REQUEST_INVALID wanted/],
    ['with nothing wanted', { kind: 'renewal', wanted: '' }, /^REQUEST_INVALID wanted/],
    ['with too long a text', { kind: 'renewal', wanted: 'x'.repeat(201) }, /^REQUEST_INVALID wanted/],
  ])('%s is refused, with nothing written', async (_name, change, message) => {
    expect(await request(change)).toMatch(message);
    expect(JSON.stringify(await request(change))).not.toContain(digitsOf(1));
    expect(await desk.told('fees.agreement-requested')).toEqual([]);
    expect(await desk.sql('SELECT 1 FROM bridge.fee_agreement_request')).toEqual([]);
  });

  it('is there once: not again by the same letter, nor while the same waits for its answer', async () => {
    const id = await requested();
    expect(await request()).toMatch(/^STATE_CONFLICT /);
    expect(await request({ documentNo: 'E-2026/99' })).toMatch(/^STATE_CONFLICT /);
    await answer(id, { decision: 'refused' });
    expect(await request()).toMatch(/^STATE_CONFLICT /);
    expect(await request({ documentNo: 'E-2026/99' })).toMatchObject({ request: expect.any(String) });
  });

  it('made on two instances at once is there once', async () => {
    const answers = await Promise.all([request(), request({}, desk.other)]);
    expect(answers.filter((one) => typeof one === 'string')).toEqual([
      expect.stringMatching(/^STATE_CONFLICT /),
    ]);
    expect(await desk.sql('SELECT 1 FROM bridge.fee_agreement_request')).toHaveLength(1);
  });

  it('needs a session and a role that still stand', async () => {
    await desk.endSession(officer);
    expect(await request()).toMatch(/^TOKEN_INVALID /);
    officer = await desk.officer(91);
    await desk.takeRole(officer);
    expect(await request()).toMatch(/^TOKEN_INVALID /);
  });
});

describe('an answer', () => {
  it('is recorded with its entry, and says which service may be set now', async () => {
    const id = await requested();
    expect(await answer(id)).toMatchObject({ account: 'birlik', service: VERIFICATION });
    const [told] = await desk.told('fees.agreement-answered');
    expect(told?.data).toMatchObject({ request: id, decision: 'granted', decidedOn: '2026-11-22' });
    expect(await desk.sql('SELECT decision, decided_leaf FROM bridge.fee_agreement_request')).toEqual([
      { decision: 'granted', decided_leaf: told?.leaf },
    ]);
  });

  it('comes once', async () => {
    const id = await requested();
    await answer(id);
    expect(await answer(id, { decision: 'refused' })).toMatch(/^STATE_CONFLICT /);
    expect((await register())?.requests[0]?.decision).toBe('granted');
  });

  it('comes neither before the request nor from the future, and only to a request that is there', async () => {
    const id = await requested();
    expect(await answer(id, { decidedOn: '2026-11-19' })).toMatch(/^REQUEST_INVALID /);
    expect(await answer(id, { decidedOn: '2026-11-23' })).toMatch(/^REQUEST_INVALID /);
    expect(await answer(randomUUID())).toMatch(/^NOT_FOUND /);
    expect(await answer(id, { decidedOn: '2026-11-20' })).toMatchObject({ account: 'birlik' });
  });

  it('needs a session that still stands', async () => {
    const id = await requested();
    await desk.endSession(officer);
    expect(await answer(id)).toMatch(/^TOKEN_INVALID /);
    expect(await desk.told('fees.agreement-answered')).toEqual([]);
  });
});

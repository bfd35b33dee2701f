import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type AppointmentRouteTools,
  appointmentRoutes,
} from '../../../src/api/appointments/appointment-routes.js';
import { sentApplication, sentVerdict } from '../../../src/api/appointments/appointment-schema.js';
import { openApiDocument } from '../../../src/api/openapi.js';
import { createServiceApi } from '../../../src/api/service-api.js';
import type { AppliedFor } from '../../../src/appointments/apply/apply-for-appointee.js';
import type { ApplicationCall, VerdictCall } from '../../../src/appointments/call.js';
import type { Decided } from '../../../src/appointments/decide/settle-verdict.js';
import type { ProblemCode } from '../../../src/errors/problem-code.js';
import { Refusal } from '../../../src/errors/refusal.js';
import { createClientRegistry } from '../../../src/network/client-registry.js';
import { createRefusalCounter } from '../../../src/network/refusal-counter.js';
import { hashToken } from '../../../src/sign-in/access-tokens.js';
import { CLIENT, digitsOf, MERSIS, NOW, SUBJECT } from '../../verification/support/parts.js';

const TOKEN = 'T'.repeat(43);
const NUMBER = digitsOf(SUBJECT);
const [CORE, REPORTS] = ['aa'.repeat(32), 'bb'.repeat(32)];
const ID = '44444444-4444-4444-8444-444444444444';
const BODY = {
  cooperative: MERSIS,
  vkn: '1234567890',
  decision: { no: '2026/7', date: '2026-05-01', documentSha256: 'ab'.repeat(32) },
  from: '2026-05-02',
  subject: { kimlikNo: NUMBER, ad: 'Ayşe', soyad: 'Yılmaz', dogumTarihi: '1980-02-29' },
};
const RECEIPT = { leafIndex: 12n, leafHash: Buffer.alloc(32, 0xab), at: NOW };
const APPLIED: AppliedFor = {
  appointment: ID,
  application: { ...BODY, to: null },
  registry: 'vkn-differs',
  queryId: '55555555-5555-4555-8555-555555555555',
  receipt: RECEIPT,
};
const DECIDED: Decided = {
  kind: 'decided',
  appointment: ID,
  state: 'accepted',
  seat: { seatId: ID, startsOn: '2026-05-05', endsOn: null },
  disagreements: ['appointee-on-board'],
  receipt: RECEIPT,
};

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The API behind a plain listener: the certificate is the test's word. */
async function startApi(over: Partial<AppointmentRouteTools> = {}) {
  const calls: (ApplicationCall | VerdictCall)[] = [];
  const refusals = createRefusalCounter();
  const logged: unknown[] = [];
  const client = { ...CLIENT, certificates: [CORE], sourceAddresses: ['127.0.0.1/32'] };
  const other = { ...client, id: 'reports', certificates: [REPORTS], permissions: ['evaluation', 'audit'] };
  const unused = async () => {
    throw new Error('not for this call');
  };
  const brought = appointmentRoutes({
    maxBodyBytes: 4096,
    now: () => NOW,
    apply: async (call) => {
      calls.push(call);
      return APPLIED;
    },
    decide: async (call) => {
      calls.push(call);
      return DECIDED;
    },
    ...over,
  });
  const handler = createServiceApi({
    ...brought,
    registry: createClientRegistry([client, other]),
    refusals,
    maxInFlight: 8,
    maxBodyBytes: 4096,
    hot: [],
    now: () => NOW,
    verify: unused,
    read: unused,
    search: unused,
    openId: async () => false,
    observe: (call) => logged.push(call),
  });
  let certificateSha256 = CORE;
  const listening = createServer((request, response) => {
    void handler(request, response, { certificateSha256, address: '127.0.0.1' });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const call = async (
    path: string,
    body: unknown,
    { headers = {}, certificate = CORE }: { headers?: Record<string, string>; certificate?: string } = {},
  ) => {
    certificateSha256 = certificate;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  };
  return {
    calls,
    refusals,
    logged,
    apply: (body: unknown = BODY, more = {}) => call('/v1/appointments', body, more),
    decide: (body: unknown = { decision: 'accept' }, id = ID, more = {}) =>
      call(`/v1/appointments/${id}/decision`, body, more),
  };
}

describe('an application over HTTP', () => {
  it('reaches the use case as it was made, with the token and what it is bound to', async () => {
    const api = await startApi();
    const headers = { 'idempotency-key': 'k-1', 'x-koopbis-screen': 'YET-01', 'x-request-id': 'r-9' };
    const { status, json, text } = await api.apply(BODY, { headers });
    expect(api.calls).toMatchObject([
      {
        call: {
          client: { id: CLIENT.id },
          certificateSha256: Buffer.from(CORE, 'hex'),
          tokenHash: hashToken(TOKEN),
          receivedAt: NOW,
          headers: { idempotencyKey: 'k-1', screen: 'YET-01', requestId: 'r-9' },
        },
        sent: { ok: true, value: { ...BODY, to: null } },
      },
    ]);
    expect(status).toBe(201);
    expect(json).toEqual({
      id: ID,
      state: 'applied',
      cooperative: MERSIS,
      decision: { no: '2026/7', date: '2026-05-01' },
      from: '2026-05-02',
      to: null,
      registry: 'vkn-differs',
      verification: APPLIED.queryId,
      receipt: { leafIndex: 12, leafHash: 'ab'.repeat(32) },
    });
    for (const secret of [NUMBER, 'Ayşe', 'Yılmaz', '1980-02-29']) expect(text).not.toContain(secret);
  });

  it('needs the permission in the client’s registration, before any token is looked at', async () => {
    const api = await startApi();
    const more = { certificate: REPORTS };
    expect(await api.apply(BODY, more)).toMatchObject({
      status: 403,
      json: { code: 'CLIENT_NOT_PERMITTED' },
    });
    expect(await api.decide({ decision: 'accept' }, ID, more)).toMatchObject({ status: 403 });
    expect(api.calls).toEqual([]);
    expect(api.refusals.take()).toMatchObject([{ code: 'CLIENT_NOT_PERMITTED', count: 2 }]);
  });

  it('that is wrong in body or headers is handed on, for the token is looked at first', async () => {
    const api = await startApi();
    await api.apply('{');
    await api.apply('x'.repeat(5000));
    await api.apply(BODY, { headers: { 'content-type': 'text/plain' } });
    await api.apply({ ...BODY, [NUMBER]: 1 });
    await api.apply(BODY, { headers: { 'x-koopbis-screen': NUMBER } });
    expect(api.calls.map(({ sent }) => sent)).toMatchObject([
      { ok: false, code: 'REQUEST_INVALID', reason: 'body: not JSON' },
      { ok: false, code: 'BODY_TOO_LARGE' },
      { ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' },
      { ok: false, code: 'REQUEST_INVALID', reason: 'body: unknown member' },
      { ok: false, code: 'REQUEST_INVALID', reason: 'x-koopbis-screen' },
    ]);
  });

  it.each<[ProblemCode, number]>([
    ['TOKEN_INVALID', 401],
    ['NOT_AUTHORISED_FOR_COOPERATIVE', 403],
    ['STATE_CONFLICT', 409],
    ['IDENTITY_NUMBER_INVALID', 422],
    ['MERSIS_UNAVAILABLE', 503],
    ['KPS_OUTCOME_UNKNOWN', 504],
  ])(
    'that is refused with %s gives its problem document, and is not counted a second time',
    async (code, status) => {
      const api = await startApi({
        apply: async () => {
          throw new Refusal(code, { reason: 'already-applied' });
        },
      });
      expect(await api.apply()).toMatchObject({ status, json: { code, reason: 'already-applied' } });
      expect(api.refusals.take()).toEqual([]);
      expect(JSON.stringify(api.logged)).not.toContain(NUMBER);
    },
  );
});

describe('a directorate’s decision over HTTP', () => {
  it('reaches the use case with the id of the path, and tells the seat and what contradicts it', async () => {
    const api = await startApi();
    const { status, json } = await api.decide({ decision: 'accept', correctedVkn: '1234567890' });
    expect(api.calls).toMatchObject([
      {
        appointment: ID,
        sent: { ok: true, value: { decision: 'accept', reason: null, correctedVkn: '1234567890' } },
      },
    ]);
    expect(status).toBe(200);
    expect(json).toEqual({
      id: ID,
      state: 'accepted',
      seat: { id: ID, from: '2026-05-05', to: null },
      disagreements: ['appointee-on-board'],
      receipt: { leafIndex: 12, leafHash: 'ab'.repeat(32) },
    });
  });

  it('about what cannot be an id asks for none, and the path is not logged', async () => {
    const api = await startApi();
    await api.decide({ decision: 'accept' }, NUMBER);
    await api.decide({ decision: 'accept' }, ID.toUpperCase().replaceAll('4', 'A'));
    expect(api.calls.map((call) => 'appointment' in call && call.appointment)).toEqual([null, null]);
    expect(api.logged).toMatchObject([{ route: '/v1/appointments/:id/decision' }, {}]);
    expect(JSON.stringify(api.logged)).not.toContain(NUMBER);
  });
});

describe('the bodies', () => {
  const reasonOf = (json: unknown) => {
    const sent = sentApplication({ ok: true, json });
    return sent.ok ? null : sent.reason;
  };
  const decision = (over: object) => ({ ...BODY, decision: { ...BODY.decision, ...over } });
  const subject = (over: object) => ({ ...BODY, subject: { ...BODY.subject, ...over } });

  it.each<[string, unknown]>([
    ['body', null],
    ['body.cooperative', { ...BODY, cooperative: `${NUMBER}00001` }],
    ['body.cooperative', { ...BODY, cooperative: '123' }],
    ['body.vkn', { ...BODY, vkn: NUMBER }],
    ['body.vkn', { ...BODY, vkn: 1234567890 }],
    ['body.decision.no', decision({ no: NUMBER })],
    ['body.decision.no', decision({ no: `Karar ${NUMBER}` })],
    ['body.decision.no', decision({ no: '' })],
    ['body.decision.no', decision({ no: 'x'.repeat(65) })],
    ['body.decision.no', decision({ no: 'a\nb' })],
    ['body.decision.date', decision({ date: '2026-02-30' })],
    ['body.decision.documentSha256', decision({ documentSha256: 'AB'.repeat(32) })],
    ['body.decision.documentSha256', decision({ documentSha256: 'ab'.repeat(31) })],
    ['body: unknown member', decision({ extra: 1 })],
    ['body.from', { ...BODY, from: '2026-05-02T00:00:00Z' }],
    ['body.to', { ...BODY, to: null }],
    ['body.subject.kimlikNo', subject({ kimlikNo: 12345678901 })],
    ['body.subject.ad', subject({ ad: 'x'.repeat(401) })],
    ['body.subject', { ...BODY, subject: undefined }],
  ])('are refused by the path %s, never by what was sent', (reason, json) => {
    expect(reasonOf(json)).toBe(reason);
  });

  it('of a decision are strict, and hold no number', () => {
    const reason = (json: unknown) => {
      const sent = sentVerdict({ ok: true, json });
      return sent.ok ? null : sent.reason;
    };
    expect(reason({ decision: 'refuse', reason: 'karar eksik' })).toBeNull();
    expect(reason({ decision: 'maybe' })).toBe('body.decision');
    expect(reason({ decision: 'refuse', reason: `${NUMBER} eksik` })).toBe('body.reason');
    expect(reason({ decision: 'refuse', reason: 'x'.repeat(501) })).toBe('body.reason');
    expect(reason({ decision: 'accept', correctedVkn: '123' })).toBe('body.correctedVkn');
    expect(reason({ decision: 'accept', role: 'x' })).toBe('body: unknown member');
  });

  it('stand in the OpenAPI document with both calls, every schema that is named at hand', () => {
    const document = openApiDocument(appointmentRoutes({} as AppointmentRouteTools));
    const { paths, components } = document as {
      paths: Record<string, object>;
      components: { schemas: Record<string, unknown> };
    };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/appointments', '/v1/appointments/{id}/decision']),
    );
    for (const [, name] of JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(components.schemas).toHaveProperty(String(name));
  });
});

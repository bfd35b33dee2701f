import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServiceApi, type FinishedCall, type ServiceApiTools } from '../../src/api/service-api.js';
import { BridgeError } from '../../src/errors/bridge-error.js';
import { Refusal } from '../../src/errors/refusal.js';
import { createClientRegistry, type Peer } from '../../src/network/client-registry.js';
import { createRefusalCounter } from '../../src/network/refusal-counter.js';
import { hashToken } from '../../src/sign-in/access-tokens.js';
import type { Attempt } from '../../src/verification/question.js';
import type { ReadAttempt } from '../../src/verification/read-verification.js';
import type { RecordedQuery } from '../../src/verification/recorded-query.js';
import { CLIENT, digitsOf, NOW, QUESTION, SUBJECT } from '../verification/support/parts.js';

const CERTIFICATE = 'aa'.repeat(32);
const REPORTS = 'bb'.repeat(32);
const PEER: Peer = { certificateSha256: CERTIFICATE, address: '127.0.0.1' };
const PATH = '/v1/identity/verifications';
const TOKEN = 'T'.repeat(43);
const NUMBER = digitsOf(SUBJECT);
const { reference: _reference, retryOf: _retryOf, ...BODY } = QUESTION;

const RECORDED: RecordedQuery = {
  queryId: '44444444-4444-4444-8444-444444444444',
  state: 'answered',
  outcome: 'match',
  problem: null,
  units: 1,
  checkedAt: NOW,
  leafIndex: 41n,
  leafHash: Buffer.alloc(32, 0xab),
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly code: string | null;
}

interface Api {
  readonly attempts: Attempt[];
  readonly readings: ReadAttempt[];
  readonly finished: FinishedCall[];
  readonly refusals: ReturnType<typeof createRefusalCounter>;
  peer: Peer;
  call(options?: CallOptions): Promise<Answer>;
}

interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The API behind a plain listener: what TLS showed is given by the test. */
async function startApi(tools: Partial<ServiceApiTools> = {}): Promise<Api> {
  const attempts: Attempt[] = [];
  const readings: ReadAttempt[] = [];
  const finished: FinishedCall[] = [];
  const refusals = createRefusalCounter();
  const client = { ...CLIENT, certificates: [CERTIFICATE], sourceAddresses: ['127.0.0.1/32'] };
  const reports = { ...client, id: 'koopbis-reports', certificates: [REPORTS], permissions: ['fees'] };
  const handler = createServiceApi({
    registry: createClientRegistry([client, reports]),
    refusals,
    maxInFlight: 8,
    hot: [],
    routes: [],
    schemas: {},
    maxBodyBytes: 2048,
    now: () => NOW,
    verify: async (attempt) => {
      attempts.push(attempt);
      return { recorded: RECORDED, replayed: false };
    },
    read: async (attempt) => {
      readings.push(attempt);
      return RECORDED;
    },
    search: async () => {
      throw new Error('nobody searches here');
    },
    openId: async () => false,
    observe: (call) => finished.push(call),
    ...tools,
  });
  const api: Api = {
    attempts,
    readings,
    finished,
    refusals,
    peer: PEER,
    call: (options = {}) => send((listening.address() as AddressInfo).port, options),
  };
  const listening = createServer((request, response) => void handler(request, response, api.peer));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return api;
}

function send(
  port: number,
  { method = 'POST', path = PATH, headers, body, agent }: CallOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: agent ?? false,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isProblem = response.headers['content-type'] === 'application/problem+json';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            code: isProblem ? JSON.parse(text).code : null,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? (body ?? JSON.stringify(BODY)) : undefined);
  });
}

describe('an identity check over HTTP', () => {
  it('reaches the use case as it was asked', async () => {
    const api = await startApi();
    const headers = { 'idempotency-key': 'k-1', 'x-koopbis-screen': 'ORT-01', 'x-request-id': 'r-9' };
    const answer = await api.call({ headers });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      id: RECORDED.queryId,
      outcome: 'match',
      receipt: { leafIndex: 41 },
    });
    expect(api.attempts[0]).toMatchObject({
      client: { id: CLIENT.id },
      certificateSha256: Buffer.from(CERTIFICATE, 'hex'),
      tokenHash: hashToken(TOKEN),
      receivedAt: NOW,
      headers: { idempotencyKey: 'k-1', screen: 'ORT-01', requestId: 'r-9', userAddress: null },
      question: { ok: true, value: { ...QUESTION, reference: null } },
    });
  });

  it('is answered in a way that nothing on the road keeps', async () => {
    const { headers } = await (await startApi()).call();
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['idempotency-replayed']).toBeUndefined();
  });

  it('that repeats an earlier one says so', async () => {
    const api = await startApi({ verify: async () => ({ recorded: RECORDED, replayed: true }) });
    expect((await api.call()).headers['idempotency-replayed']).toBe('true');
  });

  it('that is wrong in its body or headers is handed on all the same, for the token is looked at first', async () => {
    const api = await startApi();
    await api.call({ body: '{' });
    await api.call({ body: 'x'.repeat(3000) });
    await api.call({ headers: { 'content-type': 'text/plain' } });
    await api.call({ headers: { 'x-koopbis-screen': NUMBER } });
    await api.call({ headers: { authorization: 'Basic x' }, body: JSON.stringify({ ...BODY, extra: 1 }) });
    expect(api.attempts.map(({ question }) => question)).toEqual([
      { ok: false, code: 'REQUEST_INVALID', reason: 'body: not JSON' },
      { ok: false, code: 'BODY_TOO_LARGE' },
      { ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' },
      { ok: false, code: 'REQUEST_INVALID', reason: 'x-koopbis-screen' },
      { ok: false, code: 'REQUEST_INVALID', reason: 'body: unknown member' },
    ]);
    expect(api.attempts[3]?.headers.screen).toBeNull();
    expect(api.attempts[4]?.tokenHash).toBeNull();
  });

  it('with a body that is far too large still gets its answer', async () => {
    const api = await startApi({
      verify: async ({ question }) => {
        throw new Refusal(question.ok ? 'INTERNAL' : question.code);
      },
    });
    for (const size of [3000, 100_000, 900_000]) {
      const answer = await api.call({ body: 'x'.repeat(size) });
      expect([answer.status, answer.code]).toEqual([413, 'BODY_TOO_LARGE']);
    }
  });
});

describe('who may call', () => {
  it('a certificate that nobody registered is refused first, whatever is asked, and counted by its source', async () => {
    const api = await startApi();
    api.peer = { certificateSha256: 'cc'.repeat(32), address: '203.0.113.9' };
    for (const path of [PATH, '/docs', '/nothing']) {
      expect((await api.call({ path, method: 'GET' })).code).toBe('CLIENT_CERTIFICATE_UNKNOWN');
    }
    expect((await api.call({ body: '{' })).code).toBe('CLIENT_CERTIFICATE_UNKNOWN');
    expect(api.refusals.take()).toMatchObject([
      { source: '203.0.113.9', code: 'CLIENT_CERTIFICATE_UNKNOWN', count: 4 },
    ]);
    expect([api.attempts, api.readings]).toEqual([[], []]);
  });

  it('a registered certificate from another address is refused and counted', async () => {
    const api = await startApi();
    api.peer = { ...PEER, address: '127.0.0.2' };
    expect((await api.call()).code).toBe('SOURCE_ADDRESS_NOT_ALLOWED');
    expect(api.refusals.take()).toMatchObject([{ source: '127.0.0.2', count: 1 }]);
  });

  it('a client without the permission is refused before its token is looked at, and counted', async () => {
    const api = await startApi();
    api.peer = { ...PEER, certificateSha256: REPORTS };
    expect((await api.call({ headers: { authorization: '' } })).code).toBe('CLIENT_NOT_PERMITTED');
    expect((await api.call({ method: 'GET', path: `${PATH}/${RECORDED.queryId}` })).code).toBe(
      'CLIENT_NOT_PERMITTED',
    );
    expect([api.attempts, api.readings]).toEqual([[], []]);
    expect(api.refusals.take()).toMatchObject([
      { source: '127.0.0.1', code: 'CLIENT_NOT_PERMITTED', count: 2 },
    ]);
  });

  it('more than may be worked on at once is told OVERLOADED, and room is made when a call ends, however it ends', async () => {
    const waiting: ((error: unknown) => void)[] = [];
    const api = await startApi({
      maxInFlight: 2,
      hot: [],
      routes: [],
      schemas: {},
      verify: () => new Promise((_resolve, reject) => waiting.push(reject)),
    });
    const calls = [api.call(), api.call()];
    while (waiting.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    const refused = await api.call();
    expect([refused.status, refused.code, refused.headers['retry-after']]).toEqual([503, 'OVERLOADED', '1']);
    for (const reject of waiting) reject(new Error('x'));
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['INTERNAL', 'INTERNAL']);
    expect((await api.call({ method: 'GET', path: '/docs' })).status).toBe(200);
    expect(api.refusals.take()).toMatchObject([
      { code: 'OVERLOADED', count: 1 },
      { code: 'INTERNAL', count: 2 },
    ]);
  });

  it('a call for something that is not there is counted', async () => {
    const api = await startApi();
    for (const path of ['/nothing', '/%ff']) {
      expect((await api.call({ method: 'GET', path })).code).toBe('NOT_FOUND');
    }
    expect(api.refusals.take()).toMatchObject([{ source: '127.0.0.1', code: 'NOT_FOUND', count: 2 }]);
  });

  it('what a use case refuses has its own entry and is not counted beside it; what the log could not take is', async () => {
    const refuse = (error: Error) => async () => Promise.reject(error);
    const refused = await startApi({
      verify: refuse(new Refusal('RATE_LIMITED', { reason: 'client-minute' })),
      read: refuse(new Refusal('NOT_FOUND')),
    });
    const reading = { method: 'GET', path: `${PATH}/${RECORDED.queryId}` };
    expect([(await refused.call()).code, (await refused.call(reading)).code]).toEqual([
      'RATE_LIMITED',
      'NOT_FOUND',
    ]);
    expect(refused.refusals.take()).toEqual([]);
    server?.close();
    const full = await startApi({
      verify: refuse(new BridgeError('AUDIT_OVERLOADED', 'x')),
      read: refuse(new BridgeError('AUDIT_UNAVAILABLE', 'x')),
    });
    expect([(await full.call()).code, (await full.call(reading)).code]).toEqual([
      'OVERLOADED',
      'AUDIT_UNAVAILABLE',
    ]);
    expect(full.refusals.take()).toMatchObject([
      { code: 'OVERLOADED', count: 1 },
      { code: 'AUDIT_UNAVAILABLE', count: 1 },
    ]);
  });
});

describe('a fault', () => {
  it('of ours is INTERNAL outside, without a word of it, and whole in what operators see', async () => {
    const error = new Error(`row of ${NUMBER}`);
    const fail = async () => {
      throw error;
    };
    const api = await startApi({ verify: fail, read: fail });
    const answers = [
      await api.call(),
      await api.call({ method: 'GET', path: `${PATH}/${RECORDED.queryId}` }),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.code]).toEqual([500, 'INTERNAL']);
      expect(answer.text).not.toContain(NUMBER);
    }
    expect(api.finished.map((call) => call.error)).toEqual([error, error]);
  });

  it('of the log is AUDIT_UNAVAILABLE with a time to come again', async () => {
    const api = await startApi({
      verify: async () => {
        throw new BridgeError('AUDIT_UNAVAILABLE', 'x');
      },
    });
    const answer = await api.call();
    expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([
      503,
      'AUDIT_UNAVAILABLE',
      '5',
    ]);
    expect(api.finished[0]?.error).toBeNull();
  });

  it('behind a refusal is shown to operators only', async () => {
    const cause = new Error('pg');
    const api = await startApi({
      verify: async () => {
        throw new Refusal('KPS_OUTCOME_UNKNOWN', { queryId: RECORDED.queryId, cause });
      },
    });
    const answer = await api.call();
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'KPS_OUTCOME_UNKNOWN', id: RECORDED.queryId });
    expect(api.finished[0]?.error).toMatchObject({ cause });
  });
});

describe('a reading', () => {
  it('hands on the id that was asked for', async () => {
    const api = await startApi();
    const answer = await api.call({ method: 'GET', path: `${PATH}/${RECORDED.queryId}` });
    expect(JSON.parse(answer.text)).toMatchObject({ state: 'answered', id: RECORDED.queryId });
    expect(api.readings[0]).toMatchObject({ wanted: RECORDED.queryId, tokenHash: hashToken(TOKEN) });
  });

  it.each(['1', NUMBER, 'AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA', `${RECORDED.queryId}0`, "'%20OR%20'1'='1"])(
    'of "%s" asks for nothing: it cannot be an id',
    async (id) => {
      const api = await startApi();
      await api.call({ method: 'GET', path: `${PATH}/${id}` });
      expect(api.readings[0]?.wanted).toBeNull();
    },
  );
});

describe('every other path', () => {
  it.each([
    ['GET', `/${NUMBER}`],
    ['GET', `${PATH}?kimlikNo=${NUMBER}`],
    ['POST', `${PATH}?x=1`],
    ['POST', `${PATH}/`],
    ['DELETE', PATH],
    ['GET', '/%E0%A4%A'],
    ['GET', `${PATH}/%E0%A4%A`],
    ['OPTIONS', '/docs'],
    ['GET', '/__proto__'],
  ])('is not found: %s %s; and only the template of a route is ever told on', async (method, path) => {
    const api = await startApi();
    const answer = await api.call({ method, path });
    expect([answer.status, answer.code]).toEqual([404, 'NOT_FOUND']);
    expect(api.finished.map((call) => call.route)).toEqual(['other']);
    expect(JSON.stringify([answer.text, answer.headers, api.finished])).not.toContain(NUMBER);
  });

  it('the description of the API is there, as JSON and as a page', async () => {
    const api = await startApi();
    expect(JSON.parse((await api.call({ method: 'GET', path: '/openapi.json' })).text).openapi).toMatch(
      /^3\.1/,
    );
    expect((await api.call({ method: 'GET', path: '/docs' })).headers['content-type']).toBe(
      'text/html; charset=utf-8',
    );
    expect(api.finished.map((call) => call.route)).toEqual(['/openapi.json', '/docs']);
  });
});

describe('the request id', () => {
  it('of the caller comes back where it has the form; otherwise the call gets one of ours', async () => {
    const api = await startApi();
    expect((await api.call({ headers: { 'x-request-id': 'r-7' } })).headers['x-request-id']).toBe('r-7');
    for (const bad of [NUMBER, 'a b', 'x'.repeat(65)]) {
      const given = (await api.call({ headers: { 'x-request-id': bad } })).headers['x-request-id'];
      expect(given).toMatch(/^[0-9a-f]{8}-/);
    }
    expect(api.finished.map((call) => call.requestId)).not.toContain(NUMBER);
    expect(api.attempts[0]?.headers.requestId).toBe('r-7');
  });
});

describe('the connection', () => {
  it('serves further calls after readings, refusals and whole bodies, and none after a body left unread', async () => {
    const api = await startApi();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const options of [
      {},
      { method: 'GET', path: '/docs' },
      { method: 'GET', path: '/nothing' },
      { body: '{' },
      { body: 'x'.repeat(100_000) },
      { headers: { 'content-type': 'text/plain' } },
    ]) {
      expect((await api.call({ ...options, agent })).headers.connection).toBe('keep-alive');
    }
    api.peer = { ...PEER, certificateSha256: null };
    expect((await api.call({ body: 'x'.repeat(100_000), agent })).headers.connection).toBe('close');
    agent.destroy();
  });
});

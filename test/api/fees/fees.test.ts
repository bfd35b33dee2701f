import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type FeesRouteTools, feesRoutes } from '../../../src/api/fees/fees-routes.js';
import { openApiDocument } from '../../../src/api/openapi.js';
import { createServiceApi, type FinishedCall } from '../../../src/api/service-api.js';
import type { ProblemCode } from '../../../src/errors/problem-code.js';
import { Refusal } from '../../../src/errors/refusal.js';
import type { Reading, ReadingCall } from '../../../src/fees/reading/call.js';
import { createClientRegistry } from '../../../src/network/client-registry.js';
import { createRefusalCounter } from '../../../src/network/refusal-counter.js';
import { hashToken } from '../../../src/sign-in/access-tokens.js';
import { CLIENT, digitsOf, NOW, SUBJECT } from '../../verification/support/parts.js';

const TOKEN = 'T'.repeat(43);
const NUMBER = digitsOf(SUBJECT);
const [REPORTS, CORE] = ['aa'.repeat(32), 'bb'.repeat(32)];

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Asked {
  readonly certificate?: string;
  readonly headers?: Record<string, string>;
}

/** The API behind a plain listener: the certificate is the test's word. */
async function startApi(over: Partial<FeesRouteTools> = {}) {
  const asked: { call: ReadingCall; reading: Reading }[] = [];
  const read: unknown[] = [];
  const refusals = createRefusalCounter();
  const logged: FinishedCall[] = [];
  const client = {
    ...CLIENT,
    id: 'reports',
    certificates: [REPORTS],
    sourceAddresses: ['127.0.0.1/32'],
    permissions: ['fees'],
  };
  const other = { ...client, id: 'core', certificates: [CORE], permissions: ['identity', 'audit'] };
  const unused = async () => {
    throw new Error('not for this call');
  };
  const brought = feesRoutes({
    now: () => NOW,
    // As the use case does: what is wrong with the form is refused with an entry, in its turn.
    allow: async (call, reading) => {
      asked.push({ call, reading });
      const { sent } = reading;
      if (!sent.ok) throw new Refusal(sent.code, { reason: sent.reason });
    },
    quarterDocument: async (quarter) => {
      read.push(quarter);
      return { quarter, total: { amountKurus: 2 } };
    },
    usageDocument: async (wish) => {
      read.push(wish);
      return { ...wish };
    },
    quarterFile: async (quarter, format) => {
      read.push([quarter, format]);
      return {
        contentType: `application/x-${format}`,
        extension: format,
        stream: Readable.from([Buffer.from('ab'), Buffer.from('cd')]),
      };
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
  let certificateSha256 = REPORTS;
  const listening = createServer((request, response) => {
    void handler(request, response, { certificateSha256, address: '127.0.0.1' });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const send = (path: string, { certificate = REPORTS, headers = {} }: Asked = {}, signal?: AbortSignal) => {
    certificateSha256 = certificate;
    return fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(signal === undefined ? {} : { signal }),
    });
  };
  const get = async (path: string, options: Asked = {}) => {
    const response = await send(path, options);
    const text = await response.text();
    const json = text.startsWith('{') ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, text, json };
  };
  return { asked, read, refusals, logged, send, get };
}

const QUARTER = '/v1/fees/quarters/2026-Q3';

describe('a quarter over HTTP', () => {
  it('is read for the person of the token, bound to client and certificate, and kept by nobody', async () => {
    const api = await startApi();
    const { headers, json, status } = await api.get(QUARTER, { headers: { 'x-request-id': 'r-9' } });
    expect(api.asked).toEqual([
      {
        call: {
          client: { id: 'reports' },
          certificateSha256: Buffer.from(REPORTS, 'hex'),
          tokenHash: hashToken(TOKEN),
          receivedAt: NOW,
          requestId: 'r-9',
        },
        reading: {
          operation: 'fees-quarter',
          sent: { ok: true, value: { quarter: '2026-Q3', format: 'json' } },
        },
      },
    ]);
    expect(status).toBe(200);
    expect(json).toEqual({ quarter: '2026-Q3', total: { amountKurus: 2 } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(api.logged).toMatchObject([
      { route: '/v1/fees/quarters/:quarter', client: 'reports', error: null },
    ]);
  });

  it('is read only once it was allowed', async () => {
    const order: string[] = [];
    const api = await startApi({
      allow: async () => {
        await nextTurn();
        order.push('allowed');
      },
      quarterDocument: async () => {
        order.push('read');
        return {};
      },
    });
    await api.get(QUARTER);
    expect(order).toEqual(['allowed', 'read']);
  });

  it.each(['csv', 'xlsx', 'pdf'] as const)(
    'as %s is a file with a name, streamed and kept by nobody',
    async (format) => {
      const api = await startApi();
      const { headers, status, text } = await api.get(`${QUARTER}.${format}`);
      expect([status, text]).toEqual([200, 'abcd']);
      expect(headers.get('content-type')).toBe(`application/x-${format}`);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="kps-2026-Q3.${format}"`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-length')).toBeNull();
      expect(api.asked).toMatchObject([{ reading: { sent: { value: { quarter: '2026-Q3', format } } } }]);
      expect(api.logged).toMatchObject([
        { route: `/v1/fees/quarters/:quarter.${format}`, status: 200, error: null },
      ]);
    },
  );

  it.each(['2026-Q5', '2026', '2026-Q3.doc', '2026-Q3.json', '2026-q3.csv', NUMBER, `${NUMBER}.pdf`])(
    'by the name %s is not found, told after the token was looked at, and nothing is read',
    async (name) => {
      const api = await startApi();
      expect(await api.get(`/v1/fees/quarters/${name}`)).toMatchObject({
        status: 404,
        json: { code: 'NOT_FOUND', reason: 'quarter: 2000-Q1 to 2099-Q4' },
      });
      expect(api.asked).toMatchObject([{ reading: { sent: { ok: false, code: 'NOT_FOUND' } } }]);
      expect(api.read).toEqual([]);
      expect(JSON.stringify(api.logged)).not.toContain(NUMBER);
    },
  );

  it('takes no members in its query', async () => {
    const api = await startApi();
    expect(await api.get(`${QUARTER}?account=${NUMBER}`)).toMatchObject({
      status: 400,
      json: { code: 'REQUEST_INVALID', reason: 'query: unknown member' },
    });
  });
});

describe('use over HTTP', () => {
  it('is read for the period and the account that were asked for', async () => {
    const api = await startApi();
    const { json } = await api.get(
      '/v1/fees/usage?from=2026-07-01&to=2026-06-30T21%3A00%3A00Z&account=birlik',
    );
    expect(json).toMatchObject({ code: 'REQUEST_INVALID', reason: 'to: not after from' });
    const wish = { from: '2026-07-01', to: '2026-08-01', account: 'birlik' };
    expect(
      (await api.get('/v1/fees/usage?from=2026-06-30T21%3A00%3A00Z&to=2026-08-01&account=birlik')).json,
    ).toEqual(wish);
    expect(api.read).toEqual([wish]);
    expect(api.asked[1]).toMatchObject({
      reading: { operation: 'fees-usage', sent: { ok: true, value: wish } },
    });
  });

  it.each<[string, string]>([
    ['from=x', 'from: YYYY-MM-DD'],
    ['from=2026-07-01T00:00:00Z', 'from: not 00:00 in Europe/Istanbul'],
    ['from=1900-01-01&to=2026-07-01', 'from: 2000-01-01 to 2099-12-31'],
    ['from=2099-12-31', 'from: after today; without to the period ends today'],
    ['to=2026-07-32', 'to: YYYY-MM-DD'],
    ['from=2026-07-01&from=2026-07-02', 'from: given twice'],
    [`who=${NUMBER}`, 'query: unknown member'],
    ['account=', 'account'],
  ])(
    'with the query %s is refused by its name alone, after the token was looked at',
    async (text, reason) => {
      const api = await startApi();
      const { json, status, text: body } = await api.get(`/v1/fees/usage?${text}`);
      expect([status, json.code, json.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
      expect(api.asked).toMatchObject([{ reading: { sent: { ok: false, reason } } }]);
      expect(api.read).toEqual([]);
      expect(body).not.toContain(NUMBER);
      expect(api.refusals.take()).toEqual([]);
    },
  );

  it('with a wrong header is refused in its turn', async () => {
    const api = await startApi();
    const headers = { 'x-koopbis-screen': NUMBER };
    expect((await api.get('/v1/fees/usage', { headers })).json).toMatchObject({ reason: 'x-koopbis-screen' });
    expect(api.asked).toHaveLength(1);
  });
});

describe('a call about the fee book', () => {
  const PATHS = [QUARTER, `${QUARTER}.xlsx`, '/v1/fees/usage'];

  it.each(PATHS)('to %s needs the permission of the client, before any token is looked at', async (path) => {
    const api = await startApi();
    expect(await api.get(path, { certificate: CORE })).toMatchObject({
      status: 403,
      json: { code: 'CLIENT_NOT_PERMITTED' },
    });
    expect([api.asked, api.read]).toEqual([[], []]);
    expect(api.refusals.take()).toMatchObject([{ code: 'CLIENT_NOT_PERMITTED', count: 1 }]);
  });

  it.each<[ProblemCode, number]>([
    ['TOKEN_INVALID', 401],
    ['TWO_STEP_REQUIRED', 403],
    ['ROLE_REQUIRED', 403],
    ['NOT_FOUND', 404],
  ])('that is refused with %s reads nothing, and is not counted a second time', async (code, status) => {
    const api = await startApi({
      allow: async () => {
        throw new Refusal(code);
      },
    });
    for (const path of PATHS) expect(await api.get(path)).toMatchObject({ status, json: { code } });
    expect(api.read).toEqual([]);
    expect(api.refusals.take()).toEqual([]);
  });

  it('without a token of that form is handed on without one', async () => {
    const api = await startApi();
    await api.get(QUARTER, { headers: { authorization: 'Basic x' } });
    expect(api.asked).toMatchObject([{ call: { tokenHash: null } }]);
  });

  it('stands in the OpenAPI document, its files with paths of their own, every schema at hand', () => {
    const { components, paths } = openApiDocument(feesRoutes({} as FeesRouteTools)) as {
      paths: Record<
        string,
        { get: { operationId: string; responses: Record<string, { description: string }> } }
      >;
      components: { schemas: Record<string, unknown> };
    };
    const mine = Object.keys(paths).filter((path) => path.startsWith('/v1/fees/'));
    expect(mine.sort()).toEqual([
      '/v1/fees/quarters/{quarter}',
      '/v1/fees/quarters/{quarter}.csv',
      '/v1/fees/quarters/{quarter}.pdf',
      '/v1/fees/quarters/{quarter}.xlsx',
      '/v1/fees/usage',
    ]);
    expect(new Set(mine.map((path) => paths[path]?.get.operationId)).size).toBe(5);
    for (const path of mine)
      expect(paths[path]?.get.responses['403']?.description).toContain('ROLE_REQUIRED');
    for (const [, name] of JSON.stringify([paths, components]).matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(components.schemas).toHaveProperty(String(name));
  });
});

describe('a file', () => {
  const fileOf = (stream: Readable): Partial<FeesRouteTools> => ({
    quarterFile: async () => ({ contentType: 'text/csv', extension: 'csv', stream }),
  });

  it('that breaks off never looks whole, and the operator is told why', async () => {
    async function* rows() {
      yield Buffer.alloc(70_000, 0x61);
      throw new Error('the database is gone');
    }
    const api = await startApi(fileOf(Readable.from(rows())));
    const response = await api.send(`${QUARTER}.csv`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await until(() => api.logged.length === 1);
    expect(api.logged).toMatchObject([
      { status: 200, code: null, error: { message: 'the database is gone' } },
    ]);
  });

  it('that cannot even begin is answered by its problem', async () => {
    // biome-ignore lint/correctness/useYield: it fails before
    async function* rows(): AsyncGenerator<Buffer> {
      throw new Error(`nothing about ${NUMBER}`);
    }
    const api = await startApi(fileOf(Readable.from(rows())));
    const { headers, json, status, text } = await api.get(`${QUARTER}.csv`);
    expect([status, json.code]).toEqual([500, 'INTERNAL']);
    expect(headers.get('content-disposition')).toBeNull();
    expect(text).not.toContain(NUMBER);
  });

  it('that nobody reads to its end is given up, and gives its rows back', async () => {
    let closed = false;
    async function* rows() {
      try {
        for (;;) yield Buffer.alloc(70_000, 0x61);
      } finally {
        closed = true;
      }
    }
    const api = await startApi(fileOf(Readable.from(rows())));
    const leaving = new AbortController();
    const response = await api.send(`${QUARTER}.csv`, {}, leaving.signal);
    await response.body?.getReader().read();
    leaving.abort();
    await until(() => closed && api.logged.length === 1);
    expect(api.logged).toMatchObject([{ status: 200, error: null }]);
  });

  it('is made for two at once on one instance; a third is told to come again, with nothing asked', async () => {
    const streams: Readable[] = [];
    const api = await startApi({
      quarterFile: async () => {
        const stream = new Readable({ read: () => undefined });
        stream.push('a');
        streams.push(stream);
        return { contentType: 'text/csv', extension: 'csv', stream };
      },
    });
    const first = await api.send(`${QUARTER}.csv`);
    const second = await api.send(`${QUARTER}.csv`);
    const third = await api.get(`${QUARTER}.csv`);
    expect(third).toMatchObject({ status: 503, json: { code: 'OVERLOADED' } });
    expect(third.headers.get('retry-after')).toBe('5');
    expect(api.asked).toHaveLength(2);
    // The answer as JSON needs no place.
    expect((await api.get(QUARTER)).status).toBe(200);
    for (const stream of streams) stream.push(null);
    expect(await Promise.all([first.text(), second.text()])).toEqual(['a', 'a']);
    await until(() => streams.every(({ closed }) => closed));
    const fourth = await api.send(`${QUARTER}.csv`);
    streams.at(-1)?.push(null);
    expect(await fourth.text()).toBe('a');
  });

  it('whose making is refused or fails gives its place back', async () => {
    const api = await startApi({
      quarterFile: async () => {
        throw new Error('x');
      },
    });
    for (let i = 0; i < 5; i += 1) expect((await api.get(`${QUARTER}.csv`)).status).toBe(500);
    for (let i = 0; i < 5; i += 1) expect((await api.get('/v1/fees/quarters/x.csv')).status).toBe(404);
  });
});

/** Waits until something that happens on another turn has happened; the test's own limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

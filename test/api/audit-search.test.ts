import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkSearch } from '../../src/api/audit-search-schema.js';
import { openApiDocument } from '../../src/api/openapi.js';
import type { PostAuditSearchTools } from '../../src/api/post-audit-search.js';
import { PROBLEMS } from '../../src/api/problem-texts.js';
import { createServiceApi } from '../../src/api/service-api.js';
import type { SearchResult } from '../../src/audit/search/attempt.js';
import type { ProblemCode } from '../../src/errors/problem-code.js';
import { Refusal } from '../../src/errors/refusal.js';
import { createClientRegistry } from '../../src/network/client-registry.js';
import { createRefusalCounter } from '../../src/network/refusal-counter.js';
import { hashToken } from '../../src/sign-in/access-tokens.js';
import { CLIENT, digitsOf, NOW, SUBJECT } from '../verification/support/parts.js';

const PATH = '/v1/audit/searches';
const TOKEN = 'T'.repeat(43);
const NUMBER = digitsOf(SUBJECT);
const BASIS = { authority: 'KVKK Kurulu', documentNo: '2026/17-4', date: '2026-05-01' };
const BODY = { basis: BASIS, criteria: { person: NUMBER, from: '2026-01-01' } };
const [AUDITOR, OTHER] = ['aa'.repeat(32), 'bb'.repeat(32)];
const UUID = '44444444-4444-4444-8444-444444444444';

const RESULT: SearchResult = {
  search: UUID,
  receipt: { leafIndex: 12n, leafHash: Buffer.alloc(32, 0xab), at: NOW },
  entries: [
    {
      leafIndex: 7n,
      leafHash: Buffer.alloc(32, 0xcd),
      at: NOW,
      entry: { kind: 'query.intent', data: {}, sealed: ['subject.number'] },
      outcome: { outcome: 'match', state: 'answered', leafIndex: 8n },
      revealed: { 'subject.number': 'destroyed' },
    },
    {
      leafIndex: 3n,
      leafHash: Buffer.alloc(32),
      at: NOW,
      entry: { kind: 'x' },
      outcome: null,
      revealed: null,
    },
  ],
  next: 'CURSOR',
  lookedTo: 3n,
  indexedTo: 12n,
  detached: [{ first: 0n, count: 1n << 20n }],
};

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Attempt = Parameters<PostAuditSearchTools['search']>[0];

/** The API behind a plain listener: the certificate is the test's word. */
async function startApi(answer: () => Promise<SearchResult> = async () => RESULT) {
  const attempts: Attempt[] = [];
  const refusals = createRefusalCounter();
  const logged: unknown[] = [];
  const client = {
    ...CLIENT,
    certificates: [AUDITOR],
    sourceAddresses: ['127.0.0.1/32'],
    permissions: ['audit'],
  };
  const other = { ...client, id: 'other', certificates: [OTHER], permissions: ['identity', 'fees'] };
  const unused = async () => {
    throw new Error('not for this call');
  };
  const handler = createServiceApi({
    registry: createClientRegistry([client, other]),
    refusals,
    maxInFlight: 8,
    hot: [],
    routes: [],
    schemas: {},
    maxBodyBytes: 4096,
    now: () => NOW,
    verify: unused,
    read: unused,
    search: async (attempt) => {
      attempts.push(attempt);
      return answer();
    },
    openId: async () => false,
    observe: (call) => logged.push(call),
  });
  let certificateSha256 = AUDITOR;
  const listening = createServer((request, response) => {
    void handler(request, response, { certificateSha256, address: '127.0.0.1' });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const call = async (
    body: unknown = BODY,
    over: { headers?: Record<string, string>; certificate?: string; method?: string } = {},
  ) => {
    certificateSha256 = over.certificate ?? AUDITOR;
    const method = over.method ?? 'POST';
    const response = await fetch(`http://127.0.0.1:${port}${PATH}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...over.headers },
      ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  };
  return { attempts, refusals, logged, call };
}

describe('a search over HTTP', () => {
  it('reaches the use case as it was asked, with the token and what it is bound to', async () => {
    const api = await startApi();
    await api.call();
    expect(api.attempts).toHaveLength(1);
    expect(api.attempts[0]).toMatchObject({
      client: CLIENT.id,
      receivedAt: NOW,
      token: {
        tokenHash: hashToken(TOKEN),
        clientId: CLIENT.id,
        certificateSha256: Buffer.from(AUDITOR, 'hex'),
      },
      request: {
        ok: true,
        value: {
          basis: BASIS,
          criteria: { person: NUMBER, from: '2026-01-01', to: null, actor: null, kinds: [] },
          cursor: null,
          pageSize: 50,
          reveal: false,
        },
      },
    });
  });

  it('is answered with the page, and in a way that nothing on the road keeps', async () => {
    const { status, headers, json } = await (await startApi()).call();
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toEqual({
      search: UUID,
      receipt: { leafIndex: 12, leafHash: 'ab'.repeat(32) },
      entries: [
        {
          leafIndex: 7,
          leafHash: 'cd'.repeat(32),
          at: NOW.toISOString(),
          entry: { kind: 'query.intent', data: {}, sealed: ['subject.number'] },
          outcome: { outcome: 'match', state: 'answered', leafIndex: 8 },
          revealed: { 'subject.number': 'destroyed' },
        },
        { leafIndex: 3, leafHash: '00'.repeat(32), at: NOW.toISOString(), entry: { kind: 'x' } },
      ],
      next: 'CURSOR',
      lookedTo: 3,
      indexedTo: 12,
      detached: [{ first: 0, count: 1_048_576 }],
    });
  });

  it('needs the permission in the client’s registration, and is counted where it is missing', async () => {
    const api = await startApi();
    expect(await api.call(BODY, { certificate: OTHER })).toMatchObject({
      status: 403,
      json: { code: 'CLIENT_NOT_PERMITTED' },
    });
    expect(api.attempts).toEqual([]);
    expect(api.refusals.take()).toMatchObject([{ code: 'CLIENT_NOT_PERMITTED', count: 1 }]);
  });

  it.each<[ProblemCode, number]>([
    ['TOKEN_INVALID', 401],
    ['TWO_STEP_REQUIRED', 403],
    ['ROLE_REQUIRED', 403],
    ['STEP_UP_REQUIRED', 403],
    ['REQUEST_INVALID', 400],
    ['IDENTITY_NUMBER_INVALID', 422],
    ['CURSOR_EXPIRED', 410],
    ['RATE_LIMITED', 429],
    ['OVERLOADED', 503],
  ])('that is refused with %s gives its problem document with status %d', async (code, status) => {
    const api = await startApi(async () => {
      throw new Refusal(code, { retryAfterS: 7 });
    });
    const answer = await api.call();
    expect(answer).toMatchObject({
      status,
      json: { code, text: { tr: PROBLEMS[code].tr, en: PROBLEMS[code].en } },
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe(status === 429 || status === 503 ? '7' : null);
    expect(answer.text).not.toContain(NUMBER);
  });

  it('that is wrong in body or headers is handed on, for the token is looked at first', async () => {
    const api = await startApi();
    await api.call('{');
    await api.call('x'.repeat(5000));
    await api.call(BODY, { headers: { 'content-type': 'text/plain' } });
    await api.call(BODY, { headers: { 'x-request-id': NUMBER } });
    await api.call({ ...BODY, extra: NUMBER });
    await api.call(BODY, { headers: { authorization: 'Basic x' } });
    expect(api.attempts.map(({ request }) => request)).toMatchObject([
      { ok: false, code: 'REQUEST_INVALID', reason: 'body: not JSON' },
      { ok: false, code: 'BODY_TOO_LARGE' },
      { ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' },
      { ok: false, code: 'REQUEST_INVALID', reason: 'x-request-id' },
      { ok: false, code: 'REQUEST_INVALID', reason: 'body: unknown member' },
      { ok: true },
    ]);
    expect(api.attempts[5]?.token.tokenHash).toBeNull();
  });

  it('is logged without anything of what was asked', async () => {
    const api = await startApi();
    await api.call();
    expect(api.logged).toMatchObject([{ route: PATH, method: 'POST', status: 200, client: CLIENT.id }]);
    expect(JSON.stringify(api.logged)).not.toContain(NUMBER);
  });

  it('is made by POST alone: what is asked must not stand in a URL', async () => {
    expect(await (await startApi()).call(BODY, { method: 'GET' })).toMatchObject({ status: 404 });
  });
});

describe('the body of a search', () => {
  const reasonOf = (body: unknown) => {
    const checked = checkSearch(body);
    return checked.ok ? null : checked.reason;
  };
  const criteria = (over: object) => ({ basis: BASIS, criteria: over });
  const basis = (over: object) => ({ basis: { ...BASIS, ...over }, criteria: {} });

  it('may name every criterion, or none', () => {
    const whole = {
      person: NUMBER,
      actor: NUMBER,
      cooperative: '0000000000000017',
      from: '2026-01-01T10:00:00+03:00',
      to: '2026-02-01',
      purpose: 'ortak-kayit',
      outcome: 'not-found',
      screen: 'ORT-01',
      service: 'BilesikKutukSorgulaKimlikNoServis',
      reference: '2026/17 sayılı',
      query: UUID.toUpperCase(),
      session: UUID,
      kinds: ['query.intent', 'log.search-refused'],
      code: 'ROLE_REQUIRED',
    };
    expect(checkSearch({ ...criteria(whole), cursor: 'x', pageSize: 100, reveal: true })).toEqual({
      ok: true,
      value: { basis: BASIS, criteria: { ...whole, query: UUID }, cursor: 'x', pageSize: 100, reveal: true },
    });
    expect(reasonOf(criteria({}))).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'body'],
    ['a list', [BODY], 'body'],
    ['no basis', { criteria: {} }, 'body.basis'],
    ['no criteria', { basis: BASIS }, 'body.criteria'],
    [
      'a basis without authority',
      { basis: { documentNo: '1', date: '2026-05-01' }, criteria: {} },
      'body.basis.authority',
    ],
    ['an empty authority', basis({ authority: '' }), 'body.basis.authority'],
    ['an authority of blanks', basis({ authority: '  ' }), 'body.basis.authority'],
    ['an authority without end', basis({ authority: 'A'.repeat(201) }), 'body.basis.authority'],
    ['an authority with a number', basis({ authority: `Mahkeme ${NUMBER}` }), 'body.basis.authority'],
    ['an authority of two lines', basis({ authority: 'a\nb' }), 'body.basis.authority'],
    ['a document number without end', basis({ documentNo: '1'.repeat(101) }), 'body.basis.documentNo'],
    ['a document number that is a person’s', basis({ documentNo: NUMBER }), 'body.basis.documentNo'],
    ['a day that does not exist', basis({ date: '2026-02-30' }), 'body.basis.date'],
    ['an instant for the day', basis({ date: '2026-05-01T00:00:00Z' }), 'body.basis.date'],
    ['an unknown member of the basis', basis({ note: 'x' }), 'body: unknown member'],
    ['an unknown criterion', criteria({ name: 'AYŞE' }), 'body: unknown member'],
    ['a person as number', criteria({ person: Number(NUMBER) }), 'body.criteria.person'],
    ['a person without end', criteria({ person: '1'.repeat(33) }), 'body.criteria.person'],
    [
      'a natural person’s MERSİS number',
      criteria({ cooperative: `${NUMBER}00015` }),
      'body.criteria.cooperative',
    ],
    ['an instant without zone', criteria({ from: '2026-01-01T10:00:00' }), 'body.criteria.from'],
    ['a day that does not exist', criteria({ to: '2026-02-30' }), 'body.criteria.to'],
    ['an instant that does not exist', criteria({ to: '2026-02-30T00:00:00Z' }), 'body.criteria.to'],
    ['another outcome', criteria({ outcome: 'perhaps' }), 'body.criteria.outcome'],
    [
      'a reference that is a person’s number',
      criteria({ reference: `no ${NUMBER}` }),
      'body.criteria.reference',
    ],
    ['a screen with a number', criteria({ screen: NUMBER }), 'body.criteria.screen'],
    ['a service with a number', criteria({ service: NUMBER }), 'body.criteria.service'],
    ['a query that is no id', criteria({ query: NUMBER }), 'body.criteria.query'],
    ['a session that is no id', criteria({ session: 'x' }), 'body.criteria.session'],
    [
      'kinds without end',
      criteria({ kinds: Array.from({ length: 21 }, () => 'query.read') }),
      'body.criteria.kinds',
    ],
    ['a kind that cannot be one', criteria({ kinds: ['query'] }), 'body.criteria.kinds'],
    ['a code in small letters', criteria({ code: 'role' }), 'body.criteria.code'],
    ['an empty page', { ...BODY, pageSize: 0 }, 'body.pageSize'],
    ['a page without end', { ...BODY, pageSize: 101 }, 'body.pageSize'],
    ['half an entry', { ...BODY, pageSize: 1.5 }, 'body.pageSize'],
    ['a cursor without end', { ...BODY, cursor: 'x'.repeat(201) }, 'body.cursor'],
    ['a word for yes', { ...BODY, reveal: 'yes' }, 'body.reveal'],
  ])('is refused with %s, by the member’s name alone', (_what, body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  it('never throws and never repeats what was sent, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string({ minLength: 12 }), (json, secret) => {
        const reason = reasonOf({ ...BODY, [secret]: json, basis: json }) ?? '';
        expect(reason).not.toContain(secret);
      }),
    );
  });

  it('is described in the OpenAPI document by the schema that checks it', () => {
    const { paths, components } = openApiDocument({ routes: [], schemas: {} }) as {
      paths: Record<string, { post?: { operationId: string } }>;
      components: { schemas: { AuditSearchRequest: { properties: object; required: string[] } } };
    };
    expect(paths[PATH]?.post?.operationId).toBe('searchAuditLog');
    expect(components.schemas.AuditSearchRequest.required).toEqual(['basis', 'criteria']);
    expect(Object.keys(components.schemas.AuditSearchRequest.properties).sort()).toEqual(
      ['basis', 'criteria', 'cursor', 'pageSize', 'reveal'].sort(),
    );
  });
});

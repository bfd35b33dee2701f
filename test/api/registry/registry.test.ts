import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../src/api/post-verification.js';
import { registryRoutes } from '../../../src/api/registry/registry-routes.js';
import { sendReply } from '../../../src/api/reply.js';
import { createRouter } from '../../../src/api/routes.js';
import { isWritten } from '../../../src/api/written-refusals.js';
import { Refusal } from '../../../src/errors/refusal.js';
import type { RegistryAttempt } from '../../../src/mersis/calls/attempt.js';
import { digitsOf } from '../../audit/support/parts.js';
import { CLIENT } from '../../verification/support/parts.js';

const NOW = new Date('2026-05-04T09:00:00.000Z');
const MERSIS = '0123456789000015';
const NATURAL = `${digitsOf(3)}00015`;
const CALLER: Caller = { client: CLIENT, certificateSha256: Buffer.alloc(32, 9), requestId: 'r-7' };

let seen: { attempt: RegistryAttempt; unvan: string | null }[];
let failure: Refusal | null;
let failures: unknown[];
beforeEach(() => {
  [seen, failure, failures] = [[], null, []];
});

/** As the use case: whatever is wrong with the call is said there, after the token. */
const judge = (attempt: RegistryAttempt, unvan: string | null) => {
  seen.push({ attempt, unvan });
  if (failure !== null) throw failure;
  if (!attempt.question.ok) throw new Refusal(attempt.question.code, { reason: attempt.question.reason });
};
const brought = registryRoutes({
  maxBodyBytes: 2_000,
  now: () => NOW,
  refresh: async (attempt) => {
    judge(attempt, null);
    return { mersisNo: MERSIS, result: 'changed', readAt: NOW };
  },
  verify: async (attempt, unvan) => {
    judge(attempt, unvan);
    return { result: 'match', durum: 'faal', mersisNo: MERSIS, vkn: '1234567890' };
  },
});

const unused = () => Promise.reject(new Error('not asked'));
const router = createRouter({
  maxBodyBytes: 2_000,
  now: () => NOW,
  read: unused,
  search: unused,
  ...brought,
} as unknown as Parameters<typeof createRouter>[0]);
const server = createServer((request, response) => {
  void router(request, response, CALLER).then(({ reply, failure: told }) => {
    failures.push(told);
    sendReply(response, reply);
  });
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => void server.close(resolve)));

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  json: Record<string, unknown>;
}

function post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const sent = {
    authorization: `Bearer ${'t'.repeat(43)}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { host: '127.0.0.1', port, path, method: 'POST', headers: sent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            json: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>,
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

const refresh = (number: string, body?: unknown, headers?: Record<string, string>) =>
  post(`/v1/cooperatives/${number}/refresh`, body, headers);
const verify = (body: unknown, headers?: Record<string, string>) =>
  post('/v1/registry/verifications', body, headers);

describe('POST /v1/cooperatives/{mersisNo}/refresh', () => {
  it('hands the number, the client and the token’s hash to the use case, and answers with its result', async () => {
    const answer = await refresh(MERSIS);
    expect(answer).toMatchObject({
      status: 200,
      json: { mersisNo: MERSIS, result: 'changed', readAt: NOW.toISOString() },
    });
    expect(Object.keys(answer.json)).toHaveLength(3);
    expect(seen[0]?.attempt).toMatchObject({
      operation: 'refresh',
      call: { client: CLIENT.id, requestId: 'r-7', receivedAt: NOW },
      question: { ok: true, value: { mersisNo: MERSIS } },
    });
    expect(seen[0]?.attempt.call.tokenHash).toHaveLength(32);
    expect((await refresh(MERSIS, {})).status).toBe(200);
  });

  it.each([
    [NATURAL, undefined, 'natural-person'],
    ['012345678900001', undefined, 'mersisNo'],
    ['01234567890000156', undefined, 'mersisNo'],
    ['012345678900001x', undefined, 'mersisNo'],
    [digitsOf(3), undefined, 'mersisNo'],
    [MERSIS, { mersisNo: MERSIS }, 'body: must be empty'],
    [MERSIS, '{', 'body: not JSON'],
    [MERSIS, '[]', 'body: must be empty'],
  ])('with %s and %j is REQUEST_INVALID, and repeats no digit of it', async (number, body, reason) => {
    const answer = await refresh(number, body);
    expect([answer.status, answer.json.code, answer.json.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
    expect(JSON.stringify([answer, seen])).not.toContain(number === MERSIS ? '!' : number);
    expect(JSON.stringify([answer, seen])).not.toContain(digitsOf(3));
  });

  it('hands a header that has not its form on as a wrong call, for the token is judged first', async () => {
    await refresh(MERSIS, undefined, { 'x-koopbis-screen': 'a b' });
    expect(seen[0]?.attempt.question).toEqual({
      ok: false,
      code: 'REQUEST_INVALID',
      reason: 'x-koopbis-screen',
    });
    await refresh(MERSIS, undefined, { authorization: 'Basic dDp0' });
    expect(seen[1]?.attempt.call.tokenHash).toBeNull();
  });

  it('says when to come again, and remembers that what was refused is written down', async () => {
    failure = new Refusal('RATE_LIMITED', { reason: 'just-read', retryAfterS: 7 });
    const answer = await refresh(MERSIS);
    expect([answer.status, answer.headers['retry-after'], answer.json.reason]).toEqual([
      429,
      '7',
      'just-read',
    ]);
    expect(failures.map(isWritten)).toEqual([true]);
    failure = new Refusal('MERSIS_UNAVAILABLE');
    expect((await refresh(MERSIS)).headers['retry-after']).toBe('30');
  });
});

describe('POST /v1/registry/verifications', () => {
  it('hands the number and the name to the use case, and answers with its result', async () => {
    const answer = await verify({ mersisNo: MERSIS, unvan: 'S.S. Işık' });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.json).toEqual({ result: 'match', durum: 'faal', mersisNo: MERSIS, vkn: '1234567890' });
    await verify({ vkn: '1234567890', unvan: 'S.S. Işık' });
    expect(seen.map(({ attempt, unvan }) => [attempt.operation, attempt.question, unvan])).toEqual([
      ['registry-verification', { ok: true, value: { mersisNo: MERSIS } }, 'S.S. Işık'],
      ['registry-verification', { ok: true, value: { vkn: '1234567890' } }, 'S.S. Işık'],
    ]);
  });

  it.each([
    [{ mersisNo: NATURAL, unvan: 'x' }, 'natural-person'],
    [{ mersisNo: MERSIS.slice(1), unvan: 'x' }, 'mersisNo'],
    [{ mersisNo: digitsOf(3), unvan: 'x' }, 'mersisNo'],
    [{ vkn: digitsOf(3), unvan: 'x' }, 'vkn'],
    [{ vkn: '12345 7890', unvan: 'x' }, 'vkn'],
    [{ vkn: '', unvan: 'x' }, 'vkn'],
  ])('with %j is IDENTITY_NUMBER_INVALID, and never says it again', async (body, reason) => {
    const answer = await verify(body);
    expect([answer.status, answer.json.code, answer.json.reason]).toEqual([
      422,
      'IDENTITY_NUMBER_INVALID',
      reason,
    ]);
    expect(JSON.stringify([answer, seen])).not.toContain(digitsOf(3));
  });

  it.each([
    [{ unvan: 'x' }, 'body: exactly one of mersisNo, vkn'],
    [{ mersisNo: MERSIS, vkn: '1234567890', unvan: 'x' }, 'body: exactly one of mersisNo, vkn'],
    [{ mersisNo: MERSIS }, 'body.unvan'],
    [{ mersisNo: MERSIS, unvan: '' }, 'body.unvan'],
    [{ mersisNo: MERSIS, unvan: ' \u00a0' }, 'body.unvan'],
    [{ mersisNo: MERSIS, unvan: 'a\u0000b' }, 'body.unvan'],
    [{ mersisNo: MERSIS, unvan: 'x'.repeat(501) }, 'body.unvan'],
    [{ mersisNo: 123, unvan: 'x' }, 'body.mersisNo'],
    [{ mersisNo: '0'.repeat(33), unvan: 'x' }, 'body.mersisNo'],
    [{ mersisNo: MERSIS, unvan: 'x', kimlikNo: digitsOf(3) }, 'body: unknown member'],
    [[], 'body'],
    ['{', 'body: not JSON'],
  ])('with %j is REQUEST_INVALID', async (body, reason) => {
    const answer = await verify(body);
    expect([answer.status, answer.json.code, answer.json.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
  });

  it('bounds the body, and takes JSON alone', async () => {
    expect((await verify({ mersisNo: MERSIS, unvan: 'x'.repeat(3000) })).status).toBe(413);
    expect((await verify('x', { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

it('both stand in the OpenAPI document, with the schema that checks', async () => {
  expect(brought.routes.map(({ operation }) => operation.operationId)).toEqual([
    'refreshCooperative',
    'verifyRegistry',
  ]);
  const request = brought.schemas.RegistryVerificationRequest as Record<string, unknown>;
  expect(request).toMatchObject({ additionalProperties: false, required: ['unvan'] });
  for (const { operation } of brought.routes)
    for (const name of JSON.stringify(operation).matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(name[1] === 'Problem' || Object.hasOwn(brought.schemas, String(name[1]))).toBe(true);
});

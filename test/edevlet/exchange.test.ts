import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, type Dispatcher } from 'undici';
import { createExchange } from '../../src/edevlet/exchange.js';
import { type Loopback, makeLoopbackCertificates, raw, startLoopback } from './support/loopback.js';
import { failureOf } from './support/settings.js';

const LIMITS = { timeoutMs: 30_000, maxAnswerBytes: 4096 };
const asked = (url: string) => ({ url, method: 'GET', headers: {}, body: null }) as const;

let server: Loopback;
let agent: Agent;
beforeAll(async () => {
  const certificates = await makeLoopbackCertificates();
  server = await startLoopback(certificates);
  agent = new Agent({ connect: { ca: certificates.ca } });
});
afterAll(async () => {
  await agent.close();
  await server.close();
});

describe('a call to the upstream', () => {
  it('takes an answer of exactly the limit, and none of one byte more', async () => {
    const exchange = createExchange(agent, LIMITS);
    server.replies.set('/at', raw(Buffer.alloc(4096)));
    expect((await exchange(asked(`${server.origin}/at`))).body).toHaveLength(4096);
    server.replies.set('/over', raw(Buffer.alloc(4097)));
    expect((await failureOf(exchange(asked(`${server.origin}/over`)))).fields).toEqual({
      reason: 'too-large',
    });
  });

  it('does not unpack: a compressed answer stays as it came', async () => {
    server.replies.set('/packed', (_seen, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
    );
    const { body } = await createExchange(agent, LIMITS)(asked(`${server.origin}/packed`));
    expect(body.toString()).toBe('not gzip');
  });

  it('believes no content type that comes twice', async () => {
    server.replies.set('/twice', (_seen, response) => {
      response.socket?.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\n{}',
      );
    });
    const { contentType } = await createExchange(agent, LIMITS)(asked(`${server.origin}/twice`));
    expect(contentType).not.toBe('application/json');
  });

  it('never goes out over plain HTTP', async () => {
    const { code, fields } = await failureOf(createExchange(agent, LIMITS)(asked('http://localhost/')));
    expect([code, fields]).toEqual(['UPSTREAM_UNAVAILABLE', { reason: 'protocol' }]);
  });

  it('is not begun while 256 others are under way, and is again once one has ended', async () => {
    const waiting: ((error: Error) => void)[] = [];
    const silent = {
      request: () => new Promise((_resolve, reject) => waiting.push(reject)),
    } as unknown as Dispatcher;
    const exchange = createExchange(silent, LIMITS);
    const begun = Array.from({ length: 256 }, () => failureOf(exchange(asked('https://localhost/'))));
    const refused = await failureOf(exchange(asked('https://localhost/')));
    expect([refused.code, refused.fields]).toEqual(['UPSTREAM_UNAVAILABLE', { reason: 'overloaded' }]);
    expect(waiting).toHaveLength(256);
    waiting[0]?.(new Error('gone'));
    expect((await begun[0])?.fields).toEqual({ reason: 'connection', detail: null });
    const next = failureOf(exchange(asked('https://localhost/')));
    expect(waiting).toHaveLength(257);
    for (const end of waiting) end(new Error('gone'));
    await Promise.all([...begun, next]);
  });
});

import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Resolve } from '../../../src/events/webhooks/checked-lookup.js';
import type { Receiver } from '../../../src/events/webhooks/receiver.js';
import { createSender, type Sender } from '../../../src/events/webhooks/sender.js';
import {
  type Loopback,
  type LoopbackCertificates,
  makeLoopbackCertificates,
  startLoopback,
} from '../../edevlet/support/loopback.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const never = new AbortController().signal;
const home: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

let certificates: LoopbackCertificates;
let loopback: Loopback;
const senders: Sender[] = [];

beforeAll(async () => {
  certificates = await makeLoopbackCertificates();
});
beforeEach(async () => {
  loopback = await startLoopback(certificates);
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await loopback.close();
});

const receiverAt = (url: string, changes: Partial<Receiver> = {}): Receiver => ({
  id: 'core',
  permissions: ['events'],
  url,
  secret: SECRET,
  privateAddresses: ['127.0.0.0/8'],
  ca: [certificates.ca],
  ...changes,
});

function senderTo(
  url: string,
  changes: Partial<Receiver> = {},
  tools: { resolve?: Resolve; timeoutMs?: number } = {},
) {
  const sender = createSender(receiverAt(url, changes), { resolve: home, timeoutMs: 20_000, ...tools });
  senders.push(sender);
  return sender;
}

const message = (at = new Date()) => ({ id: 'ae-17', body: '{"specversion":"1.0","il":"İzmir"}', at });
const failed = (problem: string, retryAfter: string | null = null) => ({
  kind: 'failed',
  problem,
  retryAfter,
});

describe('an attempt', () => {
  it('is what Standard Webhooks 1.0 says: the receiver verifies it with its secret, and with no other', async () => {
    loopback.replies.set('/hook', (_seen, response) => response.writeHead(204).end());
    const sender = senderTo(`${loopback.origin}/hook?x=1`);
    expect(await sender.send(message(), never)).toEqual({ kind: 'delivered' });
    const [seen] = loopback.seen;
    if (seen === undefined) throw new Error('nothing came');
    expect([seen.method, seen.path, seen.query.get('x')]).toEqual(['POST', '/hook', '1']);
    expect(seen.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(seen.headers['webhook-id']).toBe('ae-17');
    expect(seen.body).toBe(message().body);
    const headers = seen.headers as Record<string, string>;
    expect(new Webhook(SECRET).verify(seen.body, headers)).toEqual(JSON.parse(message().body));
    const stranger = new Webhook(`whsec_${randomBytes(32).toString('base64')}`);
    expect(() => stranger.verify(seen.body, headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(`${seen.body} `, headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(seen.body, { ...headers, 'webhook-id': 'ae-18' })).toThrow();
  });

  it('carries its own instant', async () => {
    loopback.replies.set('/', (_seen, response) => response.writeHead(200).end('ok'));
    const sender = senderTo(loopback.origin);
    await sender.send(message(new Date(1_700_000_000_999)), never);
    await sender.send(message(new Date(1_700_000_060_000)), never);
    expect(loopback.seen.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1700000000',
      '1700000060',
    ]);
  });

  it.each([
    [200, 'delivered', null],
    [299, 'delivered', null],
    [301, 'redirect', null],
    [304, 'redirect', null],
    [400, 'refused', null],
    [410, 'gone', null],
    [429, 'too-many-requests', '30'],
    [500, 'failed', null],
    [503, 'unavailable', '30'],
  ])('that is answered with %d is %s', async (status, word, retryAfter) => {
    loopback.replies.set('/', (_seen, response) => {
      response.writeHead(status, { 'retry-after': '30', location: `${loopback.origin}/else` }).end();
    });
    const sent = await senderTo(loopback.origin).send(message(), never);
    expect(sent).toEqual(word === 'delivered' ? { kind: 'delivered' } : failed(word, retryAfter));
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%d)', async (status) => {
    loopback.replies.set('/', (_seen, response) => {
      response.writeHead(status, { location: `${loopback.origin}/else` }).end();
    });
    loopback.replies.set('/else', (_seen, response) => response.writeHead(200).end());
    expect(await senderTo(loopback.origin).send(message(), never)).toEqual(failed('redirect'));
    expect(loopback.seen.map(({ path }) => path)).toEqual(['/']);
  });

  it('to a receiver that hangs ends in time', async () => {
    loopback.replies.set('/', () => undefined);
    const sender = senderTo(loopback.origin, {}, { timeoutMs: 300 });
    expect(await sender.send(message(), never)).toEqual(failed('timeout'));
  });

  it('to a name server that hangs ends in time', async () => {
    const resolve: Resolve = () => new Promise(() => undefined);
    const sender = senderTo(loopback.origin, {}, { timeoutMs: 300, resolve });
    expect(await sender.send(message(), never)).toEqual(failed('timeout'));
  });

  it('is delivered by its status, whatever the body is: endless, too long, cut off', async () => {
    const bodies: ((response: {
      write(text: string): unknown;
      destroy(): unknown;
      end(text: string): unknown;
    }) => void)[] = [
      (response) => response.write('x'),
      (response) => response.end('x'.repeat(200_000)),
      (response) => {
        response.write('x');
        setImmediate(() => response.destroy());
      },
    ];
    for (const body of bodies) {
      loopback.replies.set('/', (_seen, response) => {
        response.writeHead(200);
        body(response);
      });
      const sender = senderTo(loopback.origin, {}, { timeoutMs: 1_000 });
      expect(await sender.send(message(), never)).toEqual({ kind: 'delivered' });
    }
  });

  it('is broken off where the house is closed, and counts for nothing', async () => {
    const stop = new AbortController();
    loopback.replies.set('/', () => stop.abort());
    expect(await senderTo(loopback.origin).send(message(), stop.signal)).toEqual({ kind: 'stopped' });
  });
});

describe('the connection', () => {
  it('is not made to an address that nobody registered, by name or by number', async () => {
    const port = new URL(loopback.origin).port;
    for (const host of [
      'localhost',
      '127.0.0.1',
      '[::1]',
      '127.1',
      '0x7f000001',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
    ]) {
      const sender = senderTo(`https://${host}:${port}/`, { privateAddresses: ['10.0.0.0/8'] });
      expect([host, await sender.send(message(), never)]).toEqual([host, failed('address-not-allowed')]);
    }
    expect(loopback.seen).toEqual([]);
  });

  it('is made to nobody where one of several addresses is not allowed', async () => {
    const resolve: Resolve = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    expect(await senderTo(loopback.origin, {}, { resolve }).send(message(), never)).toEqual(
      failed('address-not-allowed'),
    );
    expect(loopback.seen).toEqual([]);
  });

  it('goes to the address that was checked: a name server that answers otherwise the second time is not asked', async () => {
    loopback.replies.set('/', (_seen, response) => response.writeHead(200, { connection: 'close' }).end());
    // Where a connection would end that was made by a second answer.
    const trap = await listen(undefined, { host: '127.0.0.2', port: Number(new URL(loopback.origin).port) });
    try {
      const asked: string[] = [];
      // First the registered address, then one that is not.
      const rebinding: Resolve = async (host) => {
        asked.push(host);
        return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
      };
      const sender = senderTo(
        loopback.origin,
        { privateAddresses: ['127.0.0.1/32'] },
        { resolve: rebinding },
      );
      expect(await sender.send(message(), never)).toEqual({ kind: 'delivered' });
      expect(asked).toEqual(['localhost']);
      // The next connection asks anew, and is checked anew.
      expect(await sender.send(message(), never)).toEqual(failed('address-not-allowed'));
      expect([asked.length, loopback.seen.length, trap.connections()]).toEqual([2, 1, 0]);
    } finally {
      await trap.close();
    }
  });

  it('takes another address of a name where the first does not answer', async () => {
    loopback.replies.set('/', (_seen, response) => response.writeHead(200).end());
    const resolve: Resolve = async () => [
      { address: '127.0.0.9', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await senderTo(loopback.origin, {}, { resolve }).send(message(), never)).toEqual({
      kind: 'delivered',
    });
  });

  it('is verified: an unknown CA, another name', async () => {
    loopback.replies.set('/', (_seen, response) => response.writeHead(200).end());
    expect(await senderTo(loopback.origin, { ca: [] }).send(message(), never)).toEqual(failed('tls-failed'));
    const port = new URL(loopback.origin).port;
    const misnamed = senderTo(`https://receiver.example:${port}/`);
    expect(await misnamed.send(message(), never)).toEqual(failed('tls-failed'));
    expect(loopback.seen).toEqual([]);
  });

  it('fails with a closed word where nobody listens, nobody has the name, or no TLS is spoken', async () => {
    const port = new URL(loopback.origin).port;
    await loopback.close();
    expect(await senderTo(`https://localhost:${port}/`).send(message(), never)).toEqual(
      failed('connection-failed'),
    );
    const resolve: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND receiver.example'), { code: 'ENOTFOUND' });
    };
    expect(await senderTo('https://receiver.example/', {}, { resolve }).send(message(), never)).toEqual(
      failed('name-not-resolved'),
    );
    const nobody = senderTo('https://receiver.example/', {}, { resolve: async () => [] });
    expect(await nobody.send(message(), never)).toEqual(failed('address-not-allowed'));
    const plain = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    try {
      const sender = senderTo(`https://localhost:${plain.port}/`);
      expect(await sender.send(message(), never)).toEqual(failed('tls-failed'));
    } finally {
      await plain.close();
    }
  });
});

describe('the settings of a receiver', () => {
  it.each([
    '',
    'whsec_',
    'secret',
    `whsec_${randomBytes(23).toString('base64')}`,
    `whsec_${randomBytes(65).toString('base64')}`,
    `whsec_${'*'.repeat(40)}`,
    randomBytes(32).toString('base64'),
  ])('with the secret %# are refused, and it is not repeated', (secret) => {
    const make = () => senderTo('https://receiver.example/', { secret });
    expect(make).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: 'clients.core.webhook.secret: must be whsec_ and 24 to 64 bytes in base64',
      }),
    );
  });

  it('are refused with a CA that cannot be read', () => {
    const make = () => senderTo('https://receiver.example/', { ca: ['-----BEGIN CERTIFICATE-----\nx'] });
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

interface Trap {
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

/** Something that listens without TLS, and counts who comes. */
async function listen(
  answer: (socket: Socket) => void = () => undefined,
  at = { host: '127.0.0.1', port: 0 },
): Promise<Trap> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(at, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

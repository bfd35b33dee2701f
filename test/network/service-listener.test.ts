import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { thumbprint } from '../../certs-example/generate.js';
import type { Peer } from '../../src/network/client-registry.js';
import {
  type RunningListener,
  type ServiceHandler,
  type ServiceListenerSettings,
  startServiceListener,
} from '../../src/network/service-listener.js';
import {
  call,
  type ListenerCertificates,
  listenerSettings,
  makeListenerCertificates,
  openSocket,
  readToEnd,
} from './support/tls.js';

let certificates: ListenerCertificates;
let running: RunningListener | undefined;
/** Where from handshakes were refused for their certificate. */
const refused: string[] = [];

beforeAll(async () => {
  certificates = await makeListenerCertificates();
});

afterEach(async () => {
  await running?.drain();
  running = undefined;
  refused.length = 0;
});

const hello: ServiceHandler = async (_request, response, peer) => {
  response.end(JSON.stringify(peer));
};

async function start(
  handler: ServiceHandler = hello,
  changes: Partial<ServiceListenerSettings> = {},
): Promise<RunningListener> {
  running = await startServiceListener(listenerSettings(certificates, changes), handler, (address) =>
    refused.push(address),
  );
  return running;
}

const ask = (port: number, client = certificates.core, agent?: Agent) =>
  call(port, certificates.ca, client, agent === undefined ? {} : { agent });

/** A promise to be kept by hand. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Waits, a turn at a time, until something has come about; the test's own limit ends what never does. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the handshake', () => {
  it('refuses a client without a certificate, and one of another CA, before any request', async () => {
    let asked = 0;
    const { port } = await start(async (_request, response) => {
      asked += 1;
      response.end();
    });
    await expect(call(port, certificates.ca, null)).rejects.toThrow();
    await until(() => refused.length === 1);
    await expect(ask(port, certificates.foreign)).rejects.toThrow();
    await until(() => refused.length === 2);
    expect(refused).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(asked).toBe(0);
    expect((await ask(port)).status).toBe(200);
  });

  it('refuses TLS below 1.2, and what is no TLS at all', async () => {
    const { port } = await start();
    const old = openSocket(port, certificates.ca, certificates.core, {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await expect(old).rejects.toThrow();
    const plain = connectPlain(port, '127.0.0.1');
    plain.on('error', () => undefined);
    plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    plain.resume();
    await once(plain, 'close');
    expect((await ask(port)).status).toBe(200);
    // Nobody's certificate was refused: there was none to look at yet.
    expect(refused).toEqual([]);
  });

  it('tells the handler which certificate it was and where it came from', async () => {
    const { port } = await start();
    const peer: Peer = JSON.parse((await ask(port)).text);
    expect(peer).toEqual({ certificateSha256: thumbprint(certificates.core.certPem), address: '127.0.0.1' });
    const stranger: Peer = JSON.parse((await ask(port, certificates.stranger)).text);
    expect(stranger.certificateSha256).toBe(thumbprint(certificates.stranger.certPem));
  });

  it('that resumes an earlier session shows the certificate of that session', async () => {
    const { port } = await start();
    const first = await openSocket(port, certificates.ca, certificates.core, { maxVersion: 'TLSv1.2' });
    const session = first.getSession();
    first.destroy();
    const second = await openSocket(port, certificates.ca, certificates.stranger, {
      maxVersion: 'TLSv1.2',
      session,
    });
    expect(second.isSessionReused()).toBe(true);
    const answer = readToEnd(second);
    second.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await answer).toContain(thumbprint(certificates.core.certPem));
  });
});

describe('limits', () => {
  it('headers above the limit never reach the handler', async () => {
    let asked = 0;
    const { port } = await start(async (_request, response) => {
      asked += 1;
      response.end();
    });
    const headers = { 'x-long': 'a'.repeat(8192) };
    await expect(call(port, certificates.ca, certificates.core, { headers })).rejects.toThrow();
    expect(asked).toBe(0);
  });

  it('connections above the limit are closed, and those within it go on', async () => {
    const { port } = await start(hello, { maxConnections: 2 });
    const agent = new Agent({ keepAlive: true });
    const kept = await openSocket(port, certificates.ca, certificates.core);
    expect((await ask(port, certificates.core, agent)).status).toBe(200);
    await expect(ask(port)).rejects.toThrow();
    expect((await ask(port, certificates.core, agent)).status).toBe(200);
    agent.destroy();
    kept.destroy();
  });

  it('headers that do not come in time end the connection', async () => {
    const { port } = await start(hello, { headersTimeoutMs: 200 });
    const socket = await openSocket(port, certificates.ca, certificates.core);
    const closed = readToEnd(socket);
    socket.write('GET / HTTP/1.1\r\nHost: loc');
    expect(await closed).not.toContain('200 OK');
  });

  it('a body that does not come in time ends the connection', async () => {
    const { port } = await start(
      async (request, response) => {
        request.resume();
        await once(request, 'close');
        response.end();
      },
      { headersTimeoutMs: 200, requestTimeoutMs: 300 },
    );
    const socket = await openSocket(port, certificates.ca, certificates.core);
    const closed = readToEnd(socket);
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12');
    expect(await closed).not.toContain('200 OK');
    await until(() => running?.inFlight() === 0);
  });

  it('a handshake that is never made ends', async () => {
    const { port } = await start(hello, { headersTimeoutMs: 200 });
    const plain = connectPlain(port, '127.0.0.1');
    plain.on('error', () => undefined);
    plain.resume();
    await once(plain, 'close');
    expect((await ask(port)).status).toBe(200);
  });
});

describe('a handler that fails', () => {
  it('costs its own caller the answer, and nobody else anything', async () => {
    let failing = true;
    const { port, inFlight } = await start(async (request, response, peer) => {
      if (failing) throw new Error('a bug');
      await hello(request, response, peer);
    });
    await expect(ask(port)).rejects.toThrow();
    await until(() => inFlight() === 0);
    failing = false;
    expect((await ask(port)).status).toBe(200);
  });
});

describe('a stop', () => {
  it('finishes and answers what is in flight, and takes nothing new', async () => {
    const work = gate();
    const listener = await start(async (_request, response) => {
      await work.passed;
      response.end('x'.repeat(1_000_000));
    });
    const answer = ask(listener.port);
    await until(() => listener.inFlight() === 1);
    const stopped = listener.drain();
    await expect(ask(listener.port)).rejects.toThrow();
    work.open();
    expect((await answer).text).toHaveLength(1_000_000);
    await stopped;
  });

  it('waits until an answer is handed over whole, however slowly it is read', async () => {
    const size = 32 * 1024 * 1024;
    const work = gate();
    const listener = await start(async (_request, response) => {
      await work.passed;
      response.end(Buffer.alloc(size, 120));
    });
    const socket = await openSocket(listener.port, certificates.ca, certificates.core);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => listener.inFlight() === 1);
    const stopped = listener.drain();
    work.open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const read = readToEnd(socket);
    socket.resume();
    expect((await read).length).toBeGreaterThan(size);
    await stopped;
  });

  it('waits for a query whose caller has gone away: its outcome is still to be written', async () => {
    const work = gate();
    let written = false;
    const listener = await start(async (_request, response) => {
      await work.passed;
      written = true;
      response.end();
    });
    const socket = await openSocket(listener.port, certificates.ca, certificates.core);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => listener.inFlight() === 1);
    socket.destroy();
    const stopped = listener.drain();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(listener.inFlight()).toBe(1);
    work.open();
    await stopped;
    expect(written).toBe(true);
  });

  it('cuts off after its time what does not end', async () => {
    const never = gate();
    const listener = await start(
      async (_request, response) => {
        await never.passed;
        response.end();
      },
      { drainMs: 50 },
    );
    const answer = ask(listener.port);
    const cut = expect(answer).rejects.toThrow();
    await until(() => listener.inFlight() === 1);
    await listener.drain();
    await cut;
    never.open();
  });

  it('does not wait for idle connections, nor for handshakes that are not made', async () => {
    const listener = await start(hello, { headersTimeoutMs: 600_000, requestTimeoutMs: 600_000 });
    const agent = new Agent({ keepAlive: true });
    await ask(listener.port, certificates.core, agent);
    const silent = connectPlain(listener.port, '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const closed = once(silent.resume(), 'close');
    await listener.drain();
    await closed;
    agent.destroy();
  });

  it('may be asked for twice', async () => {
    const listener = await start();
    await Promise.all([listener.drain(), listener.drain()]);
    await listener.drain();
  });
});

describe('the start', () => {
  it('fails where the port is taken', async () => {
    const { port } = await start();
    await expect(
      startServiceListener(listenerSettings(certificates, { port }), hello, () => undefined),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startWebListener, type WebListenerSettings } from '../../src/network/web-listener.js';
import {
  call,
  type ListenerCertificates,
  makeListenerCertificates,
  openSocket,
  readToEnd,
} from './support/tls.js';

let certificates: ListenerCertificates;
let listener: Awaited<ReturnType<typeof startWebListener>> | undefined;
beforeAll(async () => {
  certificates = await makeListenerCertificates();
});
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

async function start(
  handler: Parameters<typeof startWebListener>[1] = (_request, response) => response.end('here'),
  changes: Partial<WebListenerSettings> = {},
): Promise<number> {
  const { server } = certificates;
  listener = await startWebListener(
    {
      host: '127.0.0.1',
      port: 0,
      certificate: server.certPem,
      key: server.keyPem,
      maxConnections: 20,
      requestTimeoutMs: 20_000,
      ...changes,
    },
    handler,
  );
  return listener.port;
}

const opened = (port: number, options: ConnectionOptions = {}) =>
  connect({ host: '127.0.0.1', servername: 'localhost', port, ca: certificates.ca, ...options });
const failure = async (socket: Socket) => {
  const [error] = await once(socket, 'error');
  return error as Error;
};

describe('the web listener', () => {
  it('serves whoever comes, and never asks for a certificate', async () => {
    const port = await start();
    expect(await call(port, certificates.ca, null)).toMatchObject({ status: 200, text: 'here' });
    // One that is offered all the same is not looked at.
    expect(await call(port, certificates.ca, certificates.foreign)).toMatchObject({ status: 200 });
  });

  it('speaks nothing older than TLS 1.2', async () => {
    const port = await start();
    const socket = opened(port, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await failure(socket)).toMatchObject({ code: expect.stringMatching(/^(ERR_SSL_|ECONNRESET)/) });
    const newer = opened(port, { maxVersion: 'TLSv1.2' });
    await once(newer, 'secureConnect');
    expect(newer.getProtocol()).toBe('TLSv1.2');
    newer.destroy();
  });

  it('closes on plain HTTP', async () => {
    const port = await start();
    const socket = connectPlain(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    expect(await call(port, certificates.ca, null)).toMatchObject({ status: 200 });
  });

  it('takes no more connections than it is told, and goes on with those it has', async () => {
    const port = await start(undefined, { maxConnections: 2 });
    const held = [opened(port), opened(port)];
    await Promise.all(held.map((socket) => once(socket, 'secureConnect')));
    await expect(call(port, certificates.ca, null)).rejects.toThrow();
    held[0]?.destroy();
    await once(held[0] as Socket, 'close');
    let answer: unknown;
    while (answer === undefined) answer = await call(port, certificates.ca, null).catch(() => undefined);
    expect(answer).toMatchObject({ status: 200 });
    held[1]?.destroy();
  });

  it('ends a request that does not come to its end, and headers too long', async () => {
    const port = await start(undefined, { requestTimeoutMs: 300 });
    const slow = await openSocket(port, certificates.ca, certificates.core);
    slow.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect(await readToEnd(slow)).not.toContain('200');
    await expect(
      call(port, certificates.ca, null, { headers: { 'X-Long': 'a'.repeat(9000) } }),
    ).rejects.toThrow();
  });

  it('stops while connections are idle, half open or without a handshake; what is being answered is finished', async () => {
    let finish: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let end: (() => void) | undefined;
    const port = await start((request, response) => {
      if (request.url === '/slow') {
        end = () => response.end('late');
        finish();
      } else response.end('here');
    });
    const idle = opened(port);
    await once(idle, 'secureConnect');
    idle.on('error', () => undefined);
    const bare = connectPlain(port, '127.0.0.1');
    await once(bare, 'connect');
    const slow = call(port, certificates.ca, null, { path: '/slow' });
    await begun;
    const closed = listener?.close();
    end?.();
    expect(await slow).toMatchObject({ status: 200, text: 'late' });
    await closed;
    await expect(call(port, certificates.ca, null)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    idle.destroy();
    bare.destroy();
  });

  it('says where its port is taken', async () => {
    const port = await start();
    const { server } = certificates;
    const second = startWebListener(
      {
        host: '127.0.0.1',
        port,
        certificate: server.certPem,
        key: server.keyPem,
        maxConnections: 1,
        requestTimeoutMs: 1000,
      },
      () => undefined,
    );
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

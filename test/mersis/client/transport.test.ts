import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isBridgeError } from '../../../src/errors/bridge-error.js';
import { createMersisSource } from '../../../src/mersis/mersis-client.js';
import type { MersisSettings } from '../../../src/mersis/settings.js';
import { tlsOptions } from '../../../src/mersis/tls.js';
import { MERSIS_NO } from './support/answers.js';
import { certificates, PASSWORD, type Registry, settingsFor, startRegistry } from './support/registry.js';

const ASKED = { mersisNo: MERSIS_NO };
const CONNECTION = { kind: 'fault', fault: { kind: 'unavailable', cause: 'connection' } };
const REFUSED = { kind: 'fault', fault: { kind: 'refused' } };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function started(...how: Parameters<typeof startRegistry>): Promise<Registry> {
  const registry = await startRegistry(...how);
  closers.push(() => registry.close());
  return registry;
}

/** A server on loopback that keeps the first bytes of each connection. */
async function listening(onData: (socket: Socket) => void): Promise<{ port: number; got: () => string }> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      onData(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    got: () => Buffer.concat(chunks).toString('latin1'),
  };
}

describe.each(['soap', 'rest'] as const)('over TLS, %s', (adapter) => {
  it('sends nothing to a server of another CA', async () => {
    const { otherCa } = await certificates();
    const registry = await started(adapter);
    expect(await registry.source({ caPems: [otherCa.certPem] }).read(ASKED)).toEqual(CONNECTION);
    expect(registry.seen).toEqual([]);
  });

  it('sends nothing to a server of another name', async () => {
    const { misnamed } = await certificates();
    const registry = await started(adapter, { server: misnamed });
    expect(await registry.source().read(ASKED)).toEqual(CONNECTION);
    expect(registry.seen).toEqual([]);
  });

  it('is refused without a client certificate', async () => {
    const registry = await started(adapter);
    expect(await registry.source({ clientCertificate: null }).read(ASKED)).toEqual(REFUSED);
    expect(registry.seen).toEqual([]);
  });

  it('is refused with a certificate of a CA that the server does not know', async () => {
    const { foreignClient } = await certificates();
    const registry = await started(adapter);
    const source = registry.source({ clientCertificate: foreignClient });
    for (let count = 0; count < 5; count += 1) expect(await source.read(ASKED)).toEqual(REFUSED);
    expect(registry.seen).toEqual([]);
  });

  it('reads from a server that speaks TLS 1.2', async () => {
    const registry = await started(adapter, { maxVersion: 'TLSv1.2' });
    expect(await registry.source().read(ASKED)).toMatchObject({ kind: 'found' });
  });

  it('gives no password to a server that does not speak TLS', async () => {
    const plain = await listening((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const registry = await started(adapter);
    const source = registry.source({ url: `https://localhost:${plain.port}/sorgu` });
    expect(await source.read(ASKED)).toEqual(CONNECTION);
    expect(plain.got()).not.toMatch(/authorization|Basic/i);
    expect(plain.got()).not.toContain(MERSIS_NO);
  });

  it('ends in time where the handshake never does', async () => {
    const mute = await listening(() => {});
    const registry = await started(adapter);
    const source = registry.source({ url: `https://localhost:${mute.port}/sorgu`, timeoutMs: 500 });
    expect(await source.read(ASKED)).toEqual({
      kind: 'fault',
      fault: { kind: 'unavailable', cause: 'timeout' },
    });
  });

  it('tells a port that nobody listens at', async () => {
    const registry = await started(adapter);
    const source = registry.source();
    await registry.close();
    expect(await source.read(ASKED)).toEqual(CONNECTION);
  });

  it('comes from the address that stands on the allow-list, or not at all', async () => {
    const registry = await started(adapter);
    expect(await registry.source({ localAddress: '127.0.0.1' }).read(ASKED)).toMatchObject({ kind: 'found' });
    expect(await registry.source({ localAddress: '192.0.2.1' }).read(ASKED)).toEqual(CONNECTION);
    expect(registry.seen).toHaveLength(1);
  });

  it('asks no proxy of the environment', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => response.end(void asked.push(request.url ?? '')));
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => proxy.close(resolve)));
    const before = process.env.https_proxy;
    process.env.https_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const registry = await started(adapter);
      expect(await registry.source().read(ASKED)).toMatchObject({ kind: 'found' });
    } finally {
      if (before === undefined) delete process.env.https_proxy;
      else process.env.https_proxy = before;
    }
    expect(asked).toEqual([]);
  });
});

it('says aloud that it verifies, so that no default and no environment decides it', async () => {
  const settings = settingsFor('https://localhost:1/', await certificates());
  expect(tlsOptions(settings).rejectUnauthorized).toBe(true);
  expect(tlsOptions({ ...settings, caPems: [], clientCertificate: null }).rejectUnauthorized).toBe(true);
});

describe('settings that cannot be used', () => {
  it.each<[string, (good: MersisSettings) => Partial<MersisSettings>]>([
    ['an address without TLS', () => ({ url: 'http://localhost/sorgu' })],
    ['an address with a password', () => ({ url: `https://u:${encodeURIComponent(PASSWORD)}@localhost/` })],
    ['an address with a fragment', () => ({ url: 'https://localhost/#a' })],
    ['no address', () => ({ url: 'sorgu' })],
    ['a user name with a colon', () => ({ userName: 'a:b' })],
    ['a password with a line end', () => ({ password: `${PASSWORD}\r\nx: y` })],
    [
      'a key that is none',
      ({ clientCertificate }) => ({
        clientCertificate: { certPem: clientCertificate?.certPem ?? '', keyPem: PASSWORD },
      }),
    ],
    [
      'a CA that is none',
      () => ({ caPems: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'] }),
    ],
  ])('as %s are refused at the start, and not quoted', async (_name, change) => {
    const good = settingsFor('https://localhost:1/', await certificates());
    const error = await refusalOf({ ...good, ...change(good) }, 'wsdl');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(PASSWORD);
  });

  it.each([
    ['no folder of WSDLs', undefined],
    ['a folder without ours', 'docs'],
  ])('as %s are refused at the start', async (_name, wsdlDirectory) => {
    await refusalOf(settingsFor('https://localhost:1/', await certificates()), wsdlDirectory);
  });
});

async function refusalOf(settings: MersisSettings, wsdlDirectory: string | undefined): Promise<unknown> {
  let thrown: unknown;
  try {
    await createMersisSource(settings, { wsdlDirectory }).close();
  } catch (error) {
    thrown = error;
  }
  expect(isBridgeError(thrown, 'CONFIG_INVALID')).toBe(true);
  return thrown;
}

import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type AuditFiles, auditFiles } from '../../src/api/audit-files.js';
import { createWebApp } from '../../src/api/web-app.js';
import type { TileName } from '../../src/audit/tree/tiles.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const NOTE = 'log.example/test\n600\nroot\n\n— sig\n';
const asked: TileName[] = [];
/** A log of 600 leaves: level 0 has two full tiles and one of 88, level 1 one of 2. */
const FILES: AuditFiles = {
  checkpoint: async () => ({ size: 600n, note: NOTE }),
  tile: async (name) => {
    asked.push(name);
    return Buffer.alloc(name.width * 32, Number(name.index) + 1);
  },
};

async function start(files: Partial<AuditFiles> = {}) {
  asked.length = 0;
  const app = createWebApp({ '/audit': auditFiles({ ...FILES, ...files }) });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  // By hand: fetch would tidy up the paths that a test is about.
  return (path: string, method = 'GET') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on('error', reject);
      sent.end();
    });
}

describe('the public files of the log', () => {
  it('are the newest checkpoint, as it was signed and asked for anew each time', async () => {
    const get = await start();
    const { status, headers, body } = await get('/audit/checkpoint');
    expect([status, body.toString()]).toEqual([200, NOTE]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-cache',
    });
  });

  it.each([
    ['tile/0/000', { level: 0, index: 0n, width: 256 }],
    ['tile/0/001', { level: 0, index: 1n, width: 256 }],
    ['tile/0/002.p/88', { level: 0, index: 2n, width: 88 }],
    ['tile/0/002.p/1', { level: 0, index: 2n, width: 1 }],
    ['tile/0/001.p/7', { level: 0, index: 1n, width: 7 }],
    ['tile/1/000.p/2', { level: 1, index: 0n, width: 2 }],
  ])('hold %s, whole and for ever', async (path, name) => {
    const get = await start();
    const { status, headers, body } = await get(`/audit/${path}`);
    expect(status).toBe(200);
    expect(asked).toEqual([name]);
    expect(body).toEqual(Buffer.alloc(name.width * 32, Number(name.index) + 1));
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  it.each([
    'tile/0/002',
    'tile/0/002.p/89',
    'tile/0/003.p/1',
    'tile/1/000.p/3',
    'tile/1/000',
    'tile/2/000.p/1',
    'tile/0/x000/000',
    'tile/0/0',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/8/000',
    'tile/-1/000',
    'tile/entries/000',
    'tile/0/x999/x999/x999/x999/999',
    'tile/0/000/',
    'checkpoint/',
    '',
    'entries/000',
    '../audit/tile/0/000',
    '%74ile/0/000',
    'tile/0/%zz',
    'tile//0/000',
  ])('do not hold %s, and nothing is read for it', async (path) => {
    const get = await start();
    const { status, body } = await get(`/audit/${path}`);
    expect([status, body.toString()]).toEqual([404, 'not found\n']);
    expect(asked).toEqual([]);
  });

  it('are none before anything was signed', async () => {
    const get = await start({ checkpoint: async () => null });
    for (const path of ['/audit/checkpoint', '/audit/tile/0/000.p/1'])
      expect((await get(path)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it('answer HEAD with the headers of GET and no body', async () => {
    const get = await start();
    for (const path of ['/audit/checkpoint', '/audit/tile/0/000']) {
      const [whole, head] = [await get(path), await get(path, 'HEAD')];
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      expect(head.headers['content-length']).toBe(String(whole.body.length));
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('know no %s', async (method) => {
    const get = await start();
    const { status, headers } = await get('/audit/checkpoint', method);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('are 404 where the database lacks what the checkpoint covers, and 500 without a word where it fails', async () => {
    const get = await start({ tile: async () => null });
    expect((await get('/audit/tile/0/000')).status).toBe(404);
    server?.close();
    const failing = await start({ tile: () => Promise.reject(new Error('secret-detail')) });
    const { status, body } = await failing('/audit/tile/0/000');
    expect([status, body.toString()]).toEqual([500, 'error\n']);
  });

  it('never take more than two readings of the database at once; who comes far behind is sent away', async () => {
    let reading = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const get = await start({
      tile: async () => {
        reading += 1;
        most = Math.max(most, reading);
        await new Promise<void>((resolve) => ends.push(resolve));
        reading -= 1;
        return Buffer.alloc(32);
      },
    });
    const answers: number[] = [];
    const all = Array.from({ length: 70 }, () =>
      get('/audit/tile/0/000.p/1').then(({ status }) => answers.push(status)),
    );
    while (answers.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answers).toEqual([503, 503, 503, 503]);
    while (answers.length < 70) {
      ends.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(all);
    expect(most).toBe(2);
    expect(answers.filter((status) => status === 200)).toHaveLength(66);
  });
});

describe('the web', () => {
  it('has nothing else, and repeats nothing of what it was asked for', async () => {
    const get = await start();
    for (const path of ['/', '/giris', '/auditx/checkpoint', '/audit/checkpoint/x?q=canary', '/%zz?canary']) {
      const { status, body } = await get(path);
      expect([status, body.toString()]).toEqual([404, 'not found\n']);
    }
  });

  it('lets no page frame it, guess its types, or learn where its readers come from', async () => {
    const get = await start();
    for (const path of ['/', '/audit/checkpoint', '/audit/tile/0/000']) {
      const { headers } = await get(path);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'; frame-ancestors 'none'"),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type OpsSources, startOpsListener } from '../../src/network/ops-listener.js';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
});

async function start(
  sources: Partial<OpsSources> = {},
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const listener = await startOpsListener(
    { host: '127.0.0.1', port: 0 },
    {
      ready: async () => [],
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'bridge_up 1\n' }),
      ...sources,
    },
  );
  close = listener.close;
  return (path, init) => fetch(`http://127.0.0.1:${listener.port}${path}`, init);
}

describe('the operations listener', () => {
  it('is alive as soon as it answers, even where the bridge cannot do its work', async () => {
    const get = await start({ ready: async () => ['database'] });
    expect((await get('/livez')).status).toBe(200);
  });

  it('is ready where nothing stands in the way, and names what does', async () => {
    const obstacles: string[] = [];
    const get = await start({ ready: async () => obstacles });
    expect((await get('/readyz')).status).toBe(200);
    obstacles.push('database');
    const answer = await get('/readyz');
    expect([answer.status, await answer.text()]).toEqual([503, 'database\n']);
  });

  it('gives the metrics as they are made', async () => {
    const answer = await (await start())('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(await answer.text()).toBe('bridge_up 1\n');
  });

  it('says nothing of what failed', async () => {
    const fail = async () => {
      throw new Error('postgres://user:secret@host');
    };
    const get = await start({ metrics: fail, ready: fail });
    for (const path of ['/metrics', '/readyz']) {
      const answer = await get(path);
      expect([answer.status, await answer.text()]).toEqual([500, 'error\n']);
    }
  });

  it.each(['/', '/metrics/', '/readyz?verbose', '/admin'])('knows nothing else: %s', async (path) => {
    const answer = await (await start())(path);
    expect([answer.status, await answer.text()]).toEqual([404, 'not found\n']);
  });

  it('only lets itself be read', async () => {
    expect((await (await start())('/livez', { method: 'POST' })).status).toBe(405);
  });

  it('closes with connections open', async () => {
    const get = await start();
    const { port } = new URL((await get('/livez')).url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket.resume(), 'close');
    await close?.();
    close = undefined;
    socket.destroy();
    await closed;
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the operations listener can tell. */
export interface OpsSources {
  /** Empty where the bridge can do its work; otherwise what stands in the way, as short words. */
  ready(): Promise<readonly string[]>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const TIMEOUT_MS = 5000;

/** Starts `/livez`, `/readyz` and `/metrics` over plain HTTP, for the machine's own monitoring. */
export async function startOpsListener(
  settings: { readonly host: string; readonly port: number },
  sources: OpsSources,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(
    {
      requestTimeout: TIMEOUT_MS,
      headersTimeout: TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 8192,
    },
    (request, response) => {
      void answer(request.method ?? '', request.url ?? '', sources)
        .catch(() => ({ status: 500, type: 'text/plain; charset=utf-8', text: 'error\n' }))
        .then(({ status, type, text }) => {
          response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
        });
    },
  );
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(method: string, url: string, sources: OpsSources) {
  const plain = 'text/plain; charset=utf-8';
  if (method !== 'GET') return { status: 405, type: plain, text: 'GET only\n' };
  if (url === '/livez') return { status: 200, type: plain, text: 'ok\n' };
  if (url === '/readyz') {
    const obstacles = await sources.ready();
    return obstacles.length === 0
      ? { status: 200, type: plain, text: 'ok\n' }
      : { status: 503, type: plain, text: `${obstacles.join('\n')}\n` };
  }
  if (url === '/metrics') {
    const metrics = await sources.metrics();
    return { status: 200, type: metrics.contentType, text: metrics.text };
  }
  return { status: 404, type: plain, text: 'not found\n' };
}

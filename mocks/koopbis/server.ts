import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createKoopbis } from './app.js';
import { createChoices } from './cooperatives.js';
import { createLogoutCheck } from './logout-token.js';
import { createProvider } from './provider.js';
import { openSecureFetch } from './secure-fetch.js';
import type { KoopbisSettings } from './settings.js';

/** Starts the application on loopback over TLS; port 0 takes a free one. */
export async function startKoopbis(
  settings: KoopbisSettings,
  now: () => number = Date.now,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const secure = openSecureFetch(settings);
  const provider = createProvider(settings, secure.fetch, now);
  const app = createKoopbis({
    settings,
    provider,
    fetch: secure.fetch,
    choices: createChoices(settings.worldFile),
    checkLogout: createLogoutCheck(provider, settings.client.id, secure.fetch, now),
    now,
  });
  const { cert, key } = settings;
  const server = createServer({ cert, key, minVersion: 'TLSv1.2', requestTimeout: 30_000 }, app);
  await listen(server, settings.port);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await secure.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

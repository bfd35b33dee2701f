// jest's global setup for the database tests: one embedded server for the run, under var/test-postgres-<pid>.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import './typescript-loader.mjs';

const { startEmbedded } = await import('../../src/storage/embedded/start.ts');
const { removeEmbedded } = await import('../../src/storage/embedded/remove.ts');

export default async function startPostgres() {
  mkdirSync('var', { recursive: true });
  for (const name of readdirSync('var')) {
    const [, pid] = /^test-postgres-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeEmbedded({ directory: `var/${name}` });
  }
  const directory = `var/test-postgres-${process.pid}`;
  const server = await startEmbedded({ directory });
  process.env.BRIDGE_TEST_POSTGRES = JSON.stringify({
    adminUrl: server.adminUrl,
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
  });
  globalThis.stopTestPostgres = async () => {
    await server.stop();
    await removeEmbedded({ directory });
  };
}

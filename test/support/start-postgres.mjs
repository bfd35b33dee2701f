// jest's global setup for the database tests: one embedded server for the run, under var/test-postgres-<pid>, with one database
// in which the project's migrations are applied, of which the tests' databases are copies.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import './typescript-loader.mjs';

const { startEmbedded } = await import('../../src/storage/embedded/start.ts');
const { removeEmbedded } = await import('../../src/storage/embedded/remove.ts');
const { asAdmin, createBridgeDatabase } = await import('../../src/storage/embedded/roles.ts');
const { migrate } = await import('../../src/storage/migrate.ts');

const MIGRATIONS = fileURLToPath(new URL('../../src/storage/migrations', import.meta.url));
/** What no test changes: nobody connects to it once it is made. */
const TEMPLATE = 'migrated';

export default async function startPostgres() {
  mkdirSync('var', { recursive: true });
  for (const name of readdirSync('var')) {
    const [, pid] = /^test-postgres-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeEmbedded({ directory: `var/${name}` });
  }
  const directory = `var/test-postgres-${process.pid}`;
  const server = await startEmbedded({ directory });
  globalThis.stopTestPostgres = async () => {
    await server.stop();
    await removeEmbedded({ directory });
  };
  await asAdmin(server.adminUrl, (ask) => createBridgeDatabase(ask, TEMPLATE));
  const url = Object.assign(new URL(server.ownerUrl), { pathname: `/${TEMPLATE}` }).href;
  await migrate({ url, directory: MIGRATIONS });
  process.env.BRIDGE_TEST_POSTGRES = JSON.stringify({
    adminUrl: server.adminUrl,
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    migrated: TEMPLATE,
  });
}

import { MIGRATIONS } from '../../src/house/open-storage.js';
import type { Database } from '../../src/storage/database.js';
import type { AttachedServer } from '../../src/storage/embedded/attach.js';
import { asAdmin, createBridgeDatabase } from '../../src/storage/embedded/roles.js';
import { migrate } from '../../src/storage/migrate.js';
import { openDatabase } from '../../src/storage/pool.js';

/** As the bridge has them by default (src/config/schema/database.ts). */
const POOL = {
  maxConnections: 10,
  applicationName: 'bench',
  statementTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
} as const;

/** Runs `work` in a database of its own with the project's migrations, as the application's role; drops it afterwards. */
export async function inFreshDatabase<T>(
  server: AttachedServer,
  name: string,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  await asAdmin(server.adminUrl, (ask) => createBridgeDatabase(ask, name));
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  try {
    await migrate({ url: at(server.ownerUrl), directory: MIGRATIONS() });
    // What the database before left to be written must not be written during this measurement.
    await asAdmin(server.adminUrl, (ask) => ask('CHECKPOINT'));
    const db = openDatabase({ url: at(server.appUrl), ...POOL });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  } finally {
    await asAdmin(server.adminUrl, (ask) => ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
}

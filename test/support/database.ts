import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/storage/database.js';
import { asAdmin, createBridgeDatabase } from '../../src/storage/embedded/roles.js';
import { migrate } from '../../src/storage/migrate.js';
import { openDatabase } from '../../src/storage/pool.js';

/** The project's own migrations. */
export const MIGRATIONS = fileURLToPath(new URL('../../src/storage/migrations', import.meta.url));

/** A database of one test file. The URLs' roles: superuser, bridge_owner, bridge_app. */
export interface TestDatabase {
  readonly name: string;
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Pool of the application's role. */
  readonly db: Database;
  /** Closes the pool and drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** Limits that suit tests. */
export const TEST_POOL = {
  maxConnections: 4,
  applicationName: 'test',
  statementTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
} as const;

/** The URLs of the run's server, as its globalSetup left them. */
export function testServer(): { adminUrl: string; ownerUrl: string; appUrl: string } {
  const text = process.env.BRIDGE_TEST_POSTGRES;
  if (text === undefined) throw new Error('no test server: is this file named *.db.test.ts?');
  return JSON.parse(text) as { adminUrl: string; ownerUrl: string; appUrl: string };
}

/** Creates an empty database; with `migrations` the project's are applied. */
export async function createTestDatabase(options: { migrations?: boolean } = {}): Promise<TestDatabase> {
  const server = testServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(server.adminUrl, (ask) => createBridgeDatabase(ask, name));
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const [adminUrl, ownerUrl, appUrl] = [at(server.adminUrl), at(server.ownerUrl), at(server.appUrl)];
  const present = existsSync(MIGRATIONS) && readdirSync(MIGRATIONS).some((file) => file.endsWith('.sql'));
  if (options.migrations === true && present) await migrate({ url: ownerUrl, directory: MIGRATIONS });
  const db = openDatabase({ url: appUrl, ...TEST_POOL });
  const drop = async (): Promise<void> => {
    await db.close();
    await asAdmin(server.adminUrl, (ask) => ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { name, adminUrl, ownerUrl, appUrl, db, drop };
}

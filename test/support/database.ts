import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/storage/database.js';
import { asAdmin, createBridgeDatabase } from '../../src/storage/embedded/roles.js';
import { openDatabase } from '../../src/storage/pool.js';
import type { Ask } from '../../src/storage/single-connection.js';

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
export function testServer(): { adminUrl: string; ownerUrl: string; appUrl: string; migrated: string } {
  const text = process.env.BRIDGE_TEST_POSTGRES;
  if (text === undefined) throw new Error('no test server: is this file named *.db.test.ts?');
  return JSON.parse(text) as ReturnType<typeof testServer>;
}

/** Creates an empty database; with `migrations` a copy of one in which the project's are applied. */
export async function createTestDatabase(options: { migrations?: boolean } = {}): Promise<TestDatabase> {
  const server = testServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(server.adminUrl, (ask) =>
    options.migrations === true ? copyDatabase(ask, server.migrated, name) : createBridgeDatabase(ask, name),
  );
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const [adminUrl, ownerUrl, appUrl] = [at(server.adminUrl), at(server.ownerUrl), at(server.appUrl)];
  const db = openDatabase({ url: appUrl, ...TEST_POOL });
  const drop = async (): Promise<void> => {
    await db.close();
    await asAdmin(server.adminUrl, (ask) => ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { name, adminUrl, ownerUrl, appUrl, db, drop };
}

/** As `createBridgeDatabase`, with what stands in `template`; rights on the database itself are not copied. */
async function copyDatabase(ask: Ask, template: string, name: string): Promise<void> {
  await ask(`CREATE DATABASE ${name} OWNER bridge_owner TEMPLATE ${template}`);
  await ask(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await ask(`GRANT CONNECT ON DATABASE ${name} TO bridge_app`);
}

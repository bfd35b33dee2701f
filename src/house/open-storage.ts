import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';
import type { Database } from '../storage/database.js';
import { requireAppendOnlyRole, requireDurable } from '../storage/durability.js';
import { attachEmbedded } from '../storage/embedded/attach.js';
import { startEmbedded } from '../storage/embedded/start.js';
import { migrate, requireSchema } from '../storage/migrate.js';
import { openDatabase } from '../storage/pool.js';

/** The database that the settings name, reachable. `release` gives back what was started for it. */
export interface OpenStorage {
  readonly db: Database;
  readonly embedded: { readonly port: number; readonly attached: boolean } | null;
  release(): Promise<void>;
}

/** URLs of the application's and the owner's role. They hold passwords: never print them. */
interface Urls {
  readonly app: string;
  readonly owner: string | null;
}

/** One transaction at a time. */
const OWNER_CONNECTIONS = 1;

/** Tables that the application's role may add to and read, never change. */
const APPEND_ONLY = [
  'bridge.entry',
  'bridge.fee_line',
  'bridge.fee_correction',
  'bridge.fee_figure',
  'bridge.fee_import',
  'bridge.fee_notice',
  'bridge.fee_payment',
  'bridge.fee_stop_lift',
  'bridge.fee_tariff_switch',
];

export const MIGRATIONS = (): string => join(packageRoot(), 'src/storage/migrations');

/**
 * For `bridge serve`: starts or attaches to the embedded server, or takes the URL; migrates where the settings say so;
 * refuses a database that could lose or change what was acknowledged.
 */
export async function openStorage(config: BridgeConfig, onOwnershipLost: () => void): Promise<OpenStorage> {
  const { embedded } = config.database;
  if (embedded === undefined) {
    const db = await openChecked(config, urlsOf(config), config.database.migrateOnStart);
    return { db, embedded: null, release: () => db.close() };
  }
  const server = await startEmbedded({
    directory: embedded.directory,
    ...(embedded.port === undefined ? {} : { port: embedded.port }),
    onOwnershipLost,
  });
  try {
    const urls = { app: server.appUrl, owner: server.ownerUrl };
    const db = await openChecked(config, urls, config.database.migrateOnStart);
    const release = async () => {
      await db.close();
      await server.stop();
    };
    return { db, embedded: { port: server.port, attached: server.attached }, release };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** For commands beside a running bridge: attaches, starts nothing, migrates nothing. */
export async function attachStorage(config: BridgeConfig): Promise<Database> {
  const { embedded } = config.database;
  if (embedded === undefined) return openChecked(config, urlsOf(config), false);
  const server = await attachEmbedded({ directory: embedded.directory });
  return openChecked(config, { app: server.appUrl, owner: null }, false);
}

/** For commands that take whole ranges out and back in: as the role that owns the tables, beside a running bridge. */
export async function attachAsOwner(config: BridgeConfig): Promise<Database> {
  const { embedded } = config.database;
  const owner =
    embedded === undefined
      ? urlsOf(config).owner
      : (await attachEmbedded({ directory: embedded.directory })).ownerUrl;
  if (owner === null)
    throw new BridgeError('CONFIG_INVALID', 'database.ownerUrl: needed, the tables belong to another role');
  const { statementTimeoutMs, connectTimeoutMs } = config.database;
  return openDatabase({
    url: owner,
    maxConnections: OWNER_CONNECTIONS,
    statementTimeoutMs,
    connectTimeoutMs,
    applicationName: `bridge ${config.instance} owner`,
  });
}

/**
 * For `bridge migrate`: brings the schema up to this bridge's, then does `afterwards` while the database is there (an embedded
 * one that was started for this stops again).
 */
export async function migrateStorage(
  config: BridgeConfig,
  afterwards: (db: () => Promise<Database>) => Promise<void>,
): Promise<{ from: number; to: number }> {
  const { embedded } = config.database;
  const migrateThen = async (urls: Urls) => {
    const migrated = await migrateAs(urls.owner);
    await afterwards(() => openChecked(config, urls, false));
    return migrated;
  };
  if (embedded === undefined) return migrateThen(urlsOf(config));
  const server = await startEmbedded({
    directory: embedded.directory,
    ...(embedded.port ? { port: embedded.port } : {}),
  });
  try {
    return await migrateThen({ app: server.appUrl, owner: server.ownerUrl });
  } finally {
    if (server.attached) server.detach();
    else await server.stop();
  }
}

function urlsOf(config: BridgeConfig): Urls {
  const { url, ownerUrl } = config.database;
  if (url === undefined) throw new BridgeError('CONFIG_INVALID', 'database: needs url or embedded');
  return { app: url.reveal(), owner: ownerUrl?.reveal() ?? null };
}

function migrateAs(ownerUrl: string | null): Promise<{ from: number; to: number }> {
  if (ownerUrl === null) {
    throw new BridgeError(
      'CONFIG_INVALID',
      'database.ownerUrl: needed to migrate; migrations run as another role',
    );
  }
  return migrate({ url: ownerUrl, directory: MIGRATIONS() });
}

async function openChecked(config: BridgeConfig, urls: Urls, migrating: boolean): Promise<Database> {
  if (migrating) await migrateAs(urls.owner);
  const { maxConnections, statementTimeoutMs, connectTimeoutMs } = config.database;
  const db = openDatabase({
    url: urls.app,
    maxConnections,
    statementTimeoutMs,
    connectTimeoutMs,
    applicationName: `bridge ${config.instance}`,
  });
  try {
    await requireDurable(db);
    await requireSchema({ db, directory: MIGRATIONS() });
    await requireAppendOnlyRole(db, APPEND_ONLY);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

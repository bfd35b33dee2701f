import { BridgeError } from '../../errors/bridge-error.js';
import { type Ask, withConnection } from '../single-connection.js';
import { type RunningPostmaster, sameDirectory } from './postmaster.js';
import type { ServerSecrets } from './secrets.js';

const LIMITS = {
  applicationName: 'bridge embedded server',
  statementTimeoutMs: 30_000,
  connectTimeoutMs: 10_000,
};

/** Runs `work` as the server's superuser. */
export function asAdmin<T>(adminUrl: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  return withConnection({ url: adminUrl, ...LIMITS }, work);
}

/**
 * Proves that the server behind `adminUrl` is the one found on `data`: it takes our password, serves that directory and
 * started when its pid file says. Throws START_REFUSED where it is another, DATABASE_UNAVAILABLE where it does not answer.
 */
export async function requireSameServer(
  adminUrl: string,
  data: string,
  found: RunningPostmaster,
): Promise<void> {
  const refuse = (why: string, cause?: unknown): BridgeError =>
    new BridgeError('START_REFUSED', `a server runs on ${data} (process ${found.pid}), but ${why}`, {
      fields: { part: 'embedded-database', pid: found.pid },
      cause,
    });
  const [answer] = await asAdmin(adminUrl, (ask) =>
    ask<{ directory: string; started: number }>(
      `SELECT current_setting('data_directory') AS directory,
              extract(epoch FROM pg_postmaster_start_time())::float8 AS started`,
    ),
  ).catch((error: unknown) => {
    const reason = error instanceof BridgeError ? error.fields.reason : undefined;
    throw reason === '28P01' ? refuse('it does not take the password in server.json', error) : error;
  });
  // The pid file's time is taken a moment before the server's own.
  const agrees = answer !== undefined && Math.abs(answer.started - found.startedAt) < 60;
  if (!agrees || !sameDirectory(answer.directory, data))
    throw refuse(`another server answers on port ${found.port}`);
}

/**
 * Makes the two roles and the database `bridge` where they are missing; safe to repeat, so that a start killed half-way
 * heals at the next. `bridge_owner` owns the database and runs migrations; `bridge_app` may log in and nothing else.
 */
export async function ensureRoles(adminUrl: string, secrets: ServerSecrets): Promise<void> {
  await asAdmin(adminUrl, async (ask) => {
    const roles = await ask<{ rolname: string }>(`SELECT rolname::text FROM pg_roles`);
    for (const role of ['bridge_owner', 'bridge_app'] as const) {
      if (roles.some(({ rolname }) => rolname === role)) continue;
      // Our own hex digits: nothing to escape. CREATE ROLE takes no parameters.
      await ask(`CREATE ROLE ${role} LOGIN PASSWORD '${secrets.passwords[role]}'`);
    }
    const found = await ask(`SELECT 1 FROM pg_database WHERE datname = 'bridge'`);
    if (found.length === 0) await createBridgeDatabase(ask, 'bridge');
    await closeToOthers(ask, 'bridge');
  });
}

/** Creates a database owned by `bridge_owner`, to which of all others only `bridge_app` may connect. */
export async function createBridgeDatabase(ask: Ask, name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
    throw new BridgeError('WRONG_USE', 'not a plain database name', { fields: { name } });
  }
  await ask(`CREATE DATABASE ${name} OWNER bridge_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  await closeToOthers(ask, name);
}

async function closeToOthers(ask: Ask, name: string): Promise<void> {
  await ask(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await ask(`GRANT CONNECT ON DATABASE ${name} TO bridge_app`);
}

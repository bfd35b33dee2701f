import type { BridgeConfig } from '../../config/schema.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { LeaderLock, Leadership } from '../../mersis/poll/leader.js';
import type { ConnectionOptions } from '../../storage/connection.js';
import { attachEmbedded } from '../../storage/embedded/attach.js';
import { type Ask, askOf, connectClient } from '../../storage/single-connection.js';

const TRY_LOCK = 'SELECT pg_try_advisory_lock(7202, 11) AS taken';

/**
 * Leadership as an advisory lock of a session of its own: PostgreSQL gives it back when the connection ends, however the process does. It
 * needs a session that is one: no pooler in transaction mode between. Errors: `DATABASE_UNAVAILABLE`.
 */
export function createLeaderLock(options: () => Promise<ConnectionOptions>): LeaderLock {
  return {
    tryTake: async () => {
      const client = await connectClient(await options());
      // It goes with the connection, so nothing more needs be given back.
      const end = () => client.end().catch(() => undefined);
      try {
        const ask = askOf(client);
        const [row] = await ask<{ taken: boolean }>(TRY_LOCK);
        if (row?.taken === true) return leadershipOf(ask, end);
      } catch (error) {
        await end();
        throw error;
      }
      await end();
      return null;
    },
  };
}

function leadershipOf(ask: Ask, end: () => Promise<void>): Leadership {
  return {
    // While the session answers, it has the lock.
    holds: () =>
      ask('SELECT 1').then(
        () => true,
        () => false,
      ),
    release: end,
  };
}

/** A connection of its own to what the settings name, as the application's role. Asked anew each time: an embedded server may have moved. */
export function ownConnection({ database, instance }: BridgeConfig): () => Promise<ConnectionOptions> {
  return async () => {
    const { connectTimeoutMs, embedded, statementTimeoutMs, url } = database;
    const appUrl =
      embedded === undefined
        ? url?.reveal()
        : (await attachEmbedded({ directory: embedded.directory })).appUrl;
    if (appUrl === undefined) throw new BridgeError('CONFIG_INVALID', 'database: needs url or embedded');
    return {
      url: appUrl,
      applicationName: `bridge ${instance} mersis`,
      statementTimeoutMs,
      connectTimeoutMs,
    };
  };
}

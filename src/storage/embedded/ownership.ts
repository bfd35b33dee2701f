import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import { askOf, connectClient } from '../single-connection.js';

/** Key of the advisory lock in the database `postgres`: the ASCII bytes of "KOOPBIS1". */
const LOCK_KEY = '0x4b4f4f5042495331';
const LOCK_SQL = `SELECT pg_try_advisory_lock(${BigInt(LOCK_KEY)}) AS taken`;

/** The server needs a moment to see that a killed owner's connection is closed. */
const PREDECESSOR_LIMIT_MS = 3_000;
const RETRY_MS = 250;
const LIMITS = { applicationName: 'bridge owner', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 };

/** The right to be the one bridge on this server. */
export interface Ownership {
  /** From now on a lost connection is not opened again; the lock itself stays. */
  retire(): void;
  release(): Promise<void>;
}

/**
 * Takes the right to be the only bridge on the server: an advisory lock of a connection that is held as long as the bridge
 * lives. It cannot outlive its holder, however that dies, and needs no file that would have to be judged stale. Throws
 * DATABASE_IN_USE where another holds it. A connection lost later (a crash of the server) is opened and locked again;
 * `onLost` is called where another bridge was faster.
 */
export async function takeOwnership(
  adminUrl: string,
  onLost: (error: BridgeError) => void,
): Promise<Ownership> {
  let released = false;
  let client = await lockedClient(adminUrl);

  const watch = (held: pg.Client): void => {
    held.once('end', () => {
      if (!released) void regain();
    });
  };
  const regain = async (): Promise<void> => {
    // No limit of rounds: as long as the bridge lives it is the owner or tries to be.
    while (!released) {
      try {
        const next = await lockedClient(adminUrl);
        if (released) return await next.end();
        client = next;
        return watch(next);
      } catch (error) {
        if (isBridgeError(error, 'DATABASE_IN_USE')) return onLost(error);
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  };

  watch(client);
  return {
    retire: () => {
      released = true;
    },
    release: async () => {
      released = true;
      await client.end();
    },
  };
}

async function lockedClient(adminUrl: string): Promise<pg.Client> {
  const client = await connectClient({ url: adminUrl, ...LIMITS });
  try {
    const deadline = Date.now() + PREDECESSOR_LIMIT_MS;
    for (;;) {
      const [row] = await askOf(client)<{ taken: boolean }>(LOCK_SQL);
      if (row?.taken === true) return client;
      if (Date.now() > deadline) break;
      await sleep(RETRY_MS);
    }
  } catch (error) {
    await client.end();
    throw error;
  }
  await client.end();
  throw new BridgeError('DATABASE_IN_USE', 'another bridge runs on this embedded database; only one may');
}

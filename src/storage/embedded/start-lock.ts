import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeError } from '../../errors/bridge-error.js';

/** Longer than a whole start of the one before us, crash recovery included. */
const WAIT_LIMIT_MS = 150_000;
const RETRY_MS = 100;

/**
 * Runs `work` while no other process starts a server on `directory` (a resolved path). Between looking at a pid file and
 * acting on it nobody else may act. The lock is a name in Linux's abstract socket space: the kernel gives it to one
 * process and takes it back when that process ends, however it ends, so that none is ever stale. Throws START_REFUSED
 * where another start does not end.
 */
export async function withStartLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const hash = createHash('sha256').update(directory).digest('hex');
  const deadline = Date.now() + WAIT_LIMIT_MS;
  let held = await tryHold(`\0koopbis-bridge-start-${hash}`);
  while (held === null) {
    if (Date.now() > deadline) {
      throw new BridgeError(
        'START_REFUSED',
        `another process has been starting a server on ${directory} for too long`,
        {
          fields: { part: 'embedded-database' },
        },
      );
    }
    await sleep(RETRY_MS);
    held = await tryHold(`\0koopbis-bridge-start-${hash}`);
  }
  try {
    return await work();
  } finally {
    held.close();
  }
}

function tryHold(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(name, () => resolve(server));
  });
}

import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (32768 and up on Linux): between the look and the listening no
 * connection of anybody can take one of these away.
 */
const FROM = 20_000;
const BLOCK = 16;
const BLOCKS = 750;
/** Every block is tried once on the way round. */
const TRIES = BLOCKS;

/**
 * The first of `count` (15 at the most) ports of 127.0.0.1 in a row that are free. The port in front of them stays taken
 * while this process lives, so that nobody else who chooses by this function, in whichever process, gets the same ones.
 * For whatever starts a sandbox beside another: tests and benches.
 */
export async function freePortRow(count: number): Promise<number> {
  if (count >= BLOCK) throw new RangeError('too many ports in a row');
  const start = Math.floor(Math.random() * BLOCKS);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const base = FROM + ((start + tries) % BLOCKS) * BLOCK;
    const guard = await listen(base);
    if (guard === null) continue;
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(base + 1 + i)));
    if (free.every(Boolean)) {
      guard.unref();
      return base + 1;
    }
    guard.close();
  }
  throw new Error('no free ports in a row');
}

/** True where nobody listens on this port of loopback. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (server === null) return false;
  await new Promise((done) => server.close(done));
  return true;
}

function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

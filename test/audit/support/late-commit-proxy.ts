import { connect, createServer, type Server, type Socket } from 'node:net';

/** The bytes of a simple query `COMMIT` on the wire: type Q, length 11, text, zero. */
const COMMIT = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from('COMMIT\0')]);

/**
 * A TCP proxy before PostgreSQL that loses the client of one COMMIT while that COMMIT is still on its way: the server
 * keeps the transaction, and its locks, until `deliver()`.
 */
export class LateCommitProxy {
  /** True: the next COMMIT is held back. */
  armed = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #late: (() => void) | undefined;

  constructor(target: URL) {
    this.#server = createServer((client) =>
      this.#join(client, connect(Number(target.port), target.hostname)),
    );
  }

  async listen(url: string): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return Object.assign(new URL(url), { port: String(port) }).href;
  }

  /** Passes the held COMMIT on. */
  deliver(): void {
    this.#late?.();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    let held = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => {
      if (!held) server.destroy();
    });
    server.on('close', () => client.destroy());
    client.on('data', (chunk: Buffer) => {
      if (this.armed && chunk.includes(COMMIT)) {
        this.armed = false;
        held = true;
        this.#late = () => server.write(chunk);
        client.destroy();
      } else server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => client.write(chunk));
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net';

/** The bytes of a simple query `COMMIT` on the wire: type Q, length 11, text, zero. */
const COMMIT = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from('COMMIT\0')]);

/**
 * What the proxy does to the connections through it: nothing; `freeze` passes no byte any more; `cut-at-commit` ends the
 * connection instead of passing COMMIT on; `cut-after-commit` passes COMMIT and ends it instead of passing the answer;
 * `freeze-at-commit` keeps COMMIT and stays silent.
 */
export type ProxyMode = 'pass' | 'freeze' | 'cut-at-commit' | 'cut-after-commit' | 'freeze-at-commit';

/** A TCP proxy before PostgreSQL that can be told to fail at the worst moment. */
export class CuttingProxy {
  mode: ProxyMode = 'pass';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(target: URL) {
    this.#server = createServer((client) =>
      this.#join(client, connect(Number(target.port), target.hostname)),
    );
  }

  /** Listens and gives `url` with the proxy's address in place of the server's. */
  async listen(url: string): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return Object.assign(new URL(url), { port: String(port) }).href;
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    let committing = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      committing ||= chunk.includes(COMMIT);
      if (this.mode === 'freeze' || (committing && this.mode === 'freeze-at-commit')) return;
      if (committing && this.mode === 'cut-at-commit') client.destroy();
      else server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (this.mode === 'freeze') return;
      if (committing && this.mode === 'cut-after-commit') client.destroy();
      else client.write(chunk);
    });
  }
}

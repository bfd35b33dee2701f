import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import type { ConnectionGate } from '../control/faults.js';

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free port; after that the listener keeps it. */
  readonly port: number;
  /** Plain HTTP where absent. Without `clientCa` no client certificate is asked for: browsers come. */
  readonly tls?:
    | { readonly cert: string; readonly key: string; readonly clientCa?: string | undefined }
    | undefined;
  /** A connection from an address that this refuses is reset before its handshake or first byte. */
  readonly accepts: (remoteAddress: string) => boolean;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

/** More than the bridge's pool and a benchmark together; a leak of connections shows as refusals. */
const MAX_CONNECTIONS = 512;
/** Longer than a client keeps an idle connection, so that the client always ends it first. */
const KEEP_ALIVE_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_HEADER_BYTES = 16_384;
/** Lets a client on this machine notice that its connections are gone before the fault is reported as switched on. */
const SETTLE_MS = 30;

/** `127.0.0.1` for `::ffff:127.0.0.1`: a socket that serves both families reports IPv4 that way. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}

/**
 * A listener over TLS 1.2 or newer, with mandatory client certificates where their CA is given, or over plain HTTP for a
 * system that is reached so. It can refuse connections or cut one in the middle of an answer. A handshake that fails leaves no trace: nothing reached the
 * system.
 */
export class Listener implements ConnectionGate {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Map<string, Socket>();
  #port: number;
  #shut = false;
  #resets = 0;
  #resetsDone: () => void = () => undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#server = createServer(options);
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.requestTimeout = REQUEST_TIMEOUT_MS;
    this.#server.on('tlsClientError', () => undefined);
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    // Before the server's own listener: what is refused here never starts a handshake.
    this.#server.prependListener('connection', (socket: Socket) => this.#arrived(socket));
  }

  get port(): number {
    return this.#port;
  }

  /** @throws the system's error where the port is taken */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, this.#options.host, () => {
        this.#server.off('error', reject);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  async shut(): Promise<void> {
    if (this.#shut) return;
    this.#shut = true;
    this.#server.close();
    await this.#cutAll();
  }

  async open(): Promise<void> {
    this.#resets = 0;
    if (!this.#shut) return;
    await this.listen();
    this.#shut = false;
  }

  async resetNext(count: number, done: () => void): Promise<void> {
    this.#resets = count;
    this.#resetsDone = done;
    await this.#cutAll();
  }

  /** Cuts one connection with RST, so that its client sees it broken, not ended. */
  reset(socket: Socket): void {
    const raw = this.#sockets.get(nameOf(socket));
    if (raw === undefined) socket.destroy();
    else raw.resetAndDestroy();
  }

  /** Ends: idle connections at once, busy ones with their answer, all of them after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    if (this.#shut) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }

  #arrived(socket: Socket): void {
    if (this.#resets > 0) {
      this.#resets -= 1;
      socket.resetAndDestroy();
      if (this.#resets === 0) this.#resetsDone();
      return;
    }
    if (!this.#options.accepts(plainAddress(socket.remoteAddress))) {
      socket.resetAndDestroy();
      return;
    }
    const name = nameOf(socket);
    this.#sockets.set(name, socket);
    socket.once('close', () => this.#sockets.delete(name));
  }

  async #cutAll(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

function createServer({ tls, onRequest }: ListenerOptions): Server {
  if (tls === undefined) return createPlainServer({ maxHeaderSize: MAX_HEADER_BYTES }, onRequest);
  const { cert, key, clientCa } = tls;
  return createTlsServer(
    {
      cert,
      key,
      ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
      minVersion: 'TLSv1.2',
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    onRequest,
  );
}

function nameOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}

import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** Where the web listens. PEM texts; times in ms. */
export interface WebListenerSettings {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  readonly maxConnections: number;
  /** Time to receive a whole request. */
  readonly requestTimeoutMs: number;
}

/** How often Node looks for slow requests. Its default of 30 s would make a limit of 10 s mean 40 s. */
const LOOK_FOR_SLOW_MS = 1000;
/** Longer than the 60 s after which common balancers drop idle connections. */
const KEEP_ALIVE_MS = 65_000;
/** Addresses and a few headers; nothing here needs more. */
const MAX_HEADER_BYTES = 8192;
/** How long a stop waits for answers that are being read: files of a few kilobytes. */
const DRAIN_MS = 2000;

/**
 * Starts HTTPS for browsers and for whoever watches the log. Never asks for a client certificate: a browser would show its
 * owner a list of them, the e-signature's among them.
 */
export async function startWebListener(
  settings: WebListenerSettings,
  handler: RequestListener,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(
    {
      cert: settings.certificate,
      key: settings.key,
      requestCert: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: settings.requestTimeoutMs,
      headersTimeout: settings.requestTimeoutMs,
      handshakeTimeout: settings.requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
    },
    handler,
  );
  // HTTP knows a connection only once its handshake is done; a stop must be able to end the others too.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.maxConnections = settings.maxConnections;
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, DRAIN_MS);
      await closed;
      clearTimeout(late);
      // Those whose handshake never came to an end: `close` does not wait for them.
      for (const socket of sockets) socket.destroy();
    },
  };
}

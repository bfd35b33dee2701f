import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Peer } from './client-registry.js';

/** Where and how the service API listens. PEM texts; times in ms. */
export interface ServiceListenerSettings {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** CA whose client certificates are let through the handshake; every other one is refused there. */
  readonly clientCa: string;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly drainMs: number;
}

/** Answers one request and ends the response; where it rejects, the connection is cut. */
export type ServiceHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  peer: Peer,
) => Promise<void>;

/** A listener that runs. */
export interface RunningListener {
  readonly port: number;
  /** Requests being worked on, or whose answer is not handed to the system yet; a caller who went away changes nothing. */
  inFlight(): number;
  /** Takes no new connection or request, waits for those in flight (`drainMs` at the most), then closes what is left. */
  drain(): Promise<void>;
}

/** How often Node looks for slow requests. Its default of 30 s would make headersTimeoutMs mean 35 s. */
const LOOK_FOR_SLOW_MS = 1000;

/**
 * Starts HTTPS with client certificates. The peer's certificate is read once for each socket: it costs 145 µs.
 * `onRefusedCertificate`: told where from, for each handshake refused for its certificate, or for having none.
 */
export async function startServiceListener(
  settings: ServiceListenerSettings,
  handler: ServiceHandler,
  onRefusedCertificate: (address: string) => void,
): Promise<RunningListener> {
  const peers = new WeakMap<TLSSocket, Peer>();
  const server = createServer({
    cert: settings.certificate,
    key: settings.key,
    ca: settings.clientCa,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    maxHeaderSize: settings.maxHeaderBytes,
    requestTimeout: settings.requestTimeoutMs,
    headersTimeout: settings.headersTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    handshakeTimeout: settings.headersTimeoutMs,
    connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
  });
  // HTTP knows a connection only once its handshake is done; a stop must be able to end the others too.
  const sockets = new Set<Socket>();
  let closing = '';
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      closing = address;
    });
  });
  server.maxConnections = settings.maxConnections;
  server.on('secureConnection', (socket: TLSSocket) => peers.set(socket, readPeer(socket)));
  // A handshake that fails, a client that goes away: their affair, and no reason to fall.
  server.on('tlsClientError', (error, socket) => {
    // Where Node closed the connection itself, this comes out of that close: the address went with it.
    if (isRefusedCertificate(error, socket)) onRefusedCertificate(socket.remoteAddress ?? closing);
    socket.destroy();
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  let inFlight = 0;
  let idle: (() => void) | undefined;
  let draining = false;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    if (draining) response.setHeader('Connection', 'close');
    const peer = peers.get(request.socket as TLSSocket) ?? readPeer(request.socket as TLSSocket);
    const answered = new Promise<void>((resolve) => response.once('close', resolve));
    const handled = handler(request, response, peer).catch(() => response.destroy());
    void Promise.all([handled, answered]).then(() => {
      inFlight -= 1;
      if (inFlight === 0) idle?.();
    });
  });
  await listen(server, settings);

  return {
    port: (server.address() as AddressInfo).port,
    inFlight: () => inFlight,
    drain: async () => {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      if (inFlight > 0)
        await Promise.race([new Promise<void>((resolve) => (idle = resolve)), after(settings.drainMs)]);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Not a port scan and not a client that hung up: those showed nothing that could be refused. */
function isRefusedCertificate(error: NodeJS.ErrnoException, socket: TLSSocket): boolean {
  // Null where nothing was checked, whatever its type says.
  const checked: unknown = socket.authorizationError;
  return error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' || (checked ?? null) !== null;
}

function readPeer(socket: TLSSocket): Peer {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const thumbprint = certificate?.fingerprint256.replaceAll(':', '').toLowerCase() ?? null;
  return { certificateSha256: thumbprint, address: socket.remoteAddress ?? '' };
}

function listen(server: Server, settings: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

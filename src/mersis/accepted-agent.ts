import type { ClientRequestArgs } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/**
 * How long a fresh TLS 1.3 connection waits for a sign that the server took our certificate. Servers send session tickets
 * at once after it; one that sends none costs this once for each connection, and connections
 * are kept: nobody waits at a screen for them.
 */
const SIGN_WAIT_MS = 1_000;

/** The server hung up between our certificate and its word on it. */
export const HUNG_UP = 'ERR_MERSIS_HUNG_UP';

type Made = (error: Error | null, socket: Duplex) => void;

/**
 * A keep-alive agent whose connections count as made only when the server has accepted us. In TLS 1.3 our side believes
 * the handshake done before the server has seen the certificate: a request written then would carry the password to a
 * server that does not want us, and its refusal would look like a broken line.
 */
export class AcceptedAgent extends Agent {
  readonly #handshakeMs: number;

  constructor(options: AgentOptions, handshakeMs: number) {
    super(options);
    this.#handshakeMs = handshakeMs;
  }

  override createConnection(options: ClientRequestArgs, made?: Made): Duplex | null | undefined {
    const socket = super.createConnection(options);
    if (made === undefined || !(socket instanceof TLSSocket)) return socket;
    awaitAcceptance(socket, made, this.#handshakeMs);
    return undefined;
  }
}

function awaitAcceptance(socket: TLSSocket, made: Made, handshakeMs: number): void {
  let timer = setTimeout(() => failed(coded('no handshake in time', 'ETIMEDOUT')), handshakeMs);
  let isSecure = false;
  // Told in the middle of reading the TLS record: what is written right then would not leave.
  const signed = (): unknown => setImmediate(accepted);
  let settled = false;
  socket.once('secureConnect', secured).once('error', failed).once('end', hungUp).once('close', hungUp);

  function secured(): void {
    isSecure = true;
    if (!mayStillRefuse(socket)) {
      accepted();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(accepted, SIGN_WAIT_MS);
    socket.once('session', signed);
  }
  function settle(): boolean {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    socket.off('secureConnect', secured).off('session', signed);
    socket.off('error', failed).off('end', hungUp).off('close', hungUp);
    return true;
  }
  function accepted(): void {
    if (settle()) made(null, socket);
  }
  function hungUp(): void {
    failed(coded('the server hung up on the handshake', isSecure ? HUNG_UP : 'ECONNRESET'));
  }
  function failed(error: Error): void {
    if (!settle()) return;
    // A socket that is given up may still report an error: nobody is to be stopped by it.
    socket.on('error', () => {}).destroy();
    made(
      isSecure && codeOf(error) === 'ECONNRESET' ? coded('reset after our certificate', HUNG_UP) : error,
      socket,
    );
  }
}

/** A resumed session shows no certificate again, and TLS 1.2 ends its handshake only after the server has seen it. */
function mayStillRefuse(socket: TLSSocket): boolean {
  return socket.getProtocol() === 'TLSv1.3' && !socket.isSessionReused();
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

function codeOf(error: Error): unknown {
  return (error as { code?: unknown }).code;
}

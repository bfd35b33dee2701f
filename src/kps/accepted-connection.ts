import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';

/**
 * How long a fresh TLS 1.3 connection waits for a sign that the server took our certificate. Servers send session tickets
 * at once after it, so this is one round trip for each connection; one that sends none costs this once.
 */
const SIGN_WAIT_MS = 250;

/**
 * Wraps a connector so that a connection counts as made only when the server has accepted us. In TLS 1.3 our side
 * believes the handshake done before the server has seen the certificate: a query written then, to a server that hangs
 * up because of the certificate, would look like one that was sent and lost, and be charged.
 */
export function acceptedOnly(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...made) => {
      const [error, socket] = made;
      if (error !== null) callback(error, null);
      else if (socket instanceof TLSSocket && mayStillRefuse(socket)) awaitSign(socket, callback);
      else callback(null, socket);
    });
  };
}

/** A resumed session shows no certificate again, and TLS 1.2 ends its handshake only after the server has seen it. */
function mayStillRefuse(socket: TLSSocket): boolean {
  return socket.getProtocol() === 'TLSv1.3' && !socket.isSessionReused();
}

function awaitSign(socket: TLSSocket, callback: buildConnector.Callback): void {
  let settled = false;
  const timer = setTimeout(accepted, SIGN_WAIT_MS);
  // Told in the middle of reading the TLS record: what is written right then would not leave.
  const signed = (): unknown => setImmediate(accepted);
  socket.once('session', signed).once('end', hungUp).once('close', hungUp).once('error', hungUp);

  function done(): void {
    settled = true;
    clearTimeout(timer);
    socket.off('session', signed).off('end', hungUp).off('close', hungUp).off('error', hungUp);
  }
  function accepted(): void {
    if (settled) return;
    done();
    callback(null, socket);
  }
  function hungUp(): void {
    if (settled) return;
    done();
    silence(socket).destroy();
    callback(new Error('the server hung up on the handshake'), null);
  }
}

/** A socket that is given up may still report an error: nobody is to be stopped by it. */
function silence(socket: Socket): Socket {
  return socket.on('error', () => {});
}

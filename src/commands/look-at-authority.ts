import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Finding } from './finding.js';

/**
 * Opens a connection to a time stamping authority and sends nothing: each time stamp may be paid for. Over https the
 * handshake is done, with the system's CAs as the client does it.
 */
export async function lookAtAuthority(authority: {
  readonly id: string;
  readonly url: string;
  readonly timeoutMs: number;
}): Promise<Finding> {
  const name = `time stamps of ${authority.id}`;
  const { hostname, port, protocol } = new URL(authority.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  const target = { host, port: Number(port || (secure ? 443 : 80)) };
  const socket = secure
    ? connectTls({ ...target, ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp(target);
  const problem = await problemOf(socket, secure ? 'secureConnect' : 'connect', authority.timeoutMs);
  socket.destroy();
  const good = 'reachable; whether it knows us shows with the next time stamp';
  return { name, ok: problem === null, text: problem ?? good };
}

function problemOf(socket: Socket, ready: string, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    socket.setTimeout(timeoutMs, () => resolve('no answer: is a firewall in between?'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`${error.code ?? 'connection failed'}: are address and firewall right?`),
    );
    socket.once(ready, () => resolve(null));
  });
}

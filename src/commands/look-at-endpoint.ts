import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { EndpointSettings } from '../kps/settings.js';
import { tlsOptions } from '../kps/tls.js';
import type { Finding } from './finding.js';

/** In TLS 1.3 a server refuses our certificate only after we believe the handshake done: so long we listen for it. */
const REFUSAL_MS = 500;

/** Some servers say why in an alert (an error here), others just hang up. */
const HUNG_UP = 'closed right after the handshake: does it accept our certificate?';
const NO_ANSWER = 'no answer: is our address declared at NVİ, is a firewall in between?';

/**
 * Opens a TLS connection to an endpoint as the client of KPS would: from the same address, by the same proxy, with the same
 * patience (`connectTimeoutMs` for each step). Sends nothing.
 */
export async function lookAtEndpoint(name: string, endpoint: EndpointSettings): Promise<Finding> {
  const { hostname, port } = new URL(endpoint.url);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) };
  const tunnel = endpoint.proxy === undefined ? undefined : await tunnelTo(target, endpoint);
  if (typeof tunnel === 'string') return { name, ok: false, text: tunnel };
  const servername = endpoint.servername ?? target.host;
  const socket = connect({
    ...target,
    ...tlsOptions(endpoint, endpoint.mutualTls),
    ...(tunnel === undefined ? localAddressOf(endpoint) : { socket: tunnel }),
    // SNI names hosts, never addresses (RFC 6066 §3).
    ...(isIP(servername) === 0 ? { servername } : {}),
  });
  const problem = await problemOf(socket);
  const protocol = socket.getProtocol();
  socket.destroy();
  return { name, ok: problem === null, text: problem ?? `TLS handshake done (${protocol})` };
}

function localAddressOf({ localAddress }: EndpointSettings) {
  return localAddress === undefined ? {} : { localAddress };
}

function problemOf(socket: TLSSocket): Promise<string | null> {
  return new Promise((resolve) => {
    socket.once('timeout', () => resolve(NO_ANSWER));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        `${error.code ?? 'handshake failed'}: is our address declared at NVİ, are certificate and CA right?`,
      ),
    );
    socket.once('secureConnect', () => setTimeout(() => resolve(null), REFUSAL_MS));
    socket.once('end', () => resolve(HUNG_UP));
    socket.once('close', () => resolve(HUNG_UP));
    // Without this the refusal that follows the handshake would stay unread.
    socket.resume();
  });
}

/** A connection through the proxy, or what is wrong with it. */
function tunnelTo(
  target: { readonly host: string; readonly port: number },
  endpoint: EndpointSettings,
): Promise<Socket | string> {
  const url = new URL(endpoint.proxy ?? '');
  const options = {
    ...localAddressOf(endpoint),
    host: url.hostname,
    port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    method: 'CONNECT',
    path: `${target.host}:${target.port}`,
    timeout: endpoint.connectTimeoutMs,
  };
  const asking =
    url.protocol === 'https:'
      ? httpsRequest({ ...options, ca: [...endpoint.caPems], agent: false })
      : httpRequest({ ...options, agent: false });
  return new Promise((resolve) => {
    asking.once('connect', (response, socket: Socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      resolve(`the proxy answers ${response.statusCode}: may it reach this service?`);
    });
    asking.once('response', (response) => {
      response.destroy();
      resolve(`the proxy answers ${response.statusCode}: is it a CONNECT proxy?`);
    });
    asking.once('timeout', () => {
      asking.destroy();
      resolve('the proxy does not answer: is its address right?');
    });
    asking.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`the proxy cannot be reached (${error.code ?? 'failed'}): is its address right?`),
    );
    asking.end();
  });
}

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, rootCertificates } from 'node:tls';
import type { BridgeConfig } from '../config/schema.js';
import { type Finding, findingOf } from './finding.js';

type Edevlet = NonNullable<BridgeConfig['edevlet']>;

/** Words by which the default rows of the table of strengths say that nobody has confirmed them yet. */
const UNCONFIRMED = /to be confirmed/i;
const TIMEOUT_MS = 10_000;

/**
 * What sign-in hangs on outside: who says who a person is, and each application that is told of logouts. Opens TLS connections as the
 * bridge would and sends nothing, so that e-Devlet never sees a sign-in that nobody began.
 */
export async function lookAtSignIn(config: BridgeConfig): Promise<readonly Finding[]> {
  const { edevlet } = config;
  if (edevlet === undefined)
    return [{ name: 'sign-in', ok: true, text: 'not set up (edevlet, signIn): nobody can sign in' }];
  const logouts = config.clients.flatMap(({ id, signIn }) =>
    signIn?.backChannelLogoutUri === undefined
      ? []
      : [{ name: `logout of ${id}`, url: signIn.backChannelLogoutUri, ca: signIn.extraCa }],
  );
  return [
    await findingOf('e-Devlet', () =>
      lookAtServer('e-Devlet', edevlet.issuer ?? edevlet.baseUrl, edevlet.extraCa),
    ),
    lookAtRule(edevlet),
    ...(await Promise.all(
      logouts.map(({ name, url, ca }) => findingOf(name, () => lookAtServer(name, url, ca))),
    )),
  ];
}

function lookAtRule({ twoStep }: Edevlet): Finding {
  const open = twoStep.levels.filter(({ reason }) => UNCONFIRMED.test(reason)).length;
  const table = open === 0 ? '' : `; ${open} rows of levels are to be confirmed in writing with e-Devlet`;
  return { name: 'two steps', ok: true, text: `no session without them from ${twoStep.inForceFrom}${table}` };
}

async function lookAtServer(name: string, url: string, extraCa: readonly string[]): Promise<Finding> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const ca = [...rootCertificates, ...(await Promise.all(extraCa.map((file) => readFile(file, 'utf8'))))];
  const socket = connect({
    host,
    port: Number(port || 443),
    ca,
    minVersion: 'TLSv1.2',
    timeout: TIMEOUT_MS,
    // SNI names hosts, never addresses (RFC 6066 §3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  const problem = await new Promise<string | null>((resolve) => {
    socket.once('timeout', () => resolve('no answer: is a firewall in between?'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`${error.code ?? 'handshake failed'}: are address and CA right, may we reach it?`),
    );
    socket.once('secureConnect', () => resolve(null));
  });
  const protocol = socket.getProtocol();
  socket.destroy();
  return { name, ok: problem === null, text: problem ?? `TLS handshake done (${protocol})` };
}

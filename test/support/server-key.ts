import { createHash, X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

/** A server of this machine answers at once; a test that waits longer has a server that does not. */
const HANDSHAKE_MS = 10_000;

/** The pin of exactly one key, as Chromium takes it: base64 SHA-256 of the SubjectPublicKeyInfo of the certificate in `pem`. */
export function keyPin(pem: string | Buffer): string {
  const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

/**
 * The pin of the key that the server at `origin` (`https://localhost:8444`) holds, after Node has checked its certificate, chain
 * and name against `ca` (PEM), as every other test client does. Rejects where they do not hold.
 *
 * For `startBrowser({ trustedKeys })`: the browser has no store that a CA of the sandbox could be added to. The pin of a server
 * and not of the CA, because Chromium compares pins with the certificates as they were sent and asks no signature: whoever sent the
 * CA's certificate along would be believed. A server's own key it has to use in the handshake.
 */
export async function serverKey(origin: string, ca: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port || 443), ca });
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.setTimeout(HANDSHAKE_MS, () => reject(new Error(`no handshake with ${origin}`)));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        const certificate = socket.getPeerX509Certificate();
        if (certificate === undefined) reject(new Error(`no certificate of ${origin}`));
        else resolve(keyPin(certificate.toString()));
      });
    });
  } finally {
    socket.destroy();
  }
}

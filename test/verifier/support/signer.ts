import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface LogSigner {
  readonly origin: string;
  readonly vkey: string;
  readonly id: Buffer;
  readonly privateKey: KeyObject;
}

/** A new Ed25519 key of a log. */
export function newSigner(origin: string): LogSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x as string, 'base64url');
  const key = Buffer.concat([Buffer.of(1), raw]);
  const id = createHash('sha256').update(`${origin}\n`).update(key).digest().subarray(0, 4);
  return { origin, vkey: `${origin}+${id.toString('hex')}+${key.toString('base64')}`, id, privateKey };
}

/** Signs any text as a note. */
export function signNote(signer: LogSigner, text: string): string {
  const signature = Buffer.concat([signer.id, sign(null, Buffer.from(text), signer.privateKey)]);
  return `${text}\n— ${signer.origin} ${signature.toString('base64')}\n`;
}

export function checkpointOf(signer: LogSigner, size: number, root: Buffer): string {
  return signNote(signer, `${signer.origin}\n${size}\n${root.toString('base64')}\n`);
}

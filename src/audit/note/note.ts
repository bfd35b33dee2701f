import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { BridgeError } from '../../errors/bridge-error.js';
import { decodeBase64 } from './base64.js';

const ED25519 = 1;
const ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
// A checkpoint is some 250 bytes; room for cosignatures of others. Who opens a note must accept 16 signatures.
const MAX_NOTE_BYTES = 64 * 1024;
const MAX_SIGNATURES = 16;

/** A key that verifies. `id` is 4 bytes, `publicKey` 32, `text` the verifier key as `log.pub` has it. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: Buffer;
  readonly text: string;
}

/** A key that signs. `sign` gives the 64 bytes of Ed25519 over the UTF-8 bytes of a text, without the key's id. */
export interface NoteSigner {
  readonly key: VerifierKey;
  sign(text: string): Buffer;
}

/**
 * The signer of notes under `name`, from an Ed25519 key as PKCS#8 PEM. Throws `CONFIG_INVALID`, without the key, for any
 * other key and for a name that no signature line can carry.
 */
export function createSigner(name: string, privateKeyPem: string): NoteSigner {
  const privateKey = readPrivateKey(privateKeyPem);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const key = verifierKey(name, Buffer.from(x as string, 'base64url'));
  return { key, sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey) };
}

/** Reads `<name>+<id, 8 hex digits>+<base64 of 0x01 ‖ public key>`. Throws `CONFIG_INVALID` where anything differs. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', encoded = ''] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(text) ?? [];
  const bytes = decodeBase64(encoded);
  if (bytes?.length !== 1 + PUBLIC_KEY_BYTES || bytes[0] !== ED25519)
    throw invalidKey('a verifier key is <name>+<8 hex digits>+<base64 of 0x01 and 32 bytes>');
  const key = verifierKey(name, bytes.subarray(1));
  if (key.text !== text) throw invalidKey('the id in the verifier key is not that of its name and key');
  return key;
}

/** `text` as a note with one signature. Throws `NOTE_INVALID` for a text that a note cannot carry. */
export function signNote(text: string, signer: NoteSigner): string {
  if (!text.endsWith('\n')) throw invalidNote('the text of a note ends with LF');
  const { name, id } = signer.key;
  const signature = Buffer.concat([id, signer.sign(text)]).toString('base64');
  const note = `${text}\n\u2014 ${name} ${signature}\n`;
  demandCharacters(note);
  return note;
}

/**
 * The text of a note, and who of `keys` signed it (each once, in order of the lines). Signatures by others are ignored.
 * Throws `NOTE_INVALID` for what is no C2SP signed note, where a signature by one of `keys` does not verify (also where
 * another one does), and where none of `keys` signed.
 */
export function openNote(
  note: string,
  keys: readonly VerifierKey[],
): { text: string; signedBy: readonly VerifierKey[] } {
  demandCharacters(note);
  // The text may have empty lines: the last one parts it from the signatures.
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) throw invalidNote('no text, blank line and signatures');
  const text = note.slice(0, blank + 1);
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw invalidNote(`more than ${MAX_SIGNATURES} signatures`);
  const signedBy = new Set<VerifierKey>();
  for (const signature of lines.map(parseSignature)) {
    const key = keys.find(({ name, id }) => name === signature.name && id.equals(signature.id));
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), keyObject(key), signature.bytes))
      throw invalidNote('a signature by a known key does not verify');
    signedBy.add(key);
  }
  if (signedBy.size === 0) throw invalidNote('no signature by a known key');
  return { text, signedBy: [...signedBy] };
}

function parseSignature(line: string): { name: string; id: Buffer; bytes: Buffer } {
  const [, name = '', encoded = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (!isName(name) || bytes === null || bytes.length <= ID_BYTES)
    throw invalidNote('a line below the blank line is no signature');
  return { name, id: bytes.subarray(0, ID_BYTES), bytes: bytes.subarray(ID_BYTES) };
}

/** The key id is SHA-256(name ‖ LF ‖ 0x01 ‖ public key)[:4]: it names the key, it does not prove it. */
function verifierKey(name: string, publicKey: Buffer): VerifierKey {
  if (!isName(name) || hasBadCharacters(name))
    throw invalidKey('the name of a key is not empty and has no space, plus or control character');
  const typed = Buffer.concat([Buffer.of(ED25519), publicKey]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed]), 'buffer').subarray(
    0,
    ID_BYTES,
  );
  return { name, id, publicKey, text: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // No cause: whatever the library says about a private key stays here.
    throw invalidKey('the key of the log must be an unencrypted private key in PEM');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw invalidKey('the key of the log must be an Ed25519 key');
  return key;
}

function keyObject({ publicKey }: VerifierKey): KeyObject {
  const x = publicKey.toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function demandCharacters(note: string): void {
  // Characters first: each takes at least one byte.
  if (note.length > MAX_NOTE_BYTES || Buffer.byteLength(note, 'utf8') > MAX_NOTE_BYTES)
    throw invalidNote(`longer than ${MAX_NOTE_BYTES} bytes`);
  if (hasBadCharacters(note)) throw invalidNote('control characters, or no well-formed text');
}

/** True for ASCII control characters other than LF, and for halves of surrogate pairs, which no UTF-8 has. */
function hasBadCharacters(text: string): boolean {
  if (!text.isWellFormed()) return true;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}

function isName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}+]/u.test(name);
}

function invalidNote(message: string): BridgeError {
  return new BridgeError('NOTE_INVALID', `note: ${message}`);
}

function invalidKey(message: string): BridgeError {
  return new BridgeError('CONFIG_INVALID', message);
}

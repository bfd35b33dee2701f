import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { BridgeError } from '../errors/bridge-error.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Randomness is drawn for so many nonces at once: for 12 bytes alone the call costs half as much as the sealing. */
const NONCES_AT_ONCE = 256;

/** A personal value as it stands in an entry: key id, nonce and ciphertext with GCM tag (both base64url). */
export interface SealedValue {
  readonly box: string;
  readonly key: string;
  readonly nonce: string;
}

/** AES-256-GCM of `text`, bound to the entry and the field, so that a ciphertext cannot be moved to another place. */
export function sealValue(
  text: string,
  keyId: string,
  key: Buffer,
  entryId: string,
  field: string,
): SealedValue {
  const nonce = freshNonce();
  const box = encrypt(key, nonce, Buffer.from(text, 'utf8'), placeOf(entryId, field));
  return { box: box.toString('base64url'), key: keyId, nonce: nonce.toString('base64url') };
}

/** The text again. `SEALED_VALUE_INVALID` where key, place or bytes are not those it was sealed with. */
export function openValue(sealed: SealedValue, key: Buffer, entryId: string, field: string): string {
  const nonce = fromBase64url(sealed.nonce);
  return decrypt(key, nonce, fromBase64url(sealed.box), placeOf(entryId, field)).toString('utf8');
}

/** Node reads base64url leniently: without this, texts that differ would open to the same value. */
function fromBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw doesNotOpen();
  return bytes;
}

function placeOf(entryId: string, field: string): Buffer {
  return Buffer.from(`${entryId}\n${field}`, 'utf8');
}

/** Nonce ‖ ciphertext ‖ tag under `key`, for values outside entries (wrapped keys, numbers of sessions). */
export function sealBytes(plain: Buffer, key: Buffer, place: string): Buffer {
  const nonce = freshNonce();
  return Buffer.concat([nonce, encrypt(key, nonce, plain, Buffer.from(place, 'utf8'))]);
}

/** What `sealBytes` made, opened. `SEALED_VALUE_INVALID` where anything differs. */
export function openBytes(sealed: Buffer, key: Buffer, place: string): Buffer {
  return decrypt(
    key,
    sealed.subarray(0, NONCE_BYTES),
    sealed.subarray(NONCE_BYTES),
    Buffer.from(place, 'utf8'),
  );
}

let drawn = Buffer.alloc(0);
let used = 0;

/** Twelve random bytes that nobody has had: each place of what was drawn is given out once, and never written over. */
function freshNonce(): Buffer {
  if (used === drawn.length) {
    drawn = randomBytes(NONCE_BYTES * NONCES_AT_ONCE);
    used = 0;
  }
  used += NONCE_BYTES;
  return drawn.subarray(used - NONCE_BYTES, used);
}

function encrypt(key: Buffer, nonce: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([body, cipher.getAuthTag()]);
}

function decrypt(key: Buffer, nonce: Buffer, box: Buffer, aad: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad);
    decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
    return Buffer.concat([decipher.update(box.subarray(0, box.length - TAG_BYTES)), decipher.final()]);
  } catch {
    // The cause says nothing that helps and could be used as an oracle: it is not kept.
    throw doesNotOpen();
  }
}

function doesNotOpen(): BridgeError {
  return new BridgeError('SEALED_VALUE_INVALID', 'a sealed value does not open with this key at this place');
}

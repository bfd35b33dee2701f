import { BridgeError } from '../errors/bridge-error.js';
import type { Secret } from './secret.js';

const KEY_BYTES = 32;

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  // 43 digits carry 258 bits: a last digit whose spare bits are set would be a second spelling of the same key.
  if (!/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

/** True where `text` is 32 bytes as hex or base64. */
export function isKey32(text: string): boolean {
  return decode(text.trim()) !== undefined;
}

/** The 32 bytes of a key setting (hex or base64). Throws `SECRET_UNREADABLE`; the message holds nothing of the value. */
export function decodeKey32(secret: Secret): Buffer {
  const bytes = decode(secret.reveal().trim());
  if (bytes === undefined)
    throw new BridgeError('SECRET_UNREADABLE', 'a key must be 32 bytes, as base64 or hex');
  return bytes;
}

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { BridgeError } from '../errors/bridge-error.js';
import { isKey32 } from './key32.js';
import type { SecretForm } from './references.js';
import { systemCode } from './system-code.js';

/** Keys, passwords and certificate chains are far smaller; a larger file is the wrong file. */
export const MAX_SECRET_BYTES = 65_536;

const unreadable = (what: string, cause?: unknown) =>
  // Only the system's code goes on: its message repeats the path, and somebody may have written the password there.
  new BridgeError(
    'SECRET_UNREADABLE',
    what,
    cause === undefined ? {} : { fields: { system: systemCode(cause) } },
  );

export interface SmallFile {
  readonly bytes: Buffer;
  /** Permission bits, `0o600` and the like. */
  readonly mode: number;
  /** When it was last written. */
  readonly changedAt: Date;
}

/**
 * Reads a regular file of 1 to 64 KiB. Throws `SECRET_UNREADABLE` with a message that holds neither path nor content.
 * Opened without blocking: a pipe in the place of a file would stop the start without a word.
 */
export async function readSmallFile(path: string): Promise<SmallFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) throw unreadable('is not a regular file');
    if (stat.size > MAX_SECRET_BYTES) throw unreadable('is larger than 64 KiB');
    const buffer = Buffer.alloc(MAX_SECRET_BYTES + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    if (bytesRead > MAX_SECRET_BYTES) throw unreadable('is larger than 64 KiB');
    if (bytesRead === 0) throw unreadable('is empty');
    return { bytes: buffer.subarray(0, bytesRead), mode: stat.mode & 0o777, changedAt: stat.mtime };
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    throw unreadable(`cannot be read (${systemCode(error)})`, error);
  } finally {
    await handle?.close();
  }
}

/** The text of a secret: UTF-8, without the line end that editors add. Throws `SECRET_UNREADABLE`. */
export function secretText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('is not UTF-8 text');
  }
  const value = text.replace(/\r?\n$/, '');
  if (value.trim() === '') throw unreadable('is empty');
  if (value.includes('\0')) throw unreadable('holds a NUL character');
  return value;
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    ['postgres:', 'postgresql:'].includes(url.protocol) && url.hostname !== '' && url.pathname.length > 1
  );
}

function isPrivateKey(text: string): boolean {
  try {
    createPrivateKey(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with the form of a secret, or undefined; says nothing of its content. */
export function secretProblem(form: SecretForm, text: string): string | undefined {
  if (form === 'key32' && !isKey32(text)) return 'must be 32 bytes, as base64 or hex';
  if (form === 'postgres-url' && !isPostgresUrl(text))
    return 'must be a postgres:// URL with host and database';
  if (form === 'private-key' && !isPrivateKey(text)) return 'must be an unencrypted private key in PEM';
  return undefined;
}

/** True where the bytes begin with a PEM certificate that can be read. */
export function isCertificateFile(bytes: Buffer): boolean {
  if (!bytes.includes('-----BEGIN CERTIFICATE-----')) return false;
  try {
    new X509Certificate(bytes);
    return true;
  } catch {
    return false;
  }
}

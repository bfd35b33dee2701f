import { readFile, stat } from 'node:fs/promises';
import { BridgeError } from '../errors/bridge-error.js';

/**
 * The bytes of a file that may hold numbers of persons: neither its path nor its content is ever repeated. Errors: `WRONG_USE` where it
 * cannot be read, `REQUEST_INVALID` where it is longer than `maxBytes`.
 */
export async function readListFile(path: string, maxBytes: number): Promise<Buffer> {
  const bytes = await stat(path)
    .then(({ size }) => (size > maxBytes ? null : readFile(path)))
    .catch((cause: unknown) => {
      throw new BridgeError('WRONG_USE', 'the file cannot be read', { cause });
    });
  if (bytes === null)
    throw new BridgeError(
      'REQUEST_INVALID',
      `the file is too long: at most ${maxBytes} bytes. Nothing was taken in`,
    );
  return bytes;
}

/** Its text; a byte order mark stays where `keepMark` is set. `REQUEST_INVALID` where the bytes are no UTF-8. */
export function textOfList(bytes: Buffer, keepMark = false): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: keepMark }).decode(bytes);
  } catch (cause) {
    throw new BridgeError('REQUEST_INVALID', 'the file is not UTF-8', { cause });
  }
}

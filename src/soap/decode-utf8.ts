import { isUtf8 } from 'node:buffer';

/** The bytes as text, or null where they are not UTF-8 (the only encoding of this protocol). A leading BOM is dropped. */
export function decodeUtf8(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
}

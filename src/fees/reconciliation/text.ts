import { isUtf8 } from 'node:buffer';
import type { Faults } from './faults.js';

const LINE_FEED = 0x0a;
/** ğ ı ş and their capitals, ç ö ü and theirs, in Windows-1254 (ISO 8859-9): what a Turkish file in it is full of. */
const TURKISH_1254 = new Set([
  0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe, 0xc7, 0xd6, 0xdc, 0xe7, 0xf6, 0xfc, 0xc2, 0xce, 0xdb, 0xe2, 0xee, 0xfb,
]);

/** The text of a file in UTF-8, line ends as `\n`, without the byte order mark; null where it is none, with the fault. */
export function readText(bytes: Buffer, faults: Faults): string | null {
  if (bytes.length >= 2 && (bytes.readUInt16BE(0) === 0xfeff || bytes.readUInt16BE(0) === 0xfffe)) {
    faults.add(1, {
      en: 'the file is UTF-16: save it as "CSV UTF-8"',
      tr: 'dosya UTF-16: “CSV UTF-8” olarak kaydedin',
    });
    return null;
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    faults.add(lineOf(bytes, nul), {
      en: 'a NUL byte: this is not a text file',
      tr: 'NUL baytı var: bu bir metin dosyası değil',
    });
    return null;
  }
  if (!isUtf8(bytes)) {
    tellBytes(bytes, faults);
    return null;
  }
  return new TextDecoder('utf-8').decode(bytes).replace(/\r\n?/g, '\n');
}

/** The first line that is no UTF-8, and what it looks like. */
function tellBytes(bytes: Buffer, faults: Faults): void {
  let start = 0;
  // As often as there are lines in at most MAX_BYTES.
  for (let line = 1; start < bytes.length; line += 1) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    const part = bytes.subarray(start, end);
    if (!isUtf8(part)) {
      const high = [...part].filter((byte) => byte >= 0x80);
      const turkish = high.every((byte) => TURKISH_1254.has(byte));
      const like = turkish ? ' (it looks like Windows-1254)' : '';
      const likeTr = turkish ? ' (Windows-1254’e benziyor)' : '';
      faults.add(line, {
        en: `the file is not UTF-8${like}: save it as "CSV UTF-8"`,
        tr: `dosya UTF-8 değil${likeTr}: “CSV UTF-8” olarak kaydedin`,
      });
      return;
    }
    start = end + 1;
  }
}

function lineOf(bytes: Buffer, place: number): number {
  let line = 1;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1 && at < place; at = bytes.indexOf(LINE_FEED, at + 1))
    line += 1;
  return line;
}

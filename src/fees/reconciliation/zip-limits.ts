import type { Words } from '../words.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** The end record, with the longest comment. */
const END_BYTES = 22;
const MAX_COMMENT = 65_535;
/** A workbook of one sheet has some ten parts. */
const MAX_PARTS = 1_000;
/** Bytes of all parts unpacked: 200,000 lines are a fifth of it. */
const MAX_UNPACKED = 104_857_600;
/** Bit 3 of the flags: sizes stand behind the data, where the local header leaves them open. */
const SIZES_BEHIND = 8;

const NOT_WHOLE: Words = {
  en: 'the file is not a whole workbook',
  tr: 'dosya tam bir çalışma kitabı değil',
};

/**
 * What is wrong with a ZIP archive before anything of it is unpacked, in our own words; null where its sizes are within limits. The reader
 * stops at the size that the directory tells, so that a part that lies about it is cut off there; one that tells none is refused here.
 * Found the way the reader finds it: an archive with two ends must not show one to us and another one to the reader.
 */
export function zipProblem(bytes: Buffer): Words | null {
  const end = findEnd(bytes);
  if (end === null) return NOT_WHOLE;
  const parts = bytes.readUInt16LE(end + 10);
  const offset = bytes.readUInt32LE(end + 16);
  if (parts > MAX_PARTS || offset === 0xffffffff)
    return { en: 'the workbook has too many parts', tr: 'çalışma kitabının çok fazla parçası var' };
  let unpacked = 0;
  let at = offset;
  for (let i = 0; i < parts; i += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) return NOT_WHOLE;
    const [flags, packed, size] = [8, 20, 24].map((place) =>
      place === 8 ? bytes.readUInt16LE(at + place) : bytes.readUInt32LE(at + place),
    ) as [number, number, number];
    if (size === 0 && (packed > 2 || (flags & SIZES_BEHIND) !== 0))
      return {
        en: 'a part of the workbook does not tell its size',
        tr: 'çalışma kitabının bir parçası boyutunu söylemiyor',
      };
    if ((flags & 1) !== 0)
      return {
        en: 'the workbook is protected by a password: save it without one',
        tr: 'çalışma kitabı parolayla korunuyor: parolasız kaydedin',
      };
    unpacked += size;
    if (unpacked > MAX_UNPACKED)
      return {
        en: 'the workbook is too large when it is unpacked',
        tr: 'çalışma kitabı açıldığında çok büyük',
      };
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return null;
}

function findEnd(bytes: Buffer): number | null {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at -= 1)
    if (bytes.readUInt32LE(at) === END) return at;
  return null;
}

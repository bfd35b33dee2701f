import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A part of an archive on its way. */
export interface ZipPart {
  readonly path: string;
  readonly data: AsyncIterable<Buffer>;
}

/** Fields of 32 bits: what is larger needs ZIP64, which not every reader of spreadsheets knows. */
const LARGEST = 0xffff_ffff;
const VERSION = 20;
/** Sizes follow the data; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1980-01-01: the same rows give the same bytes. */
const DAY = 0x0021;

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/**
 * A ZIP archive (PKWARE APPNOTE 6.3, data descriptors), part by part; each part is read to its end before the next one is asked for, so that
 * a later part may tell of the ones before. Memory: one piece and one small record for each part. Errors: `RangeError` above 4 GiB.
 */
export async function* zipped(parts: AsyncIterable<ZipPart>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { data, path } of parts) {
    const name = Buffer.from(path, 'utf8');
    const head = localHeader(name);
    yield head;
    const seen = { crc: 0, size: 0 };
    let packed = 0;
    for await (const piece of deflated(counted(data, seen))) {
      packed += piece.length;
      if (offset + packed > LARGEST) throw new RangeError('the archive is larger than 4 GiB');
      yield piece;
    }
    yield descriptor(seen.crc, packed, seen.size);
    written.push({ name, offset, packed, ...seen });
    offset += head.length + packed + DESCRIPTOR_BYTES;
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield endOfDirectory(written.length, directory.length, offset);
}

async function* counted(
  data: AsyncIterable<Buffer>,
  seen: { crc: number; size: number },
): AsyncGenerator<Buffer> {
  for await (const piece of data) {
    seen.crc = crc32(piece, seen.crc);
    seen.size += piece.length;
    if (seen.size > LARGEST) throw new RangeError('a part of the archive is larger than 4 GiB');
    yield piece;
  }
}

async function* deflated(data: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  // What goes wrong before it comes out of its end; who stops reading ends the source.
  pipeline(Readable.from(data, { objectMode: true, highWaterMark: 2 }), deflate, () => undefined);
  for await (const piece of deflate) yield piece as Buffer;
}

const DESCRIPTOR_BYTES = 16;

function localHeader(name: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(DEFLATED, 8);
  head.writeUInt16LE(DAY, 12);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function descriptor(crc: number, packed: number, size: number): Buffer {
  const bytes = Buffer.alloc(DESCRIPTOR_BYTES);
  bytes.writeUInt32LE(0x0807_4b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function directoryEntry({ crc, name, offset, packed, size }: Written): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(VERSION, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(DEFLATED, 10);
  head.writeUInt16LE(DAY, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(packed, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(0x0605_4b50, 0);
  bytes.writeUInt16LE(count, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}

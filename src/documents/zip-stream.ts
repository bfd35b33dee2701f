import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A part of an archive on its way. */
export interface ZipPart {
  readonly path: string;
  readonly data: AsyncIterable<Buffer>;
}

/** The same rows give the same bytes. */
const MADE_AT = new Date(1980, 0, 1);

/**
 * A ZIP archive, part by part; each part is read to its end before the next one is asked for, so that a later part may tell of the ones
 * before. Memory: some pieces and one small record for each part. What the parts throw comes out of it; who stops reading ends them.
 */
export async function* zipped(parts: AsyncGenerator<ZipPart>): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: Error) => void output.destroy(error);
  zip.on('error', fail);
  const state: { source: Readable | null } = { source: null };
  const fed = feed(zip, parts, state).catch(fail);
  try {
    for await (const piece of output) yield piece as Buffer;
  } finally {
    state.source?.destroy();
    await fed;
    await parts.return(undefined);
  }
}

async function feed(
  zip: ZipFile,
  parts: AsyncIterable<ZipPart>,
  state: { source: Readable | null },
): Promise<void> {
  for await (const { data, path } of parts) {
    const source = Readable.from(data, { objectMode: false, highWaterMark: 262_144 });
    state.source = source;
    zip.addReadStream(source, path, { mtime: MADE_AT, forceDosTimestamp: true });
    await finished(source);
  }
  zip.end();
}

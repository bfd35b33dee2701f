import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { openBytes, sealBytes } from '../../audit/seal.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { ClaimedJob } from './job-claims.js';

/** As much of a file as is sealed, and held in memory, at once. */
const PIECE_BYTES = 1024 * 1024;

/** A file that is larger than a browser is given. */
export class FileTooLarge extends Error {
  constructor() {
    super('FILE_TOO_LARGE');
    this.name = 'FileTooLarge';
  }
}

/** The claim was lost, or the work cancelled: nothing more may be written. */
export class ClaimLost extends Error {
  constructor() {
    super('CLAIM_LOST');
    this.name = 'ClaimLost';
  }
}

// The row of the job is held for this one statement: whoever takes the job over waits, and empties what was written before.
const WRITE = `WITH mine AS (
    SELECT job_id FROM bridge.console_job WHERE job_id = $1 AND claimed_by = $2 AND state = 'running' FOR UPDATE)
  INSERT INTO bridge.console_job_piece (job_id, n, box) SELECT job_id, $3, $4 FROM mine`;
const READ = 'SELECT box FROM bridge.console_job_piece WHERE job_id = $1 AND n = $2';

/** Keeps what `body` gives, sealed by `key` piece by piece. Errors: `FileTooLarge`, `ClaimLost`, those of the body and of the database. */
export async function writePieces(
  db: Queryable,
  key: Buffer,
  { id, run }: Pick<ClaimedJob, 'id' | 'run'>,
  body: Readable | Buffer,
  { maxBytes, stopped }: { readonly maxBytes: number; readonly stopped: () => boolean },
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let [bytes, n] = [0, 0];
  for await (const piece of piecesOf(body)) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new FileTooLarge();
    if (stopped()) throw new ClaimLost();
    hash.update(piece);
    const box = sealBytes(piece, key, placeOf(id, n));
    const { count } = await db.query({ text: WRITE, values: [id, run, n, box] });
    if (count === 0) throw new ClaimLost();
    n += 1;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function* piecesOf(body: Readable | Buffer): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
    let rest = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string | Uint8Array);
    while (size + rest.length >= PIECE_BYTES) {
      const take = PIECE_BYTES - size;
      yield Buffer.concat([...held, rest.subarray(0, take)]);
      [held, size, rest] = [[], 0, rest.subarray(take)];
    }
    if (rest.length > 0) {
      held.push(rest);
      size += rest.length;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}

/** A kept file, one piece at a time. The stream breaks where a piece is missing or changed, or the whole is not what was made. */
export function readPieces(
  db: Queryable,
  key: Buffer,
  id: string,
  file: { readonly bytes: number; readonly sha256: string },
): Readable {
  return Readable.from(openedPieces(db, key, id, file), { objectMode: false });
}

async function* openedPieces(
  db: Queryable,
  key: Buffer,
  id: string,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let read = 0;
  for (let n = 0; read < bytes; n += 1) {
    const { rows } = await db.query<{ box: Buffer }>({ text: READ, values: [id, n] });
    const [row] = rows;
    if (row === undefined) throw new BridgeError('SEALED_VALUE_INVALID', 'a piece of a kept file is missing');
    const piece = openBytes(row.box, key, placeOf(id, n));
    hash.update(piece);
    read += piece.length;
    // The last piece is held back until the whole is known to be what was made.
    if (read >= bytes && (read > bytes || hash.digest('hex') !== sha256))
      throw new BridgeError('SEALED_VALUE_INVALID', 'a kept file is not what was made');
    yield piece;
  }
}

function placeOf(id: string, n: number): string {
  return `console-job-piece\n${id}\n${n}`;
}

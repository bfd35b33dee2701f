import { createHash } from 'node:crypto';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import { openCheckpoint } from '../note/checkpoint.js';
import type { VerifierKey } from '../note/note.js';
import type { CaCertificates } from '../timestamp/chain.js';
import { checkResponse } from '../timestamp/check-response.js';
import { FoundDifference } from './difference.js';

/** A root that somebody signed: each must be one that the entries give. */
export interface SignedRoot {
  readonly size: bigint;
  readonly root: Buffer;
  /** What it stands in: `checkpoint`, `witness`. */
  readonly where: 'checkpoint' | 'witness';
}

interface CheckpointRow {
  origin: string;
  size: bigint;
  root: Buffer;
  note: string;
}

interface StampRow {
  size: bigint;
  origin: string;
  authority: string;
  note: string | null;
  response: Buffer;
  gen_time: Date;
}

type Place = readonly [size: bigint, origin: string];

/** Rows read at once: notes and responses are some kilobytes. */
const AT_ONCE = 1_000;

/** Notes of one log are signed under its own name: those of an earlier origin are opened by keys of that name. */
export function openStoredNote(note: string, origin: string, keys: readonly VerifierKey[]) {
  try {
    return openCheckpoint(note, origin, keys);
  } catch (error) {
    if (isBridgeError(error, 'NOTE_INVALID')) return null;
    throw error;
  }
}

/** Every stored checkpoint, signature and columns checked; ascending by size. Throws `FoundDifference`. */
export async function signedRoots(
  tx: Transaction,
  keys: readonly VerifierKey[],
  size: bigint,
): Promise<readonly SignedRoot[]> {
  const roots: SignedRoot[] = [];
  for (let last: Place = [0n, '']; ; ) {
    const { rows } = await tx.query<CheckpointRow>({
      text: `SELECT origin, size, root, note FROM bridge.log_checkpoint WHERE (size, origin) > ($1, $2)
        ORDER BY size, origin LIMIT ${AT_ONCE}`,
      values: [...last],
    });
    for (const row of rows) roots.push(signedRoot(row, keys, size));
    const end = rows.at(-1);
    if (end === undefined) return roots;
    last = [end.size, end.origin];
  }
}

function signedRoot(row: CheckpointRow, keys: readonly VerifierKey[], size: bigint): SignedRoot {
  const checkpoint = openStoredNote(row.note, row.origin, keys);
  const name = `the checkpoint of ${row.size}`;
  if (checkpoint === null)
    throw new FoundDifference('checkpoints', `${name} is signed by none of the known keys`, row.size);
  if (checkpoint.size !== row.size || !checkpoint.root.equals(row.root))
    throw new FoundDifference('checkpoints', `${name} says something else than its row`, row.size);
  if (checkpoint.size > size)
    throw new FoundDifference(
      'checkpoints',
      `${name} is larger than the log, which has ${size} entries`,
      size,
    );
  return { size: row.size, root: row.root, where: 'checkpoint' };
}

/** Every stored time stamp against its checkpoint. Returns how many. Throws `FoundDifference`. */
export async function checkStamps(tx: Transaction, ca: CaCertificates): Promise<number> {
  let count = 0;
  for (let last: readonly [bigint, string, string] = [0n, '', '']; ; ) {
    const { rows }: { rows: StampRow[] } = await tx.query<StampRow>({
      text: `SELECT t.size, t.origin, t.authority, c.note, t.response, t.gen_time FROM bridge.log_timestamp t
        LEFT JOIN bridge.log_checkpoint c ON c.origin = t.origin AND c.size = t.size
        WHERE (t.size, t.origin, t.authority) > ($1, $2, $3)
        ORDER BY t.size, t.origin, t.authority LIMIT ${AT_ONCE}`,
      values: [...last],
    });
    for (const row of rows) await holdStamp(row, ca);
    count += rows.length;
    const end = rows.at(-1);
    if (end === undefined) return count;
    last = [end.size, end.origin, end.authority];
  }
}

async function holdStamp({ size, note, response, gen_time }: StampRow, ca: CaCertificates): Promise<void> {
  const name = `the time stamp of ${size}`;
  if (note === null) throw new FoundDifference('time-stamps', `${name} has no checkpoint`, size);
  const imprint = createHash('sha256').update(note, 'utf8').digest();
  const expected = { imprint, nonce: null, policies: [], ca, clock: null };
  const checked = await checkResponse(response, expected).catch((error: unknown) => {
    if (!isBridgeError(error, 'TIMESTAMP_INVALID')) throw error;
    throw new FoundDifference('time-stamps', `${name} does not hold (${error.fields.reason})`, size);
  });
  if (checked.genTime.getTime() !== gen_time.getTime())
    throw new FoundDifference('time-stamps', `${name} says another time than its row`, size);
}

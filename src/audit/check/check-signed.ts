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
  const { rows } = await tx.query<CheckpointRow>({
    text: 'SELECT origin, size, root, note FROM bridge.log_checkpoint ORDER BY size, origin',
  });
  return rows.map((row) => {
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
  });
}

/** Every stored time stamp against its checkpoint. Returns how many. Throws `FoundDifference`. */
export async function checkStamps(tx: Transaction, ca: CaCertificates): Promise<number> {
  const { rows } = await tx.query<{ size: bigint; note: string; response: Buffer; gen_time: Date }>({
    text: `SELECT c.size, c.note, t.response, t.gen_time FROM bridge.log_timestamp t
      JOIN bridge.log_checkpoint c USING (origin, size) ORDER BY c.size`,
  });
  for (const { size, note, response, gen_time } of rows) {
    const imprint = createHash('sha256').update(note, 'utf8').digest();
    const checked = await checkResponse(response, {
      imprint,
      nonce: null,
      policies: [],
      ca,
      clock: null,
    }).catch((error: unknown) => {
      if (!isBridgeError(error, 'TIMESTAMP_INVALID')) throw error;
      throw new FoundDifference(
        'time-stamps',
        `the time stamp of ${size} does not hold (${error.fields.reason})`,
        size,
      );
    });
    if (checked.genTime.getTime() !== gen_time.getTime())
      throw new FoundDifference(
        'time-stamps',
        `the time stamp of ${size} says another time than its row`,
        size,
      );
  }
  return rows.length;
}

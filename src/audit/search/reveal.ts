import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import { personKeyPlace } from '../person-keys.js';
import { openValue, type SealedValue } from '../seal.js';
import type { Revealed } from './attempt.js';

/** An entry's line as far as its sealed values need it. */
export interface SealedLine {
  readonly id: string;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

interface KeyRow {
  key_id: string;
  tag: Buffer;
  year: number;
  master_key_id: string;
  wrapped: Buffer;
}

const SELECT =
  'SELECT key_id, tag, year, master_key_id, wrapped FROM bridge.person_key WHERE key_id = ANY($1::uuid[])';

/**
 * The sealed values of `lines`, by field. Keys are read here and kept nowhere; a value whose key is gone is `destroyed`, one
 * that does not open under its key (somebody changed it) is `unreadable`. Errors of `Database`.
 */
export async function revealLines(
  q: Queryable,
  masterKeys: MasterKeys,
  lines: readonly SealedLine[],
): Promise<readonly Readonly<Record<string, Revealed>>[]> {
  const wanted = new Set(lines.flatMap(({ sealed }) => Object.values(sealed).map((value) => value.key)));
  const { rows } = await q.query<KeyRow>({ text: SELECT, values: [[...wanted]] });
  const keys = new Map(rows.map((row) => [row.key_id, unwrapped(row, masterKeys)]));
  return lines.map(({ id, sealed }) =>
    Object.fromEntries(
      Object.entries(sealed).map(([field, value]): [string, Revealed] => {
        const key = keys.get(value.key) ?? 'destroyed';
        return [field, typeof key === 'string' ? key : opened(value, key, id, field)];
      }),
    ),
  );
}

function unwrapped(row: KeyRow, masterKeys: MasterKeys): Buffer | 'destroyed' | 'unreadable' {
  try {
    return masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, row.year), row.master_key_id);
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED')) return 'destroyed';
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}

function opened(value: SealedValue, key: Buffer, id: string, field: string): Revealed {
  try {
    return openValue(value, key, id, field);
  } catch (error) {
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}

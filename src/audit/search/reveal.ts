import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import { readKeysById } from '../person-keys.js';
import { openValue, type SealedValue } from '../seal.js';
import type { Revealed } from './attempt.js';

/** An entry's line as far as its sealed values need it. */
export interface SealedLine {
  readonly id: string;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

/**
 * The sealed values of `lines`, by field. Keys are read here and kept nowhere; a value whose key is gone is `destroyed`, one
 * that does not open under its key (somebody changed it) is `unreadable`. Errors of `Database`.
 */
export async function revealLines(
  q: Queryable,
  masterKeys: MasterKeys,
  lines: readonly SealedLine[],
): Promise<readonly Readonly<Record<string, Revealed>>[]> {
  const wanted = lines.flatMap(({ sealed }) => Object.values(sealed).map((value) => value.key));
  const keys = await readKeysById(q, masterKeys, wanted);
  return lines.map(({ id, sealed }) =>
    Object.fromEntries(
      Object.entries(sealed).map(([field, value]): [string, Revealed] => {
        const key = keys.get(value.key) ?? 'destroyed';
        return [field, typeof key === 'string' ? key : opened(value, key, id, field)];
      }),
    ),
  );
}

function opened(value: SealedValue, key: Buffer, id: string, field: string): Revealed {
  try {
    return openValue(value, key, id, field);
  } catch (error) {
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}

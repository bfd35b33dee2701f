import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import { personKeyPlace } from '../person-keys.js';
import { openValue, type SealedValue } from '../seal.js';

/** A sealed value opened, with the key that proves it (docs/audit-formats.md: `revealed.json`). */
export interface RevealedValue {
  readonly leaf: bigint;
  readonly field: string;
  readonly text: string;
  readonly key: Buffer;
}

interface KeyRow {
  key_id: string;
  tag: Buffer;
  year: number;
  master_key_id: string;
  wrapped: Buffer;
}

/**
 * Opens every sealed value of the lines whose key still exists; the others are named in `destroyed`. Nothing is kept: the
 * keys are in the answer alone. Errors: `SEALED_VALUE_INVALID` where a key or a value was changed.
 */
export async function revealValues(
  db: Queryable,
  masterKeys: MasterKeys,
  lines: readonly { readonly leaf: bigint; readonly line: string }[],
): Promise<{
  readonly revealed: readonly RevealedValue[];
  readonly destroyed: readonly { readonly leaf: bigint; readonly field: string }[];
}> {
  const values = lines.flatMap(({ leaf, line }) => {
    const { id, sealed } = JSON.parse(line) as { id: string; sealed: Record<string, SealedValue> };
    return Object.entries(sealed).map(([field, value]) => ({ leaf, id, field, value }));
  });
  const keys = await readKeys(db, masterKeys, [...new Set(values.map(({ value }) => value.key))]);
  const revealed: RevealedValue[] = [];
  const destroyed: { leaf: bigint; field: string }[] = [];
  for (const { leaf, id, field, value } of values) {
    const key = keys.get(value.key);
    if (key === undefined) destroyed.push({ leaf, field });
    else revealed.push({ leaf, field, text: openValue(value, key, id, field), key });
  }
  return { revealed, destroyed };
}

async function readKeys(
  db: Queryable,
  masterKeys: MasterKeys,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const { rows } = await db.query<KeyRow>({
    text: 'SELECT key_id, tag, year, master_key_id, wrapped FROM bridge.person_key WHERE key_id = ANY($1::uuid[])',
    values: [ids],
  });
  const keys = new Map<string, Buffer>();
  for (const row of rows) {
    try {
      const place = personKeyPlace(row.key_id, row.tag, row.year);
      keys.set(row.key_id, masterKeys.unwrap(row.wrapped, place, row.master_key_id));
    } catch (error) {
      // Its master key was taken out of the settings: as good as destroyed for whoever runs with them.
      if (!isBridgeError(error, 'KEY_DESTROYED')) throw error;
    }
  }
  return keys;
}

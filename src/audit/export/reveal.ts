import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import { readKeysById } from '../person-keys.js';
import { openValue, type SealedValue } from '../seal.js';

/** A sealed value opened, with the key that proves it (docs/audit-formats.md: `revealed.json`). */
export interface RevealedValue {
  readonly leaf: bigint;
  readonly field: string;
  readonly text: string;
  readonly key: Buffer;
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
  const keys = await readKeysById(
    db,
    masterKeys,
    values.map(({ value }) => value.key),
  );
  const revealed: RevealedValue[] = [];
  const destroyed: { leaf: bigint; field: string }[] = [];
  for (const { leaf, id, field, value } of values) {
    const key = keys.get(value.key) ?? 'destroyed';
    if (key === 'destroyed') destroyed.push({ leaf, field });
    else if (key === 'unreadable')
      throw new BridgeError('SEALED_VALUE_INVALID', 'a key of a person was changed');
    else revealed.push({ leaf, field, text: openValue(value, key, id, field), key });
  }
  return { revealed, destroyed };
}

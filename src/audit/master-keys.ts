import { BridgeError } from '../errors/bridge-error.js';
import { openBytes, sealBytes } from './seal.js';

/** A key that wraps the keys of persons. Its id stands beside what it wrapped. */
export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Wraps with the first key; opens with whichever key the id names. */
export interface MasterKeys {
  readonly activeId: string;
  wrap(plain: Buffer, place: string): Buffer;
  /** `KEY_DESTROYED` where no key with this id is at hand, `SEALED_VALUE_INVALID` where the bytes do not open. */
  unwrap(wrapped: Buffer, place: string, keyId: string): Buffer;
}

/** `keys` in order of use; the first is the active one. Ids must be unique, keys 32 bytes (`CONFIG_INVALID`). */
export function createMasterKeys(keys: readonly MasterKey[]): MasterKeys {
  const active = keys[0];
  const byId = new Map(keys.map((key) => [key.id, key.key]));
  if (active === undefined || byId.size !== keys.length || keys.some((key) => key.key.length !== 32)) {
    throw new BridgeError('CONFIG_INVALID', 'master keys: at least one, unique ids, 32 bytes each');
  }
  return {
    activeId: active.id,
    wrap: (plain, place) => sealBytes(plain, active.key, place),
    unwrap: (wrapped, place, keyId) => {
      const key = byId.get(keyId);
      if (key === undefined)
        throw new BridgeError('KEY_DESTROYED', 'no master key with this id', { fields: { keyId } });
      return openBytes(wrapped, key, place);
    },
  };
}

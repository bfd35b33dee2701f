import type { BridgeConfig } from './schema.js';
import { isMapping, showPath } from './schema-walk.js';
import { Secret } from './secret.js';

/** A secret of the settings by its path. `changedAt`: when its file was last written; null where it stands in the environment. */
export interface ListedSecret {
  readonly path: string;
  readonly changedAt: Date | null;
}

/** Every secret of the settings, in their order; never its value. */
export function listSecrets(config: BridgeConfig): readonly ListedSecret[] {
  return within(config, []);
}

function within(value: unknown, path: readonly (string | number)[]): readonly ListedSecret[] {
  if (value instanceof Secret) return [{ path: showPath([...path]), changedAt: value.changedAt }];
  if (Array.isArray(value)) return value.flatMap((item, n) => within(item, [...path, n]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => within(item, [...path, key]));
}

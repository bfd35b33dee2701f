import type { BridgeConfig } from './schema.js';
import { isMapping } from './schema-walk.js';
import { plainSettings } from './show-config.js';

/** Persons responsible towards NVİ: their data belong in the settings file, not in the log. */
const PERSONAL = /\.(?:administrativeUser|technicalUser)\.(?:name|email)$/;
const HIDDEN = '***';

/** One setting in force. `place`: its path with the positions of lists, as `sources` names it. */
export interface FlatSetting {
  readonly path: string;
  readonly place: readonly (string | number)[];
  readonly value: string;
}

/**
 * The settings in force as text by path, for telling what has changed between two starts. Items of a list stand under their
 * `id` or `code` where each has one of its own, so that a new one does not move all behind it. Secrets, names and e-mail
 * addresses are `***`: that one of these changed cannot be seen here.
 */
export function flatSettings(config: BridgeConfig): ReadonlyMap<string, string> {
  return new Map(listSettings(config).map(({ path, value }) => [path, value]));
}

/** The same in the order of the settings, each with its place. */
export function listSettings(config: BridgeConfig): readonly FlatSetting[] {
  return flatten(plainSettings(config), '', []);
}

function flatten(value: unknown, path: string, place: FlatSetting['place']): readonly FlatSetting[] {
  const children = childrenOf(value, path);
  if (children !== null && children.length > 0)
    return children.flatMap(([childPath, key, child]) => flatten(child, childPath, [...place, key]));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [{ path, place, value: PERSONAL.test(path) ? HIDDEN : text }];
}

function childrenOf(
  value: unknown,
  path: string,
): readonly (readonly [path: string, key: string | number, child: unknown])[] | null {
  if (Array.isArray(value)) {
    const names = namesOf(value);
    return value.map((item, index) => [`${path}[${names[index]}]`, index, item]);
  }
  if (!isMapping(value)) return null;
  return Object.entries(value).map(([name, child]) => [path === '' ? name : `${path}.${name}`, name, child]);
}

function namesOf(items: readonly unknown[]): readonly string[] {
  const names = items.map((item) => (isMapping(item) ? String(item.id ?? item.code ?? '') : ''));
  const areNames = names.every((name) => name !== '') && new Set(names).size === names.length;
  return areNames ? names : items.map((_, index) => String(index));
}

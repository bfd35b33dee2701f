import type { BridgeConfig } from './schema.js';
import { isMapping } from './schema-walk.js';
import { plainSettings } from './show-config.js';

/** Persons responsible towards NVİ: their data belong in the settings file, not in the log. */
const PERSONAL = /\.(?:administrativeUser|technicalUser)\.(?:name|email)$/;
const HIDDEN = '***';

/**
 * The settings in force as text by path, for telling what has changed between two starts. Items of a list stand under their
 * `id` or `code` where each has one of its own, so that a new one does not move all behind it. Secrets, names and e-mail
 * addresses are `***`: that one of these changed cannot be seen here.
 */
export function flatSettings(config: BridgeConfig): ReadonlyMap<string, string> {
  const flat = new Map<string, string>();
  flatten(plainSettings(config), '', flat);
  return flat;
}

function flatten(value: unknown, path: string, flat: Map<string, string>): void {
  const children = childrenOf(value, path);
  if (children === null || children.length === 0)
    flat.set(path, PERSONAL.test(path) ? HIDDEN : typeof value === 'string' ? value : JSON.stringify(value));
  else for (const [childPath, child] of children) flatten(child, childPath, flat);
}

function childrenOf(value: unknown, path: string): readonly (readonly [string, unknown])[] | null {
  if (Array.isArray(value)) {
    const names = namesOf(value);
    return value.map((item, index) => [`${path}[${names[index]}]`, item]);
  }
  if (!isMapping(value)) return null;
  return Object.entries(value).map(([name, child]) => [path === '' ? name : `${path}.${name}`, child]);
}

function namesOf(items: readonly unknown[]): readonly string[] {
  const names = items.map((item) => (isMapping(item) ? String(item.id ?? item.code ?? '') : ''));
  const areNames = names.every((name) => name !== '') && new Set(names).size === names.length;
  return areNames ? names : items.map((_, index) => String(index));
}

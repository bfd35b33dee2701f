import { createHash } from 'node:crypto';
import { Document, isCollection, isScalar } from 'yaml';
import type { BridgeConfig } from './schema.js';
import { isMapping, showPath } from './schema-walk.js';
import { Secret } from './secret.js';

type Path = readonly (string | number)[];

/** Settings without what belongs to loading, secrets as `***`. */
function plain(value: unknown): unknown {
  if (value instanceof Secret) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, plain(item)]),
  );
}

/** Settings in force as plain data, without what belongs to loading; secrets as `***`. */
export function plainSettings(config: BridgeConfig): Record<string, unknown> {
  const { file: _file, sources: _sources, warnings: _warnings, ...settings } = config;
  return plain(settings) as Record<string, unknown>;
}

/** The source of a setting, or of the list that it stands in; undefined for a default. */
export function sourceOf(path: Path, sources: ReadonlyMap<string, string>): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const source = sources.get(showPath(path.slice(0, length)));
    if (source !== undefined) return source;
  }
  return undefined;
}

function markSources(
  document: Document,
  value: unknown,
  path: Path,
  sources: ReadonlyMap<string, string>,
): void {
  const node = document.getIn(path, true);
  if (isScalar(node)) {
    const source = sourceOf(path, sources);
    if (source !== undefined) node.comment = ` ${source}`;
  } else if (isCollection(node)) {
    const entries: [string | number, unknown][] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value as object);
    for (const [key, item] of entries) markSources(document, item, [...path, key], sources);
  }
}

/**
 * The settings in force as YAML: secrets as `***`; behind each value that is not a default its source, `file` or the
 * name of the environment variable.
 */
export function showConfig(config: BridgeConfig): string {
  const settings = plainSettings(config);
  const document = new Document(settings, { aliasDuplicateObjects: false });
  markSources(document, settings, [], config.sources);
  return document.toString({ lineWidth: 0 });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/**
 * SHA-256 (hex) of the settings in force, for the audit log: two starts with the same hash ran under the same rules.
 * Secrets count as `***`: a hash over a weak password would let a reader of the log guess it.
 */
export function configHash(config: BridgeConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(plainSettings(config))))
    .digest('hex');
}

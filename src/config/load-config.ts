import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { BridgeError } from '../errors/bridge-error.js';
import { applyEnvOverrides, type Environment } from './env-overrides.js';
import { decodeKey32, isKey32 } from './key32.js';
import { schemaProblems } from './problems.js';
import { readReferences, replaceReferences } from './read-references.js';
import { MAX_SETTINGS_BYTES, readYaml } from './read-yaml.js';
import { bridgeSchema } from './rules.js';
import type { BridgeConfig, BridgeSettings, CheckedSettings } from './schema.js';
import { isMapping, settingFacts, showPath } from './schema-walk.js';
import type { Secret } from './secret.js';
import { systemCode } from './system-code.js';

/** As many problems as fit on a screen or two. */
const MAX_PROBLEMS = 100;

function refuse(file: string, problems: readonly string[]): BridgeError {
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > shown.length) shown.push(`… and ${problems.length - shown.length} more`);
  return new BridgeError('CONFIG_INVALID', shown.join('\n'), { fields: { file, problems: problems.length } });
}

async function readSettingsFile(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    if ((await stat(file)).size > MAX_SETTINGS_BYTES) throw refuse(file, [`${file}: larger than 1 MiB`]);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    throw refuse(file, [
      `${file}: cannot be read (${systemCode(error)}); BRIDGE_CONFIG names the settings file`,
    ]);
  }
  const read = readYaml(text);
  if (!read.ok)
    throw refuse(
      file,
      read.problems.map((problem) => `${file}: ${problem}`),
    );
  if (read.value === null || read.value === undefined) return {};
  if (!isMapping(read.value)) throw refuse(file, [`${file}: must be a mapping of settings`]);
  return read.value;
}

/** Paths of the single values that the file gives; a secret counts as one. */
function givenPaths(
  value: unknown,
  schema: Parameters<typeof settingFacts>[0],
  path: (string | number)[] = [],
): string[] {
  const { shape } = settingFacts(schema);
  if (shape.type === 'group' && isMapping(value)) {
    return [...shape.keys].flatMap(([key, child]) =>
      Object.hasOwn(value, key) ? givenPaths(value[key], child, [...path, key]) : [],
    );
  }
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.flatMap((item, index) => givenPaths(item, shape.element, [...path, index]));
  }
  return value === undefined ? [] : [showPath(path)];
}

/** Where each given value came from; an overridden list takes what the file said of its items with it. */
function sourcesOf(given: unknown, overrides: ReadonlyMap<string, string>): Map<string, string> {
  const overridden = [...overrides.keys()];
  const fromFile = givenPaths(given, bridgeSchema).filter(
    (path) => !overridden.some((name) => path === name || path.startsWith(`${name}[`)),
  );
  return new Map([...fromFile.map((path) => [path, 'file'] as const), ...overrides]);
}

/** The same key twice would make two protections one: who learns it has both. */
function keyProblems(values: ReadonlyMap<string, Secret | string>): string[] {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const [path, value] of values) {
    if (!path.startsWith('audit.') || typeof value === 'string' || !isKey32(value.reveal())) continue;
    const bytes = decodeKey32(value).toString('hex');
    const first = seen.get(bytes);
    if (first === undefined) seen.set(bytes, path);
    else problems.push(`${path}: is the same key as ${first}`);
  }
  return problems;
}

function exposureWarnings({ listeners: { ops } }: CheckedSettings): string[] {
  const loopback =
    ops.host === 'localhost' || ops.host === '::1' || (isIP(ops.host) === 4 && ops.host.startsWith('127.'));
  return loopback ? [] : ['listeners.ops.host: metrics are served without a password beyond this machine'];
}

function finish(checked: CheckedSettings, values: ReadonlyMap<string, Secret | string>): BridgeSettings {
  const resolved = replaceReferences(checked, values);
  const migrateOnStart = resolved.database.migrateOnStart ?? resolved.environment !== 'production';
  return { ...resolved, database: { ...resolved.database, migrateOnStart } };
}

/**
 * Reads and checks the settings: the YAML file at `path`, `BRIDGE__…` variables of `env` over it, then every secret and
 * file that they name (relative to the folder of the settings file). Throws `CONFIG_INVALID` whose message has one line
 * `path: problem` for everything that is wrong; no line holds a value that was given.
 */
export async function loadConfig({ path, env }: { path: string; env: Environment }): Promise<BridgeConfig> {
  const file = resolve(path);
  const given = await readSettingsFile(file);
  const { settings, sources: overrides, problems } = applyEnvOverrides(given, env, bridgeSchema);
  const checked = bridgeSchema.safeParse(settings);
  const references = await readReferences(settings, bridgeSchema, dirname(file), env);
  const all = [
    ...problems,
    ...(checked.success ? [] : schemaProblems(checked.error.issues, settings, bridgeSchema)),
    ...references.problems,
    ...keyProblems(references.values),
  ];
  if (!checked.success || all.length > 0) throw refuse(file, [...new Set(all)]);
  const sources = sourcesOf(given, overrides);
  return {
    ...finish(checked.data, references.values),
    file,
    sources,
    warnings: [...references.warnings, ...exposureWarnings(checked.data)],
  };
}

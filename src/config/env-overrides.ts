import type { z } from 'zod';
import { nearestName } from './nearest-name.js';
import { readYaml } from './read-yaml.js';
import { isMapping, type SettingFacts, settingFacts, showPath } from './schema-walk.js';

const OVERRIDE_PREFIX = 'BRIDGE__';

/** More overrides than settings exist; and a list in an override stays readable. */
const MAX_OVERRIDES = 500;
const MAX_VALUE = 65_536;

export type Environment = Readonly<Record<string, string | undefined>>;

type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };
/** `source` where the variable names the source of a secret; its value is then a file or a variable. */
type Place = {
  readonly path: (string | number)[];
  readonly facts: SettingFacts;
  readonly source?: 'file' | 'env';
};
type Finding =
  | { readonly ok: true; readonly place: Place }
  | { readonly ok: false; readonly problem: string };

const problem = (text: string) => ({ ok: false, problem: text }) as const;

/** The value of a variable in the type of its setting. No message repeats the value. */
function readValue(text: string, facts: SettingFacts): Reading {
  if (text.length > MAX_VALUE) return problem('is too long');
  if (facts.nullable && text === 'null') return { ok: true, value: null };
  switch (facts.shape.type) {
    case 'number':
      return /^-?\d{1,15}$/.test(text)
        ? { ok: true, value: Number(text) }
        : problem('must be a whole number');
    case 'boolean':
      return text === 'true' || text === 'false'
        ? { ok: true, value: text === 'true' }
        : problem('must be true or false');
    case 'list': {
      const read = readYaml(text);
      return read.ok && Array.isArray(read.value)
        ? { ok: true, value: read.value }
        : problem('must be a list, such as ["a", "b"]');
    }
    case 'secret':
      return problem(`is a secret: name it with …__FILE or …__ENV, never the value itself`);
    case 'group':
      return problem('is a group of settings: name one setting in it');
    default:
      return { ok: true, value: text };
  }
}

/** Follows the parts of a variable's name through the schema and the settings that the file gave. */
function findPlace(parts: readonly string[], schema: z.core.$ZodType, settings: unknown): Finding {
  let facts = settingFacts(schema);
  let value = settings;
  const path: (string | number)[] = [];
  for (const part of parts) {
    const { shape } = facts;
    if (shape.type === 'secret') return findSecretSource(parts.slice(path.length), path, facts);
    if (shape.type === 'group') {
      const key = [...shape.keys.keys()].find((known) => known.toLowerCase() === part.toLowerCase());
      if (key === undefined) {
        const where = path.length === 0 ? '' : ` in ${path.join('.')}`;
        return problem(
          `names an unknown setting${where}; the nearest is ${nearestName(part, shape.keys.keys())}`,
        );
      }
      facts = settingFacts(shape.keys.get(key) as z.core.$ZodType);
      value = isMapping(value) ? value[key] : undefined;
      path.push(key);
    } else if (shape.type === 'list') {
      const index = /^\d{1,4}$/.test(part) ? Number(part) : Number.NaN;
      if (!Array.isArray(value) || !(index < value.length))
        return problem(`must name an item that the file has in ${path.join('.')}`);
      facts = settingFacts(shape.element);
      value = value[index];
      path.push(index);
    } else {
      return problem(`goes on after ${path.join('.')}, which is a single setting`);
    }
  }
  return { ok: true, place: { path, facts } };
}

/** `…__FILE` and `…__ENV` replace the whole reference, so that a file in bridge.yaml and a variable never both stand. */
function findSecretSource(rest: readonly string[], path: (string | number)[], facts: SettingFacts): Finding {
  const source = rest.length === 1 ? rest[0]?.toLowerCase() : undefined;
  if (source !== 'file' && source !== 'env')
    return problem('is a secret: its name must end in __FILE or __ENV');
  return { ok: true, place: { path, facts: { ...facts, shape: { type: 'text' } }, source } };
}

/** Writes `value` at `path`, making groups on the way. False where the file has a single value in the place of a group. */
function write(root: Record<string, unknown>, path: readonly (string | number)[], value: unknown): boolean {
  let at: Record<string | number, unknown> = root;
  for (const key of path.slice(0, -1)) {
    at[key] ??= {};
    const next = at[key];
    if (typeof next !== 'object' || next === null) return false;
    at = next as Record<string | number, unknown>;
  }
  at[path.at(-1) ?? ''] = value;
  return true;
}

export interface Overridden {
  readonly settings: Record<string, unknown>;
  /** Path (dots, list positions as numbers) → name of the variable. */
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/**
 * Lays `BRIDGE__LISTENERS__SERVICE__PORT=9443` over the settings of the file: parts between double underscores match
 * keys without regard to case, numbers name items of a list that the file has, secrets end in `__FILE` or `__ENV`,
 * lists are written as in YAML (`["a", "b"]`). `settings` is not changed.
 */
export function applyEnvOverrides(
  settings: Readonly<Record<string, unknown>>,
  env: Environment,
  schema: z.core.$ZodType,
): Overridden {
  const result = structuredClone(settings) as Record<string, unknown>;
  const sources = new Map<string, string>();
  const problems: string[] = [];
  const names = Object.keys(env)
    .filter((name) => name.startsWith(OVERRIDE_PREFIX) && env[name] !== undefined)
    .sort();
  if (names.length > MAX_OVERRIDES)
    return {
      settings: result,
      sources,
      problems: [`${OVERRIDE_PREFIX}…: more than ${MAX_OVERRIDES} overrides`],
    };
  for (const name of names) {
    const found = findPlace(name.slice(OVERRIDE_PREFIX.length).split('__'), schema, result);
    if (!found.ok) {
      problems.push(`${name}: ${found.problem}`);
      continue;
    }
    const { path, facts, source } = found.place;
    const target = showPath(path);
    const read = readValue(env[name] ?? '', facts);
    if (!read.ok) problems.push(`${name}: ${read.problem}`);
    else if (sources.has(target)) problems.push(`${name}: ${target} is also set by ${sources.get(target)}`);
    else if (!write(result, path, source === undefined ? read.value : { [source]: read.value })) {
      problems.push(`${name}: the file has a single value where a group belongs`);
    } else sources.set(target, name);
  }
  return { settings: result, sources, problems };
}

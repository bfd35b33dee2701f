import type { z } from 'zod';
import type { SecretForm } from './references.js';

/** What a setting is, without the wrappers that zod puts around it. */
export type SettingShape =
  | { readonly type: 'group'; readonly keys: ReadonlyMap<string, z.core.$ZodType> }
  | { readonly type: 'list'; readonly element: z.core.$ZodType }
  | { readonly type: 'secret'; readonly form: SecretForm }
  | { readonly type: 'file'; readonly form: 'certificates' | 'any' }
  | { readonly type: 'directory' | 'number' | 'boolean' | 'text' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

export interface SettingFacts {
  readonly shape: SettingShape;
  readonly reason: string;
  /** Undefined where there is none; `shownDefault` says it in words where the value itself would not help. */
  readonly defaultValue: unknown;
  readonly shownDefault: string | undefined;
  readonly optional: boolean;
  readonly nullable: boolean;
}

/** No setting is wrapped deeper (default, nullable, pipe); a limit against a schema that wraps itself. */
const MAX_LAYERS = 12;

interface Layers {
  meta: Record<string, unknown>;
  optional: boolean;
  nullable: boolean;
  defaultValue: unknown;
}

/** One wrapper off; undefined at the innermost schema. */
function inner(schema: z.core.$ZodTypes, layers: Layers): z.core.$ZodType | undefined {
  const def = schema._zod.def;
  switch (def.type) {
    case 'optional':
      layers.optional = true;
      return def.innerType;
    case 'nullable':
      layers.nullable = true;
      return def.innerType;
    case 'default':
      layers.defaultValue = def.defaultValue;
      return def.innerType;
    case 'prefault':
      return def.innerType;
    case 'pipe':
      return def.in;
    default:
      return undefined;
  }
}

function shapeOf(schema: z.core.$ZodTypes, meta: Record<string, unknown>): SettingShape {
  if (meta.kind === 'secret') return { type: 'secret', form: meta.form as SecretForm };
  if (meta.kind === 'file')
    return { type: 'file', form: meta.form === 'certificates' ? 'certificates' : 'any' };
  if (meta.kind === 'directory') return { type: 'directory' };
  const def = schema._zod.def;
  if (def.type === 'object') return { type: 'group', keys: new Map(Object.entries(def.shape)) };
  if (def.type === 'array') return { type: 'list', element: def.element };
  if (def.type === 'enum') return { type: 'choice', choices: Object.values(def.entries).map(String) };
  if (def.type === 'number') return { type: 'number' };
  if (def.type === 'boolean') return { type: 'boolean' };
  return { type: 'text' };
}

/** Reads the facts of a setting off its schema; outer layers speak before inner ones. */
export function settingFacts(schema: z.core.$ZodType): SettingFacts {
  const layers: Layers = { meta: {}, optional: false, nullable: false, defaultValue: undefined };
  let current = schema;
  for (let depth = 0; depth < MAX_LAYERS; depth += 1) {
    layers.meta = { ...(current as z.ZodType).meta(), ...layers.meta };
    const next = inner(current as z.core.$ZodTypes, layers);
    if (next === undefined) break;
    current = next;
  }
  const { meta } = layers;
  return {
    shape: shapeOf(current as z.core.$ZodTypes, meta),
    reason: typeof meta.description === 'string' ? meta.description : '',
    defaultValue: layers.defaultValue,
    shownDefault: typeof meta.shownDefault === 'string' ? meta.shownDefault : undefined,
    optional: layers.optional,
    nullable: layers.nullable,
  };
}

/** The facts at a path of keys and list positions; undefined where the schema has nothing there. */
export function settingAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): SettingFacts | undefined {
  let facts = settingFacts(schema);
  for (const key of path) {
    const { shape } = facts;
    const next =
      shape.type === 'group'
        ? shape.keys.get(String(key))
        : shape.type === 'list'
          ? shape.element
          : undefined;
    if (next === undefined) return undefined;
    facts = settingFacts(next);
  }
  return facts;
}

/** `['clients', 0, 'account']` → `clients[0].account`. */
export function showPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((shown, key) => {
    if (typeof key === 'number') return `${shown}[${key}]`;
    return shown === '' ? String(key) : `${shown}.${String(key)}`;
  }, '');
}

/** True for a mapping as the YAML reader makes it. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

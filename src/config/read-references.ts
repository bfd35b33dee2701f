import { resolve } from 'node:path';
import type { z } from 'zod';
import { isBridgeError } from '../errors/bridge-error.js';
import type { Environment } from './env-overrides.js';
import {
  isCertificateFile,
  MAX_SECRET_BYTES,
  readSmallFile,
  secretProblem,
  secretText,
} from './read-secret.js';
import { PathReference, type Resolved, SecretReference } from './references.js';
import { isMapping, type SettingShape, settingFacts, showPath } from './schema-walk.js';
import { Secret } from './secret.js';

type Path = readonly (string | number)[];

/** What the settings point at: by path (as `showPath` writes it), a secret or an absolute path. */
export interface References {
  readonly values: ReadonlyMap<string, Secret | string>;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

interface Reading {
  /** Folder that relative names start from. */
  readonly base: string;
  readonly env: Environment;
  readonly values: Map<string, Secret | string>;
  readonly problems: string[];
  readonly warnings: string[];
}

interface ReadSecret {
  readonly text: string;
  readonly changedAt: Date | null;
}

async function readSecretValue(
  value: unknown,
  at: string,
  reading: Reading,
): Promise<ReadSecret | undefined> {
  if (!isMapping(value)) return undefined;
  const { file, env } = value;
  if (typeof file === 'string' && env === undefined) {
    const { bytes, changedAt, mode } = await readSmallFile(resolve(reading.base, file));
    if ((mode & 0o077) !== 0) {
      reading.warnings.push(
        `${at}: the file may be used by group or others (mode 0${mode.toString(8)}); chmod 600`,
      );
    }
    return { text: secretText(bytes), changedAt };
  }
  if (typeof env !== 'string' || file !== undefined) return undefined;
  const given = reading.env[env];
  if (given === undefined) {
    reading.problems.push(`${at}: the environment variable that it names is not set`);
    return undefined;
  }
  if (Buffer.byteLength(given) > MAX_SECRET_BYTES) {
    reading.problems.push(`${at}: is larger than 64 KiB`);
    return undefined;
  }
  return { text: secretText(Buffer.from(given)), changedAt: null };
}

async function readSecret(
  value: unknown,
  shape: SettingShape & { type: 'secret' },
  at: string,
  reading: Reading,
): Promise<void> {
  const read = await readSecretValue(value, at, reading);
  if (read === undefined) return;
  const { changedAt, text } = read;
  const wrong = secretProblem(shape.form, text);
  if (wrong !== undefined) reading.problems.push(`${at}: ${wrong}`);
  reading.values.set(at, new Secret(text, changedAt));
}

async function readFileSetting(
  value: unknown,
  shape: SettingShape & { type: 'file' },
  at: string,
  reading: Reading,
): Promise<void> {
  if (typeof value !== 'string') return;
  const path = resolve(reading.base, value.trim());
  reading.values.set(at, path);
  const { bytes } = await readSmallFile(path);
  if (shape.form === 'certificates' && !isCertificateFile(bytes))
    reading.problems.push(`${at}: must be a file of PEM certificates`);
}

async function readLeaf(value: unknown, shape: SettingShape, at: string, reading: Reading): Promise<void> {
  try {
    if (shape.type === 'secret') await readSecret(value, shape, at, reading);
    if (shape.type === 'file') await readFileSetting(value, shape, at, reading);
    if (shape.type === 'directory' && typeof value === 'string')
      reading.values.set(at, resolve(reading.base, value.trim()));
  } catch (error) {
    if (!isBridgeError(error, 'SECRET_UNREADABLE')) throw error;
    const hint = error.fields.system === 'ENOENT' ? `; names are relative to ${reading.base}` : '';
    reading.problems.push(`${at}: ${error.message}${hint}`);
  }
}

async function walk(value: unknown, schema: z.core.$ZodType, path: Path, reading: Reading): Promise<void> {
  const { shape } = settingFacts(schema);
  if (shape.type === 'group') {
    if (!isMapping(value)) return;
    for (const [key, child] of shape.keys) {
      if (Object.hasOwn(value, key)) await walk(value[key], child, [...path, key], reading);
    }
  } else if (shape.type === 'list') {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) await walk(item, shape.element, [...path, index], reading);
  } else {
    await readLeaf(value, shape, showPath(path), reading);
  }
}

/**
 * Reads every secret and file that the settings name, also where other settings are wrong, so that all problems are
 * told at once. What is malformed is passed over: the schema tells it.
 */
export async function readReferences(
  settings: unknown,
  schema: z.core.$ZodType,
  base: string,
  env: Environment,
): Promise<References> {
  const reading: Reading = { base, env, values: new Map(), problems: [], warnings: [] };
  await walk(settings, schema, [], reading);
  return reading;
}

/** Puts what was read in the place of each reference. Every reference must be in `values`. */
export function replaceReferences<T>(
  checked: T,
  values: ReadonlyMap<string, Secret | string>,
  path: Path = [],
): Resolved<T> {
  const replaced = (): unknown => {
    if (checked instanceof SecretReference || checked instanceof PathReference)
      return values.get(showPath(path));
    if (Array.isArray(checked))
      return checked.map((item, index) => replaceReferences(item, values, [...path, index]));
    if (!isMapping(checked)) return checked;
    return Object.fromEntries(
      Object.entries(checked).map(([key, item]) => [key, replaceReferences(item, values, [...path, key])]),
    );
  };
  return replaced() as Resolved<T>;
}

import { utf8Text } from './bytes.js';
import { parseInstant } from './instant.js';
import { hasExactly, type Json, type JsonObject, parseStrictJson } from './strict-json.js';

/** An entry of version 1 (docs/audit-entries.md), read from its exact line. */
export interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly data: JsonObject;
  readonly sealed: JsonObject;
}

const MEMBERS = ['at', 'data', 'eventAt', 'id', 'kind', 'sealed', 'v'];

/** Reads a line; throws where it is no entry of version 1. */
export function entryOf(line: Uint8Array): Entry {
  const text = utf8Text(line) ?? '';
  const value: Json = parseStrictJson(text);
  if (text.endsWith('\n') || !hasExactly(value, MEMBERS) || value.get('v') !== 1)
    throw new TypeError('not an entry');
  const [id, kind, at, eventAt] = ['id', 'kind', 'at', 'eventAt'].map((name) => value.get(name));
  const [data, sealed] = [value.get('data'), value.get('sealed')];
  if (
    typeof id !== 'string' ||
    typeof kind !== 'string' ||
    typeof at !== 'string' ||
    typeof eventAt !== 'string'
  ) {
    throw new TypeError('not an entry');
  }
  if (parseInstant(at) === null || parseInstant(eventAt) === null)
    throw new TypeError('an instant of an entry');
  if (!(data instanceof Map) || !(sealed instanceof Map)) throw new TypeError('not an entry');
  return { id, kind, at, data: data as JsonObject, sealed: sealed as JsonObject };
}

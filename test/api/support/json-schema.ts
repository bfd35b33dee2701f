/** The part of JSON Schema 2020-12 that our requests use. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Keywords that say something to people only, or what a pattern beside them says too. */
const SILENT = ['$schema', 'description', 'format'];

/**
 * True where `value` fits `schema`. Throws on a keyword that it does not know: a schema must not come to mean less here
 * than it says. Patterns are read with the `u` flag (JSON Schema Core §6.4).
 */
export function accepts(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, said]) => {
    if (SILENT.includes(keyword)) return true;
    const rule = RULES[keyword];
    if (rule === undefined) throw new Error(`unknown keyword ${keyword}`);
    return rule(said, value, schema);
  });
}

type Rule = (said: unknown, value: unknown, schema: JsonSchema) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const RULES: Readonly<Record<string, Rule>> = {
  type: (said, value) => (said === 'object' ? isObject(value) : typeof value === said),
  pattern: (said, value) => typeof value !== 'string' || new RegExp(String(said), 'u').test(value),
  maxLength: (said, value) => typeof value !== 'string' || [...value].length <= Number(said),
  required: (said, value) =>
    !isObject(value) || (said as readonly string[]).every((name) => Object.hasOwn(value, name)),
  properties: (said, value) =>
    !isObject(value) ||
    Object.entries(said as Record<string, JsonSchema>).every(
      ([name, inner]) => !Object.hasOwn(value, name) || accepts(inner, value[name]),
    ),
  additionalProperties: (said, value, schema) => {
    if (said !== false) throw new Error('additionalProperties: false only');
    return (
      !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(schema.properties as object, name))
    );
  },
};

import { LineCounter, parseDocument, visit } from 'yaml';

/** A bridge with two hundred clients needs some 100 KiB; a larger file is not a settings file. */
export const MAX_SETTINGS_BYTES = 1_048_576;

/** As many problems as somebody will mend in one go. */
const MAX_YAML_PROBLEMS = 20;

export type YamlReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads YAML 1.2 (core schema) strictly: duplicate keys, anchors, aliases, tags and a second document are refused, so
 * that what is read is what a person sees, and no alias can blow up in memory. Messages hold the place and a fixed code,
 * never text of the file: the line that is wrong may be the one with a password in it.
 */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
    merge: false,
    schema: 'core',
    version: '1.2',
  });
  const problems: string[] = [];
  const add = (offset: number, what: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push(`line ${line}, column ${col}: ${what}`);
  };
  for (const error of [...document.errors, ...document.warnings]) add(error.pos[0], error.code);
  visit(document, {
    Alias: (_key, node) => add(node.range?.[0] ?? 0, 'ALIAS_NOT_ALLOWED'),
    Node: (_key, node) => {
      if ('anchor' in node && node.anchor) add(node.range?.[0] ?? 0, 'ANCHOR_NOT_ALLOWED');
      if (node.tag !== undefined) add(node.range?.[0] ?? 0, 'TAG_NOT_ALLOWED');
    },
  });
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, MAX_YAML_PROBLEMS) };
  return { ok: true, value: document.toJS({ maxAliasCount: 0 }) };
}

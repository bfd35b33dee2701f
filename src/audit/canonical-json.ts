/** The JSON that an entry may hold: no floats, so that its bytes are the same in every implementation. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/**
 * RFC 8785 (JCS) for the JSON of entries: members sorted by UTF-16 code units, no white space, strings as ECMAScript
 * writes them. Numbers must be safe integers; everything else is refused with a `TypeError`, because two programs
 * could write it differently. So are sparse arrays and objects of classes (a Date, a Map), which would lose what they
 * hold in silence. Lone surrogates are refused too: they have no UTF-8 form (RFC 8785 §3.2.2.2).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('an entry holds safe integers only');
    return String(value === 0 ? 0 : value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  // Array.from visits holes, which map would pass over.
  if (Array.isArray(value)) return `[${Array.from(value, (item: Json) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object' || !isPlain(value)) throw new TypeError('an entry holds JSON only');
  const object = value as JsonObject;
  let text = '';
  for (const name of sortedNames(object)) {
    text += `${text === '' ? '' : ','}${canonicalString(name)}:${canonicalJson(object[name] as Json)}`;
  }
  return `{${text}}`;
}

/** Names by UTF-16 code units. Entries are mostly written in this order already, and looking is cheaper than sorting. */
function sortedNames(object: JsonObject): readonly string[] {
  const names = Object.keys(object);
  const sorted = names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  return sorted ? names : names.sort();
}

/** True for what `{…}` and JSON.parse make, in whichever realm: nothing stands above its prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Printable ASCII without quote and backslash stands for itself; nearly every string of an entry is of this kind. */
const PLAIN = /^[ !#-[\]-~]*$/;

function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no UTF-8 form');
  return JSON.stringify(text);
}

import { BridgeError } from '../errors/bridge-error.js';

/**
 * Text that is XML already. Only this file makes it out of strings, so text of callers can stand in a document only
 * where it went through `text` or an attribute.
 */
export type Xml = string & { readonly __xml: true };

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?$/;
// XML 1.0 §2.2 minus tab and line ends: no value of ours holds one, and they would be normalised on the way.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;
const SPECIAL = /[&<>"']/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Escapes a value for element or attribute content. Throws `WRONG_USE`, without the value, where it holds a control
 * character or half of a surrogate pair: neither can be carried, and an attacker uses them to split what a log shows.
 */
export function text(value: string): Xml {
  if (FORBIDDEN.test(value) || !value.isWellFormed()) {
    throw new BridgeError('WRONG_USE', 'a value holds a character that XML cannot carry');
  }
  return value.replace(SPECIAL, (character) => ESCAPES[character] ?? '') as Xml;
}

/** One element with its attributes in the order given; `children` are fragments made here. No white space is added. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Xml[]
): Xml {
  if (!NAME.test(name)) throw new BridgeError('WRONG_USE', 'not an element name');
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (!NAME.test(key)) throw new BridgeError('WRONG_USE', 'not an attribute name');
    start += ` ${key}="${text(value)}"`;
  }
  return `${start}>${children.join('')}</${name}>` as Xml;
}

/** Fragments in a row. */
export function fragment(...parts: readonly Xml[]): Xml {
  return parts.join('') as Xml;
}

/**
 * Takes over a piece that was cut, byte for byte, out of a document already found well formed (the token of the STS),
 * or a template of ours whose holes are digits and base64. The only way around the escaping.
 */
export function verbatim(wellFormed: string): Xml {
  return wellFormed as Xml;
}

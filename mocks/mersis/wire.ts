import { escapeXml } from '../xml/escape-xml.js';

/** Members in the order and by the names of the WSDL; a list is an element that holds any number of another. */
export type Wire = readonly (readonly [name: string, value: string | Wire | WireList])[];

interface WireList {
  readonly of: string;
  readonly items: readonly Wire[];
}

/** As elements, in the default namespace. */
export function wireXml(wire: Wire): string {
  return wire
    .map(([name, value]) => {
      if (typeof value === 'string') return `<${name}>${escapeXml(value)}</${name}>`;
      return `<${name}>${isList(value) ? wireXml(value.items.map((item) => [value.of, item])) : wireXml(value)}</${name}>`;
    })
    .join('');
}

/** As JSON: the same names in lower camel case; a list is an array, and what repeats in it has no name there. */
export function wireJson(wire: Wire): unknown {
  return Object.fromEntries(
    wire.map(([name, value]) => {
      if (typeof value === 'string') return [camel(name), value];
      if (!isList(value)) return [camel(name), wireJson(value)];
      return [camel(name), value.items.map(wireJson)];
    }),
  );
}

function isList(value: Wire | WireList): value is WireList {
  return !Array.isArray(value);
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

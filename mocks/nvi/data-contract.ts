import { attributeOf, elementsOf, textOf, type XmlElement } from '../xml/xml-element.js';
import { XSI } from './namespaces.js';
import { deserializationFailed, Refused } from './soap-fault.js';

/** The elements of an object, by member name; a member that was not read is absent. */
export type Members = ReadonlyMap<string, XmlElement>;

/**
 * Reads an object as WCF's data-contract reader does: members are expected in ordinal order, so an element that comes too
 * late, twice or from another namespace is passed over without a word and its member is null (facts/kps.md §3.1).
 */
export function readMembers(object: XmlElement, namespaceURI: string, ordered: readonly string[]): Members {
  const members = new Map<string, XmlElement>();
  let next = 0;
  for (const child of elementsOf(object)) {
    const at = child.namespaceURI === namespaceURI ? ordered.indexOf(child.localName, next) : -1;
    if (at < 0) continue;
    members.set(child.localName, child);
    next = at + 1;
  }
  return members;
}

/**
 * The value of a nillable xsd:int.
 *
 * @throws Refused with DeserializationFailed where the text is no number of that type
 */
export function intOf(members: Members, name: string): number | null {
  const text = trimmedTextOf(members, name);
  if (text === null) return null;
  const value = Number(text);
  if (!/^[+-]?\d{1,10}$/.test(text) || value > 2_147_483_647 || value < -2_147_483_648) {
    throw new Refused(`${name}-not-an-int`, deserializationFailed);
  }
  return value;
}

/** The digits of a nillable xsd:long; a number of identity has no sign and fits. */
export function longOf(members: Members, name: string): string | null {
  const text = trimmedTextOf(members, name);
  if (text === null) return null;
  if (!/^[+-]?\d{1,18}$/.test(text)) throw new Refused(`${name}-not-a-long`, deserializationFailed);
  return BigInt(text).toString();
}

/** The text of a nillable xsd:string, exactly as sent. */
export function stringOf(members: Members, name: string): string | null {
  const element = members.get(name);
  if (element === undefined || isNil(element)) return null;
  const text = textOf(element);
  if (text === undefined) throw new Refused(`${name}-not-text`, deserializationFailed);
  return text;
}

export function isNil(element: XmlElement): boolean {
  const value = attributeOf(element, XSI, 'nil')?.trim();
  return value === 'true' || value === '1';
}

function trimmedTextOf(members: Members, name: string): string | null {
  return stringOf(members, name)?.trim() ?? null;
}

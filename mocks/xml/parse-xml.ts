import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';

import { SaxesParser, type SaxesTagNS } from 'saxes';

import { type XmlAttribute, XmlElement } from './xml-element.js';

export type XmlProblem =
  | 'not-utf-8'
  | 'before-declaration'
  | 'dtd'
  | 'processing-instruction'
  | 'not-well-formed'
  | 'too-deep'
  | 'too-many-elements';

/** Why a message was not even XML that these services read. */
export class XmlRefused extends Error {
  readonly problem: XmlProblem;

  constructor(problem: XmlProblem) {
    super(`message refused: ${problem}`);
    this.name = 'XmlRefused';
    this.problem = problem;
  }
}

export interface ReceivedXml {
  readonly root: XmlElement;
  /** An Id value that stands twice: the handle of signature wrapping (facts/kps.md §2.6). */
  readonly duplicateId: boolean;
}

/** Deeper than any message of these services (14); a bomb of nested elements ends here. */
const MAX_DEPTH = 40;
/** A list of 100 criteria has about 900 elements. */
const MAX_ELEMENTS = 5_000;

/**
 * A part of messages that we wrote ourselves: one whole element, well-formed, without Ids, with all its prefixes declared
 * inside. Where it comes back byte for byte there is nothing to learn from reading it again (a token is two thirds of a
 * query), so it is read as one empty element of its name. A text that differs in one byte is read like any other.
 */
export interface KnownFragment {
  readonly text: string;
  readonly namespaceURI: string;
  readonly localName: string;
}

/** Random for each process: no sender can write the stand-in of a fragment. */
const KNOWN_NAMESPACE = `urn:uuid:${randomUUID()}`;
const PLACEHOLDER = `<known xmlns="${KNOWN_NAMESPACE}"/>`;

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

/** Ids in all the spellings by which a signature could be made to point somewhere else. */
function isId(attribute: XmlAttribute): boolean {
  if (attribute.namespaceURI === WSU || attribute.namespaceURI === XML_NAMESPACE) {
    return attribute.localName.toLowerCase() === 'id';
  }
  return (
    attribute.namespaceURI === '' &&
    (attribute.localName.toLowerCase() === 'id' || attribute.localName === 'AssertionID')
  );
}

class TreeBuilder {
  root: XmlElement | undefined;
  duplicateId = false;
  readonly #text: string;
  readonly #known: KnownFragment | undefined;
  readonly #open: XmlElement[] = [];
  readonly #ids = new Set<string>();
  #elements = 0;

  constructor(text: string, known: KnownFragment | undefined) {
    this.#text = text;
    this.#known = known;
  }

  openTag(tag: SaxesTagNS, positionBehindTag: number, nameAt: number): void {
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw new XmlRefused('too-many-elements');
    if (this.#open.length >= MAX_DEPTH) throw new XmlRefused('too-deep');
    const element = this.#newElement(tag, this.#text.lastIndexOf('<', nameAt - 1));
    element.end = positionBehindTag;
    this.#open.at(-1)?.appendChild(element);
    this.root ??= element;
    this.#open.push(element);
  }

  closeTag(positionBehindTag: number): void {
    const element = this.#open.pop();
    if (element !== undefined) element.end = positionBehindTag;
  }

  addText(data: string): void {
    if (data !== '') this.#open.at(-1)?.appendChild({ nodeType: 3, nodeName: '#text', data });
  }

  #newElement(tag: SaxesTagNS, start: number): XmlElement {
    const known = tag.uri === KNOWN_NAMESPACE ? this.#known : undefined;
    if (known !== undefined) {
      const { namespaceURI, localName } = known;
      const name = { tagName: localName, prefix: '', localName, namespaceURI };
      return new XmlElement(name, [], { text: this.#text, start, known: known.text });
    }
    const attributes: XmlAttribute[] = [];
    for (const name in tag.attributes) {
      const a = tag.attributes[name];
      if (a === undefined) continue;
      const attribute = {
        name: a.name,
        prefix: a.prefix,
        localName: a.local,
        namespaceURI: a.uri,
        value: a.value,
      };
      attributes.push(attribute);
      if (isId(attribute)) this.#noteId(a.value);
    }
    const name = { tagName: tag.name, prefix: tag.prefix, localName: tag.local, namespaceURI: tag.uri };
    return new XmlElement(name, attributes, { text: this.#text, start });
  }

  #noteId(value: string): void {
    if (this.#ids.has(value)) this.duplicateId = true;
    this.#ids.add(value);
  }
}

/**
 * Reads one message strictly: UTF-8, nothing before the declaration (a BOM neither), one root, namespaces resolved, no
 * DTD, no processing instruction (SOAP 1.2 §5 forbids both). Comments are dropped, as exclusive c14n without comments does.
 * `knownIn` may name a fragment of ours in the text.
 *
 * @throws XmlRefused
 */
export function parseXml(bytes: Buffer, knownIn?: (text: string) => KnownFragment | undefined): ReceivedXml {
  if (!isUtf8(bytes)) throw new XmlRefused('not-utf-8');
  const received = bytes.toString('utf8');
  if (received[0] !== '<') throw new XmlRefused('before-declaration');
  const known = knownIn?.(received);
  const text = known === undefined ? received : shorten(received, known.text);
  const parser = new SaxesParser({ xmlns: true, position: false });
  const builder = new TreeBuilder(text, known);
  let nameAt = 0;
  parser.on('xmldecl', (declaration) => {
    if (declaration.encoding !== undefined && declaration.encoding.toLowerCase() !== 'utf-8')
      throw new XmlRefused('not-utf-8');
  });
  parser.on('doctype', () => {
    throw new XmlRefused('dtd');
  });
  parser.on('processinginstruction', () => {
    throw new XmlRefused('processing-instruction');
  });
  parser.on('opentagstart', () => {
    nameAt = parser.position;
  });
  parser.on('opentag', (tag) => builder.openTag(tag, parser.position, nameAt));
  parser.on('closetag', () => builder.closeTag(parser.position));
  parser.on('text', (data) => builder.addText(data));
  parser.on('cdata', (data) => builder.addText(data));
  try {
    // The parser tells of a DTD only at its end; an unfinished one must get the same answer.
    if (/<!DOCTYPE/i.test(text)) throw new XmlRefused('dtd');
    parser.write(text).close();
  } catch (error) {
    throw error instanceof XmlRefused ? error : new XmlRefused('not-well-formed');
  }
  if (builder.root === undefined) throw new XmlRefused('not-well-formed');
  return { root: builder.root, duplicateId: builder.duplicateId };
}

function shorten(received: string, fragment: string): string {
  const at = received.indexOf(fragment);
  return at < 0 ? received : received.slice(0, at) + PLACEHOLDER + received.slice(at + fragment.length);
}

import { isUtf8 } from 'node:buffer';

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
  readonly text: string;
  readonly root: XmlElement;
  /** An Id value that stands twice: the handle of signature wrapping (facts/kps.md §2.6). */
  readonly duplicateId: boolean;
}

/** Deeper than any message of these services (14); a bomb of nested elements ends here. */
const MAX_DEPTH = 40;
/** A list of 100 criteria has about 900 elements. */
const MAX_ELEMENTS = 5_000;

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
  readonly #open: XmlElement[] = [];
  readonly #ids = new Set<string>();
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  openTag(tag: SaxesTagNS, positionBehindTag: number, nameAt: number): void {
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw new XmlRefused('too-many-elements');
    if (this.#open.length >= MAX_DEPTH) throw new XmlRefused('too-deep');
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
    const start = this.#text.lastIndexOf('<', nameAt - 1);
    const name = { tagName: tag.name, prefix: tag.prefix, localName: tag.local, namespaceURI: tag.uri };
    const element = new XmlElement(name, attributes, start);
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

  #noteId(value: string): void {
    if (this.#ids.has(value)) this.duplicateId = true;
    this.#ids.add(value);
  }
}

/**
 * Reads one message strictly: UTF-8, nothing before the declaration (a BOM neither), one root, namespaces resolved, no
 * DTD, no processing instruction (SOAP 1.2 §5 forbids both). Comments are dropped, as exclusive c14n without comments does.
 *
 * @throws XmlRefused
 */
export function parseXml(bytes: Buffer): ReceivedXml {
  if (!isUtf8(bytes)) throw new XmlRefused('not-utf-8');
  const text = bytes.toString('utf8');
  if (text[0] !== '<') throw new XmlRefused('before-declaration');
  const parser = new SaxesParser({ xmlns: true, position: false });
  const builder = new TreeBuilder(text);
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
  return { text, root: builder.root, duplicateId: builder.duplicateId };
}

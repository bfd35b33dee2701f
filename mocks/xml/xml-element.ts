/** One attribute with its namespace resolved; `''` where it has none. Declarations (`xmlns…`) are attributes too. */
export interface XmlAttribute {
  readonly name: string;
  readonly prefix: string;
  readonly localName: string;
  readonly namespaceURI: string;
  readonly value: string;
}

/** Character data with entities already resolved; never empty, since xml-crypto's canonicaliser cannot take that. */
interface XmlText {
  readonly nodeType: 3;
  readonly nodeName: '#text';
  readonly data: string;
}

export type XmlNode = XmlElement | XmlText;

/**
 * An element of a message as it was received. It has just enough of the DOM's shape (names, `nodeType`, `childNodes`)
 * for the exclusive canonicaliser of xml-crypto, and its own text for byte comparison.
 */
export class XmlElement {
  readonly nodeType = 1;
  readonly nodeName: string;
  readonly tagName: string;
  readonly prefix: string;
  readonly localName: string;
  readonly namespaceURI: string;
  readonly attributes: readonly XmlAttribute[];
  readonly childNodes: XmlNode[] = [];
  /** What a known fragment stood for (parse-xml.ts); its children are not in the tree. */
  readonly known: string | undefined;
  readonly #text: string;
  readonly #start: number;
  /** Index just behind the end tag. */
  end = -1;

  constructor(
    name: { tagName: string; prefix: string; localName: string; namespaceURI: string },
    attributes: readonly XmlAttribute[],
    place: { text: string; start: number; known?: string | undefined },
  ) {
    this.nodeName = name.tagName;
    this.tagName = name.tagName;
    this.prefix = name.prefix;
    this.localName = name.localName;
    this.namespaceURI = name.namespaceURI;
    this.attributes = attributes;
    this.#text = place.text;
    this.#start = place.start;
    this.known = place.known;
  }

  /** The element exactly as it was received, from `<` to `>`. */
  received(): string {
    return this.known ?? this.#text.slice(this.#start, this.end);
  }

  appendChild(child: XmlNode): void {
    this.childNodes.push(child);
  }

  /** Present because the canonicaliser recognises a node by it; a received message is never changed. */
  removeChild(): never {
    throw new Error('a received message is read-only');
  }

  is(namespaceURI: string, localName: string): boolean {
    return this.localName === localName && this.namespaceURI === namespaceURI;
  }
}

/** The element children, in order. */
export function elementsOf(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of parent.childNodes) if (child.nodeType === 1) found.push(child);
  return found;
}

/** True where only white space stands between the children: mixed content has no meaning in these messages. */
export function hasOnlyElements(parent: XmlElement): boolean {
  return parent.childNodes.every((child) => child.nodeType === 1 || child.data.trim() === '');
}

/** All direct children of that name. */
export function childrenNamed(parent: XmlElement, namespaceURI: string, localName: string): XmlElement[] {
  return elementsOf(parent).filter((child) => child.is(namespaceURI, localName));
}

/** The text of an element without element children; `undefined` where it has some. */
export function textOf(element: XmlElement): string | undefined {
  let text = '';
  for (const child of element.childNodes) {
    if (child.nodeType === 1) return undefined;
    text += child.data;
  }
  return text;
}

/** The value of an attribute, `undefined` where it is absent. `''` is the namespace of an unprefixed attribute. */
export function attributeOf(
  element: XmlElement,
  namespaceURI: string,
  localName: string,
): string | undefined {
  return element.attributes.find((a) => a.localName === localName && a.namespaceURI === namespaceURI)?.value;
}

import type { SaxesTagNS } from 'saxes';

/** `xml` and `xmlns` are bound everywhere. */
const ALWAYS_BOUND = new Set(['xml', 'xmlns']);

/**
 * Cuts one element out of a document byte for byte while the document is parsed. A declaration that the element uses
 * but has from an ancestor is added to its start tag; nothing else is touched, because the receiver compares or
 * decrypts what it issued (facts/kps.md §1.5).
 */
export class ElementSlice {
  readonly #xml: string;
  readonly #start: number;
  readonly #nameEnd: number;
  /** For each open element inside: the prefixes declared on it. */
  readonly #scopes: Set<string>[] = [];
  readonly #inherited = new Map<string, string>();

  /** `afterStartTag`: the parser's position behind the element's start tag. */
  constructor(xml: string, afterStartTag: number, tag: SaxesTagNS) {
    this.#xml = xml;
    this.#start = startOf(xml, afterStartTag, tag);
    this.#nameEnd = this.#start + 1 + tag.name.length;
  }

  /** To be called for the element itself and for each one inside; `resolve` gives a prefix's namespace here. */
  open(tag: SaxesTagNS, resolve: (prefix: string) => string | undefined): void {
    this.#scopes.push(new Set(Object.keys(tag.ns)));
    this.#use(tag.prefix, resolve);
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix !== '') this.#use(attribute.prefix, resolve);
    }
  }

  /** To be called for each end tag; gives the cut when the element itself is closed, before that null. */
  close(afterEndTag: number): string | null {
    this.#scopes.pop();
    if (this.#scopes.length > 0) return null;
    const whole = this.#xml.slice(this.#start, afterEndTag);
    const at = this.#nameEnd - this.#start;
    return whole.slice(0, at) + this.#declarations() + whole.slice(at);
  }

  #use(prefix: string, resolve: (prefix: string) => string | undefined): void {
    if (ALWAYS_BOUND.has(prefix) || this.#scopes.some((declared) => declared.has(prefix))) return;
    this.#inherited.set(prefix, resolve(prefix) ?? '');
  }

  #declarations(): string {
    let result = '';
    for (const [prefix, uri] of this.#inherited) {
      const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
      result += ` ${name}="${uri.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`;
    }
    return result;
  }
}

/** `<` cannot stand in an attribute value, so the last one followed by the name before the tag's end begins it. */
function startOf(xml: string, afterStartTag: number, tag: SaxesTagNS): number {
  return xml.lastIndexOf(`<${tag.name}`, afterStartTag - 1);
}

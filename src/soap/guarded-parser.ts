import { SaxesParser, type SaxesTagNS } from 'saxes';

/** Answers nest about ten deep and hold some hundred elements, a thousand duties some ten thousand; these bounds stop a bomb early. */
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 20_000;

/** Names that would reach into an object's prototype in any parser that builds plain objects. */
const POISONOUS = new Set(['__proto__', 'constructor', 'prototype']);

export type XmlProblem =
  | 'not-utf8'
  | 'doctype'
  | 'not-well-formed'
  | 'too-deep'
  | 'too-many-elements'
  | 'forbidden-construct'
  | 'not-soap';

/** Thrown inside a guarded parse, by handlers too: it ends there as its problem. */
export class XmlRefused extends Error {
  readonly problem: XmlProblem;
  constructor(problem: XmlProblem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * A parser that refuses what no answer of ours may hold: DOCTYPE (entity bombs, files of the machine), processing
 * instructions, other encodings, depth and number beyond bounds, names and attributes that poison objects, and XML inside
 * CDATA, which the `soap` package would parse once more unguarded. Well-formed to the end with one root, so a
 * cut-off document is found here. Handlers may throw `XmlRefused`, which `runGuarded` turns into its
 * problem. One listener of a kind: `parser.on` replaces the one before.
 */
export function guardedParser(
  onOpen: (tag: SaxesTagNS, depth: number) => void,
  onClose: (tag: SaxesTagNS, depth: number) => void,
): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let depth = 0;
  let elements = 0;
  parser.on('xmldecl', (declaration) => {
    if (declaration.encoding !== undefined && declaration.encoding.toLowerCase() !== 'utf-8')
      throw new XmlRefused('not-utf8');
  });
  parser.on('doctype', () => {
    throw new XmlRefused('doctype');
  });
  parser.on('processinginstruction', () => {
    throw new XmlRefused('forbidden-construct');
  });
  parser.on('cdata', (content) => {
    if (content.includes('<?xml')) throw new XmlRefused('forbidden-construct');
  });
  parser.on('error', () => {
    throw new XmlRefused('not-well-formed');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    elements += 1;
    if (depth > MAX_DEPTH) throw new XmlRefused('too-deep');
    if (elements > MAX_ELEMENTS) throw new XmlRefused('too-many-elements');
    if (POISONOUS.has(tag.local)) throw new XmlRefused('forbidden-construct');
    // `id` and `href` switch on SOAP 1.1 multi-references in the `soap` package: `id="__proto__"` writes to all objects.
    if ('id' in tag.attributes || 'href' in tag.attributes) throw new XmlRefused('forbidden-construct');
    onOpen(tag, depth);
  });
  parser.on('closetag', (tag) => {
    onClose(tag, depth);
    depth -= 1;
  });
  return parser;
}

/** Runs a guarded parse to the document's end; null = fine. */
export function runGuarded(parser: SaxesParser<{ xmlns: true }>, xml: string): XmlProblem | null {
  try {
    parser.write(xml).close();
    return null;
  } catch (error) {
    return error instanceof XmlRefused ? error.problem : 'not-well-formed';
  }
}

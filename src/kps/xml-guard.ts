import { isUtf8 } from 'node:buffer';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { AnswerCut } from './answer-cut.js';
import { NS } from './namespaces.js';
import { parseInstant } from './timestamp.js';

/** Answers of the real service nest about ten deep and hold some hundred elements; these bounds stop a bomb early. */
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 20_000;
/** A header value of ours to compare with; longer ones cannot be equal. */
const MAX_VALUE = 2_048;

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

interface SoapFault {
  /** Local names, without prefix: `Sender`, `InvalidSecurity`. Never the reason text: it may quote what was sent. */
  readonly code: string | null;
  readonly subcodes: readonly string[];
}

/** What a SOAP 1.2 envelope says about itself. */
export interface SoapFacts {
  readonly action: string | null;
  readonly relatesTo: string | null;
  /** `Security/Timestamp/Created` in ms since 1970: the other side's clock. */
  readonly createdMs: number | null;
  /** The one element in Body; null where Body is empty. */
  readonly body: { readonly uri: string; readonly local: string } | null;
  readonly fault: SoapFault | null;
}

export type Inspected =
  | { readonly ok: true; readonly facts: SoapFacts }
  | { readonly ok: false; readonly problem: XmlProblem };

class Refused extends Error {
  readonly problem: XmlProblem;
  constructor(problem: XmlProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** The bytes as text, or null where they are not UTF-8 (the only encoding of this protocol). A leading BOM is dropped. */
export function decodeUtf8(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
}

/**
 * A parser that refuses what no answer of ours may hold: DOCTYPE (entity bombs, files of the machine), processing
 * instructions, other encodings, depth and number beyond bounds, names and attributes that poison objects, and XML inside
 * CDATA, which the `soap` package would parse once more unguarded. Well-formed to the end with one root, so a
 * cut-off document is found here. Handlers may throw nothing but what `guarded` catches.
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
      throw new Refused('not-utf8');
  });
  parser.on('doctype', () => {
    throw new Refused('doctype');
  });
  parser.on('processinginstruction', () => {
    throw new Refused('forbidden-construct');
  });
  parser.on('cdata', (content) => {
    if (content.includes('<?xml')) throw new Refused('forbidden-construct');
  });
  parser.on('error', () => {
    throw new Refused('not-well-formed');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    elements += 1;
    if (depth > MAX_DEPTH) throw new Refused('too-deep');
    if (elements > MAX_ELEMENTS) throw new Refused('too-many-elements');
    if (POISONOUS.has(tag.local)) throw new Refused('forbidden-construct');
    // `id` and `href` switch on SOAP 1.1 multi-references in the `soap` package: `id="__proto__"` writes to all objects.
    if ('id' in tag.attributes || 'href' in tag.attributes) throw new Refused('forbidden-construct');
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
    return error instanceof Refused ? error.problem : 'not-well-formed';
  }
}

interface Draft {
  action: string | null;
  relatesTo: string | null;
  created: string | null;
  body: { uri: string; local: string } | null;
  bodies: number;
  codes: string[];
}

/**
 * Reads an answer once, before anything else parses it, and says what its SOAP header and Body hold. Size is bounded
 * by the transport. Nothing of the content is in the result but addressing values and fault codes. `cut` is told of
 * each tag, to leave out what nobody is to see.
 */
export function inspectSoap(xml: string, cut: AnswerCut | null = null): Inspected {
  const draft: Draft = { action: null, relatesTo: null, created: null, body: null, bodies: 0, codes: [] };
  const path: string[] = [];
  let collected = '';
  let want: string | null = null;
  const parser = guardedParser(
    (tag, depth) => {
      cut?.open(tag.local, depth, parser.position);
      want = null;
      // Below Body's child only a fault is of interest: the rest of an answer costs no more than being well formed.
      if (depth > 3 && path[1] !== HEADER && path[2] !== FAULT) return;
      path.length = depth - 1;
      path.push(`${tag.uri} ${tag.local}`);
      if (depth <= 3) checkFrame(draft, path, tag);
      want = wanted(path);
      collected = '';
    },
    (_tag, depth) => {
      cut?.close(depth, parser.position);
      if (want === null) return;
      keep(draft, want, collected.trim());
      want = null;
    },
  );
  parser.on('text', (content) => {
    if (want === null) return;
    collected += content;
    if (collected.length > MAX_VALUE) want = null;
  });
  const problem = runGuarded(parser, xml);
  if (problem !== null) return { ok: false, problem };
  if (draft.bodies !== 1) return { ok: false, problem: 'not-soap' };
  return { ok: true, facts: factsOf(draft) };
}

const ENVELOPE = `${NS.soap12} Envelope`;
const HEADER = `${NS.soap12} Header`;
const BODY = `${NS.soap12} Body`;
const FAULT = `${NS.soap12} Fault`;
const VALUE = `${NS.soap12} Value`;

function checkFrame(draft: Draft, path: readonly string[], tag: SaxesTagNS): void {
  if (path.length === 1 && path[0] !== ENVELOPE) throw new Refused('not-soap');
  if (path.length === 2 && path[1] === BODY) draft.bodies += 1;
  if (path.length !== 3 || path[1] !== BODY) return;
  if (draft.body !== null) throw new Refused('not-soap');
  draft.body = { uri: tag.uri, local: tag.local };
}

function wanted(path: readonly string[]): string | null {
  const last = path[path.length - 1];
  if (path[1] === HEADER) {
    if (path.length === 3 && last === `${NS.addressing} Action`) return 'action';
    if (path.length === 3 && last === `${NS.addressing} RelatesTo`) return 'relatesTo';
    if (path.length === 5 && last === `${NS.utility} Created` && path[2] === `${NS.security} Security`)
      return 'created';
    return null;
  }
  return path[1] === BODY && path[2] === FAULT && last === VALUE ? 'code' : null;
}

function keep(draft: Draft, name: string, value: string): void {
  if (name === 'code') {
    draft.codes.push(value.slice(value.indexOf(':') + 1));
    return;
  }
  const key = name as 'action' | 'relatesTo' | 'created';
  // A second header of the same name would let two readers see two values.
  if (draft[key] !== null) throw new Refused('not-soap');
  draft[key] = value;
}

function factsOf(draft: Draft): SoapFacts {
  const isFault = draft.body?.local === 'Fault' && draft.body.uri === NS.soap12;
  return {
    action: draft.action,
    relatesTo: draft.relatesTo,
    createdMs: draft.created === null ? null : parseInstant(draft.created),
    body: draft.body,
    fault: isFault ? { code: draft.codes[0] ?? null, subcodes: draft.codes.slice(1) } : null,
  };
}

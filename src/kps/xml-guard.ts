import type { SaxesTagNS } from 'saxes';
import { guardedParser, runGuarded, type XmlProblem, XmlRefused } from '../soap/guarded-parser.js';
import type { AnswerCut } from './answer-cut.js';
import { NS } from './namespaces.js';
import { parseInstant } from './timestamp.js';

/** A header value of ours to compare with; longer ones cannot be equal. */
const MAX_VALUE = 2_048;

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
  if (path.length === 1 && path[0] !== ENVELOPE) throw new XmlRefused('not-soap');
  if (path.length === 2 && path[1] === BODY) draft.bodies += 1;
  if (path.length !== 3 || path[1] !== BODY) return;
  if (draft.body !== null) throw new XmlRefused('not-soap');
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
  if (draft[key] !== null) throw new XmlRefused('not-soap');
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

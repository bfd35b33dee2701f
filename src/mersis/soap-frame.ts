import type { SaxesTagNS } from 'saxes';
import { guardedParser, runGuarded, XmlRefused } from '../soap/guarded-parser.js';

const SOAP_1_1 = 'http://schemas.xmlsoap.org/soap/envelope/';
const MERSIS_NAMESPACE = 'urn:koopbis:mersis:1';

/** The longest text that the contract has is a title; `soap` would take a longer one in pieces, and of a day the last piece only. */
const MAX_TEXT = 2_000;

/** `answer`: nothing stands in Body but the element asked for, and `soap` will read it as it is written. */
export type SoapFrame = 'answer' | 'other-element' | 'client-fault' | 'server-fault' | 'unreadable';

interface Open {
  readonly name: string;
  hasText: boolean;
  hasChildren: boolean;
}

interface Draft {
  readonly open: Open[];
  bodies: number;
  body: string | null;
  text: string;
  faultCode: string | null;
}

/**
 * Reads a SOAP 1.1 answer once, before `soap` does, and says what it is. Beside what no answer may hold, it refuses what `soap`
 * silently reads as something else: namespaces (it looks at local names), attributes (`nil` drops an end of a term, `type`
 * switches the schema), text beside elements (the elements vanish), CDATA and comments inside text (the last piece of a day wins).
 */
export function readFrame(xml: string, element: string): SoapFrame {
  const draft: Draft = { open: [], bodies: 0, body: null, text: '', faultCode: null };
  const parser = guardedParser(
    (tag) => opened(draft, tag),
    () => closed(draft),
  );
  const isInside = (): boolean => draft.open.length > 0;
  parser.on('text', (content) => {
    draft.text += content;
    if (draft.text.length > MAX_TEXT) refuse();
    const top = draft.open.at(-1);
    if (top !== undefined && content.trim() !== '') top.hasText = true;
  });
  parser.on('cdata', () => refuse());
  parser.on('comment', () => {
    if (isInside()) refuse();
  });
  if (runGuarded(parser, xml) !== null || draft.bodies !== 1 || draft.body === null) return 'unreadable';
  if (draft.body === `${SOAP_1_1} Fault`) {
    // SOAP 1.1 §4.4.1: `Client.Authentication` is a `Client`.
    const code = draft.faultCode?.slice(draft.faultCode.indexOf(':') + 1).split('.', 1)[0];
    return code === 'Client' ? 'client-fault' : 'server-fault';
  }
  return draft.body === `${MERSIS_NAMESPACE} ${element}` ? 'answer' : 'other-element';
}

function opened(draft: Draft, tag: SaxesTagNS): void {
  const { open } = draft;
  const name = `${tag.uri} ${tag.local}`;
  const parent = open.at(-1);
  if (parent !== undefined) parent.hasChildren = true;
  if (parent?.hasText) refuse();
  if (open.length === 0 && name !== `${SOAP_1_1} Envelope`) refuse();
  if (open.length === 1 && name === `${SOAP_1_1} Body`) draft.bodies += 1;
  const isInBody = open[1]?.name === `${SOAP_1_1} Body`;
  if (open.length === 2 && isInBody) {
    if (draft.body !== null) refuse();
    draft.body = name;
  }
  if (isInBody && draft.body !== `${SOAP_1_1} Fault`) requirePlain(tag);
  open.push({ name, hasText: false, hasChildren: false });
  draft.text = '';
}

function closed(draft: Draft): void {
  const top = draft.open.pop();
  if (top?.hasText && top.hasChildren) refuse();
  if (top?.name === ' faultcode' && draft.body === `${SOAP_1_1} Fault` && draft.open.length === 3)
    draft.faultCode ??= draft.text.trim();
  draft.text = '';
}

/** An element of the contract: of its namespace, without attributes but declarations of namespaces. */
function requirePlain({ uri, attributes }: SaxesTagNS): void {
  if (uri !== MERSIS_NAMESPACE) refuse();
  const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');
  if (!Object.keys(attributes).every(isDeclaration)) refuse();
}

function refuse(): never {
  throw new XmlRefused('forbidden-construct');
}

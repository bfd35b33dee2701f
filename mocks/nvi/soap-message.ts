import { attributeOf, elementsOf, hasOnlyElements, textOf, type XmlElement } from '../xml/xml-element.js';
import { SOAP12, SORGULAYAN, WSA, WSSE } from './namespaces.js';
import {
  addressingHeaderRequired,
  invalidAddressingHeader,
  invalidSecurity,
  malformedEnvelope,
  mustUnderstand,
  Refused,
  versionMismatch,
} from './soap-fault.js';

/** A SOAP 1.2 message whose frame is in order: exactly one of each addressing header, one Security, one body element. */
export interface SoapMessage {
  readonly action: string;
  readonly messageId: string;
  readonly to: string;
  readonly security: XmlElement;
  readonly body: XmlElement;
}

/** Longer than any URI or identifier that is meant; what is longer is not recorded whole. */
const MAX_HEADER_TEXT = 300;
const MESSAGE_ID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Header and Body of an envelope without judging them; `undefined` where they are not there. */
export function lookAtEnvelope(root: XmlElement): {
  header: XmlElement | undefined;
  body: XmlElement | undefined;
} {
  const children = elementsOf(root);
  return {
    header: children.find((child) => child.is(SOAP12, 'Header')),
    body: children.find((child) => child.is(SOAP12, 'Body')),
  };
}

/** What the witness notes of a message's head, in order or not. */
export function lookAtHeader(header: XmlElement | undefined): {
  action: string;
  messageId?: string;
  sorgulayan?: string;
} {
  const found: { action: string; messageId?: string; sorgulayan?: string } = { action: '' };
  if (header === undefined) return found;
  for (const child of elementsOf(header)) {
    if (child.is(WSA, 'Action')) found.action = short(child);
    else if (child.is(WSA, 'MessageID')) found.messageId = short(child);
    else if (child.is(SORGULAYAN, 'Sorgulayan')) found.sorgulayan = short(child);
  }
  return found;
}

/**
 * The frame of a request, judged: SOAP 1.2, Header then Body and nothing else, Action, MessageID and To once each, no
 * header that must be understood and is not known.
 *
 * @throws Refused
 */
export function readSoapMessage(root: XmlElement): SoapMessage {
  if (root.localName !== 'Envelope') throw new Refused('not-an-envelope', malformedEnvelope);
  if (root.namespaceURI !== SOAP12) throw new Refused('not-soap-1.2', versionMismatch);
  const [header, body, ...rest] = elementsOf(root);
  if (header === undefined || body === undefined || rest.length > 0 || !hasOnlyElements(root)) {
    throw new Refused('envelope-parts', malformedEnvelope);
  }
  if (!header.is(SOAP12, 'Header') || !body.is(SOAP12, 'Body'))
    throw new Refused('envelope-parts', malformedEnvelope);
  const headers = elementsOf(header);
  refuseUnknownMandatory(headers);
  const action = addressing(headers, 'Action', true);
  const to = addressing(headers, 'To', true);
  const messageId = addressing(headers, 'MessageID', false);
  if (!MESSAGE_ID.test(messageId)) throw new Refused('message-id-not-a-uuid', invalidAddressingHeader);
  return { action, messageId, to, security: oneSecurity(headers), body };
}

function addressing(headers: readonly XmlElement[], name: string, mandatory: boolean): string {
  const [element, ...more] = headers.filter((header) => header.is(WSA, name));
  if (element === undefined) throw new Refused(`${name}-missing`, addressingHeaderRequired);
  if (more.length > 0) throw new Refused(`${name}-twice`, invalidAddressingHeader);
  if (mandatory && !mustBeUnderstood(element))
    throw new Refused(`${name}-without-mustUnderstand`, invalidAddressingHeader);
  const text = textOf(element)?.trim();
  if (!text) throw new Refused(`${name}-empty`, invalidAddressingHeader);
  return text;
}

function oneSecurity(headers: readonly XmlElement[]): XmlElement {
  const [security, ...more] = headers.filter((header) => header.is(WSSE, 'Security'));
  if (security === undefined) throw new Refused('security-missing', invalidSecurity);
  if (more.length > 0) throw new Refused('security-twice', invalidSecurity);
  if (!mustBeUnderstood(security)) throw new Refused('security-without-mustUnderstand', invalidSecurity);
  return security;
}

const ADDRESSING_HEADERS = new Set(['Action', 'To', 'MessageID', 'ReplyTo', 'From', 'FaultTo', 'RelatesTo']);

function refuseUnknownMandatory(headers: readonly XmlElement[]): void {
  for (const header of headers) {
    const known =
      header.is(WSSE, 'Security') ||
      header.is(SORGULAYAN, 'Sorgulayan') ||
      (header.namespaceURI === WSA && ADDRESSING_HEADERS.has(header.localName));
    if (!known && mustBeUnderstood(header)) throw new Refused('header-not-understood', mustUnderstand);
  }
}

function mustBeUnderstood(header: XmlElement): boolean {
  const value = attributeOf(header, SOAP12, 'mustUnderstand')?.trim();
  return value === '1' || value === 'true';
}

function short(element: XmlElement): string {
  return (textOf(element) ?? '').trim().slice(0, MAX_HEADER_TEXT);
}

import { methodNotAllowed, unsupportedMediaType } from '../http/html-pages.js';
import type { HttpReply } from '../http/http-reply.js';
import type { SystemRequest } from '../http/national-system.js';
import { parseXml, XmlRefused } from '../xml/parse-xml.js';
import { attributeOf, elementsOf, hasOnlyElements, textOf, type XmlElement } from '../xml/xml-element.js';
import { mediaTypeIs } from './media-type.js';
import {
  lookOf,
  type Question,
  questionOf,
  type ReadQuestion,
  SORGULA_MERSIS_NO,
  SORGULA_VERGI_NO,
} from './question.js';
import { Refused } from './refused.js';
import { type Wire, wireXml } from './wire.js';

const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const MERSIS = 'urn:koopbis:mersis:1';

/**
 * The question in a SOAP 1.1 request, as `wsdl/mersis.wsdl` has it and nothing beside: document/literal, the operation
 * of SOAPAction, exactly its one number.
 */
export function readSoapQuestion(request: SystemRequest): ReadQuestion {
  const root = readXml(request);
  const body = root instanceof Refused ? undefined : elementsOf(root).find((one) => one.localName === 'Body');
  const operation = body === undefined ? undefined : elementsOf(body)[0];
  const parameter = operation === undefined ? undefined : elementsOf(operation)[0];
  const look = lookOf(operation?.localName, parameter && textOf(parameter)?.trim());
  try {
    if (request.method !== 'POST') throw new Refused('method', methodNotAllowed);
    if (!mediaTypeIs(request.contentType, 'text/xml'))
      throw new Refused('content-type', unsupportedMediaType('text/xml'));
    if (root instanceof Refused) throw root;
    const element = onlyOperation(root);
    requireAction(request.headers.soapaction, element);
    return { look, question: question(element) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { look, question: error };
  }
}

/** An answer to a question: HTTP 200, with exactly the response element of its operation. */
export function soapAnswer({ action }: Question, answer: Wire): HttpReply {
  const content = `<${action}Response xmlns="${MERSIS}"><Cevap>${wireXml(answer)}</Cevap></${action}Response>`;
  return envelope(200, content);
}

function readXml(request: SystemRequest): XmlElement | Refused {
  try {
    return parseXml(request.body).root;
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return new Refused(`xml-${error.problem}`, fault('Client'));
  }
}

/** The one element of the Body (SOAP 1.1 §4). */
function onlyOperation(root: XmlElement): XmlElement {
  if (root.localName !== 'Envelope') throw new Refused('not-an-envelope', fault('Client'));
  if (root.namespaceURI !== SOAP11) throw new Refused('not-soap-1.1', fault('VersionMismatch'));
  const [first, ...rest] = elementsOf(root);
  const header = first?.is(SOAP11, 'Header') ? first : undefined;
  const [body, ...more] = header === undefined ? [first, ...rest] : rest;
  if (!body?.is(SOAP11, 'Body') || more.length > 0 || !hasOnlyElements(root))
    throw new Refused('envelope-parts', fault('Client'));
  const mandatory = elementsOf(header ?? body).some(
    (one) => attributeOf(one, SOAP11, 'mustUnderstand') === '1',
  );
  if (header !== undefined && mandatory) throw new Refused('header-not-understood', fault('MustUnderstand'));
  const [operation, ...others] = elementsOf(body);
  if (operation === undefined || others.length > 0 || !hasOnlyElements(body))
    throw new Refused('body-parts', fault('Client'));
  return operation;
}

/** SOAP 1.1 §6.1.1: always there, in quotation marks; here it must name the element that stands in the Body. */
function requireAction(header: string | string[] | undefined, operation: XmlElement): void {
  if (header === undefined) throw new Refused('soap-action-missing', fault('Client'));
  if (header !== `"${MERSIS}/${operation.localName}"`) throw new Refused('soap-action', fault('Client'));
}

function question(operation: XmlElement): Question {
  const { localName: action, namespaceURI } = operation;
  if (namespaceURI !== MERSIS || (action !== SORGULA_MERSIS_NO && action !== SORGULA_VERGI_NO))
    throw new Refused('operation', fault('Client'));
  const name = action === SORGULA_MERSIS_NO ? 'MersisNo' : 'VergiNo';
  const [parameter, ...more] = elementsOf(operation);
  if (!parameter?.is(MERSIS, name) || more.length > 0 || !hasOnlyElements(operation))
    throw new Refused('elements', fault('Client'));
  if (!isPlain(operation) || !isPlain(parameter)) throw new Refused('attributes', fault('Client'));
  const asked = questionOf(action, textOf(parameter) ?? '');
  if (asked === null) throw new Refused('number', fault('Client'));
  return asked;
}

/** No attribute but declarations: the schema has none, and `xsi:nil` or `xsi:type` would say something else. */
function isPlain({ attributes }: XmlElement): boolean {
  return attributes.every(({ name, prefix }) => name === 'xmlns' || prefix === 'xmlns');
}

/** SOAP 1.1 §4.4, §6.2: HTTP 500, and as little as the caller's mistake needs. */
function fault(code: 'Client' | 'VersionMismatch' | 'MustUnderstand'): HttpReply {
  const content = `<s:Fault><faultcode>s:${code}</faultcode><faultstring>The request could not be processed.</faultstring></s:Fault>`;
  return envelope(500, content);
}

function envelope(status: number, content: string): HttpReply {
  return {
    status,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP11}"><s:Body>${content}</s:Body></s:Envelope>`,
  };
}

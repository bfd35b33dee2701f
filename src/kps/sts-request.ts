import { addressingHeaders, addressingTemplate, sorgulayanHeader } from './addressing.js';
import { ISSUE_ACTION, NS, PASSWORD_TEXT, SAML_1_1 } from './namespaces.js';
import { timestampXml } from './timestamp.js';
import { element, fragment, text, type Xml } from './xml-writer.js';

export interface StsRequest {
  /** UUID of this message. */
  readonly messageId: string;
  readonly stsUrl: string;
  /** The routing URL for which the token is wanted: the STS encrypts for that party. */
  readonly appliesTo: string;
  readonly userName: string;
  readonly password: string;
  readonly sorgulayan: string | null;
  readonly nowMs: number;
  readonly timestampLifetimeS: number;
}

/**
 * The RequestSecurityToken message (facts/kps.md §1.3, §1.4). No Entropy: a client that sends it gets a computed key
 * instead of the whole one. The text holds the password: it goes to the transport and nowhere else.
 * Throws `WRONG_USE` where a value cannot be carried in XML.
 */
export function stsRequest(request: StsRequest): string {
  const addressing = addressingTemplate(ISSUE_ACTION, request.stsUrl);
  const sorgulayan = request.sorgulayan === null ? null : sorgulayanHeader(request.sorgulayan);
  const envelope = element(
    's:Envelope',
    { 'xmlns:s': NS.soap12 },
    element('s:Header', {}, addressingHeaders(addressing, request.messageId, sorgulayan), security(request)),
    element('s:Body', {}, securityTokenRequest(request.appliesTo)),
  );
  return `<?xml version="1.0" encoding="utf-8"?>${envelope}`;
}

function security(request: StsRequest): Xml {
  const userToken = element(
    'o:UsernameToken',
    { 'xmlns:u': NS.utility, 'u:Id': 'user' },
    element('o:Username', {}, text(request.userName)),
    element('o:Password', { Type: PASSWORD_TEXT }, text(request.password)),
  );
  return element(
    'o:Security',
    { 'xmlns:o': NS.security, 's:mustUnderstand': '1' },
    fragment(timestampXml(request.nowMs, request.timestampLifetimeS), userToken),
  );
}

function securityTokenRequest(appliesTo: string): Xml {
  const address = element('a:Address', {}, text(appliesTo));
  return element(
    'trust:RequestSecurityToken',
    { 'xmlns:trust': NS.trust },
    element(
      'wsp:AppliesTo',
      { 'xmlns:wsp': NS.policy },
      element('a:EndpointReference', { 'xmlns:a': NS.addressing }, address),
    ),
    element('trust:KeyType', {}, text(`${NS.trust}/SymmetricKey`)),
    element('trust:RequestType', {}, text(`${NS.trust}/Issue`)),
    element('trust:TokenType', {}, text(SAML_1_1)),
  );
}
